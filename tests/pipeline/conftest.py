"""Small real videos."""

from pathlib import Path

import av
import numpy as np
import pytest


def write_clip(path: Path, shift: int = 0, frames: int = 40) -> Path:
    """A bright bar that moves two columns a frame over 32x24 pixels, 100 frames/s."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=100, options={"crf": "1"})
        stream.width, stream.height, stream.pix_fmt = 32, 24, "yuv420p"
        for i in range(frames):
            picture = np.full((24, 32, 3), 40, np.uint8)
            x = (2 * i + shift) % 28
            picture[:, x : x + 4] = 220
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return path


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("clips")
    return [write_clip(folder / f"clip{i}.mp4", 5 * i) for i in range(3)]


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "broken.mp4"
    path.write_text("this is no video")
    return path
