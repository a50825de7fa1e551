"""Windows of videos on the fly: each a function of (seed, epoch, index)."""

import av
import cv2
import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader

import eventsim
from eventsim.camera import choose_camera
from eventsim.errors import ConfigError, SourceError
from eventsim.pipeline.inputs import Input
from eventsim.representations import EventFrames
from eventsim.training import VideoEvents
from eventsim.training.epochs import sample_seed
from eventsim.transforms import Flip

torch.set_num_threads(1)
SIZE, RATE_HZ, FRAMES = (24, 16), 50, 60


def write_video(path, level):
    """A bright bar that moves a pixel per frame: its place tells the time."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=RATE_HZ)
        stream.width, stream.height = SIZE
        stream.pix_fmt = "gray"
        for k in range(FRAMES):
            picture = np.full(SIZE[::-1], 40, np.uint8)
            picture[:, k % SIZE[0]] = level
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="gray")))
        container.mux(stream.encode())


@pytest.fixture(scope="module")
def videos(tmp_path_factory):
    root = tmp_path_factory.mktemp("videos")
    for label, level in (("bright", 220), ("dim", 80)):
        (root / label).mkdir()
        write_video(root / label / f"{label}.mkv", level)
    return root


def test_classes_are_the_folders(videos):
    data = VideoEvents(videos, size="source")
    assert len(data) == 2
    assert data.classes == ("bright", "dim")
    assert repr(data) == "VideoEvents(2 videos, 0.5 s of each)"
    assert [data[i][1] for i in range(2)] == [0, 1]


def test_a_sample_is_what_simulate_gives_of_its_window(videos):
    path = videos / "bright" / "bright.mkv"
    given = Input(str(path), start_s=0.2, stop_s=0.9)
    events, label = VideoEvents([given], window_s=0.5, size="source", noise="v2e-clean", seed=4)[0]
    assert label == -1
    t0 = int(np.ceil(events.t[0] / 20_000) - 1) * 20_000  # the frame before the first event
    assert 200_000 <= t0 <= 400_000
    expected = eventsim.simulate(
        path, size="source", noise="v2e-clean", start_s=t0 / 1e6, stop_s=t0 / 1e6 + 0.6,
        seed=sample_seed(4, 0, 0),
    )  # fmt: skip
    assert events == expected.window(t0, t0 + 500_000)
    assert events.t[-1] > t0 + 450_000


def test_every_epoch_has_another_window_and_another_sensor(videos):
    data = VideoEvents([videos / "bright" / "bright.mkv"], window_s=0.2, size="source", seed=1)
    firsts = []
    for epoch in range(15):
        data.set_epoch(epoch)
        firsts.append(data[0][0].t[0] / 1e6)
    assert len(set(firsts)) > 8
    assert min(firsts) < 0.4
    assert max(firsts) > 0.6
    assert max(firsts) < 1.2 - 0.2 + 0.04
    data.set_epoch(3)
    again = VideoEvents([videos / "bright" / "bright.mkv"], window_s=0.2, size="source", seed=1)
    again.set_epoch(3)
    assert again[0][0] == data[0][0]


def test_a_sensor_that_is_drawn_is_another_one_in_each_epoch(videos):
    """What a sample draws is that of its seed."""
    spread = {"contrast_threshold_on": "uniform(0.1, 0.9)"}
    how = {"size": "source", "sensor": "ideal", "window_s": 0.8, "seed": 2}
    data = VideoEvents(videos, settings=spread, **how)
    drawn = set()
    for epoch in range(3):
        values = choose_camera("ideal", overrides=spread).drawn_values(sample_seed(2, epoch, 0))
        drawn.add(values["contrast_threshold_on"])
        alone = VideoEvents(videos, settings=values, **how)
        for one in (data, alone):
            one.set_epoch(epoch)
        assert len(data[0][0]) > 50
        assert data[0][0] == alone[0][0]
    assert len(drawn) == 3


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded, use of fork")
@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_the_same_for_any_number_of_workers(videos, start):
    data = VideoEvents(
        videos, window_s=0.2, size="source", transform=Flip(), to=EventFrames(bins=4), seed=2
    )
    loader = DataLoader(data, num_workers=2, multiprocessing_context=start, persistent_workers=True)
    for epoch in (0, 1):
        data.set_epoch(epoch)
        alone = torch.stack([data[i][0] for i in range(2)])
        assert torch.equal(torch.cat([frames for frames, _ in loader]), alone)
        assert alone.sum() > 0


def test_a_table_with_splits_and_a_short_video(videos, tmp_path):
    table = tmp_path / "clips.csv"
    rows = [f"{videos}/bright/bright.mkv,a,train", f"{videos}/dim/dim.mkv,b,test"]
    table.write_text("path,label,split\n" + "\n".join(rows) + "\n")
    data = VideoEvents(table, split="test", window_s=5.0, size="source", noise="v2e-clean")
    assert (len(data), data.classes) == (1, ("b",))
    events, _ = data[0]  # longer than the video: all of it
    assert events == eventsim.simulate(
        videos / "dim" / "dim.mkv", size="source", noise="v2e-clean", seed=sample_seed(0, 0, 0)
    )


def test_a_folder_of_frames_is_a_video(tmp_path):
    for k in range(30):
        picture = np.full(SIZE[::-1], 40, np.uint8)
        picture[:, k % SIZE[0]] = 200
        cv2.imwrite(str(tmp_path / f"{k:03d}.png"), picture)
    data = VideoEvents([tmp_path], window_s=0.2, size="source", noise="v2e-clean", fps=50)
    firsts = []
    for epoch in range(6):
        data.set_epoch(epoch)
        firsts.append(int(data[0][0].t[0]))
    assert len(set(firsts)) > 2
    assert max(firsts) < 400_000 + 20_000
    with pytest.raises(ConfigError, match="fps"):
        VideoEvents([tmp_path])[0]


def test_what_is_not_there_is_refused(videos, tmp_path):
    with pytest.raises(ConfigError, match="no video has the split 'val'"):
        VideoEvents(videos, split="val")
    with pytest.raises(ConfigError, match="there is no video"):
        VideoEvents([])
    with pytest.raises(ConfigError, match="window_s"):
        VideoEvents(videos, window_s=0)
    with pytest.raises(SourceError, match="there is nothing"):
        VideoEvents(tmp_path / "none")
    with pytest.raises(SourceError, match="does not exist"):
        VideoEvents([tmp_path / "none.mp4"])[0]
    with pytest.raises(IndexError, match="there are 2"):
        VideoEvents(videos)[2]
