"""A small real dataset of videos: two classes, two splits, one bad file."""

from pathlib import Path

import av
import numpy as np
import pytest

from eventsim.camera import choose_camera
from eventsim.pipeline.corpus import gather, with_ids
from eventsim.pipeline.run import run
from eventsim.pipeline.video_plan import plan_videos


def write_clip(path: Path, shift: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=100, options={"crf": "1"})
        stream.width, stream.height, stream.pix_fmt = 32, 24, "yuv420p"
        for i in range(20):
            picture = np.full((24, 32, 3), 40, np.uint8)
            x = (2 * i + shift) % 28
            picture[:, x : x + 4] = 220
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Read only."""
    home = tmp_path_factory.mktemp("corpus")
    for k, name in enumerate(("train/walk/a", "train/run|x/b", "test/walk/c")):
        write_clip(home / f"in/{name}.mp4", 5 * k)
    (home / "in/train/walk/bad.mp4").write_text("no video")
    camera = choose_camera("ideal", "v2e-noisy", {"leak_rate_hz": 3})
    inputs, _ = gather([home / "in"])
    run(plan_videos(with_ids(inputs), camera, seed=7), home / "out.zarr", threads=1)
    return home
