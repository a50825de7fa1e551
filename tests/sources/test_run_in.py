"""What a camera saw before leaves its traces, and no events."""

import numpy as np
import pytest

import eventsim
from eventsim.errors import ConfigError
from eventsim.frames import Encoding, Frame, Outline
from eventsim.sources.run_in import RunIn
from eventsim.store.verify import verify

FRAMES = np.array([4.0, 4.3, 4.1, 4.5, 4.9]).reshape(-1, 1, 1).astype(np.float32)
T_US = np.arange(5) * 1000


def test_the_outline_says_so():
    before = Outline((1, 1), Encoding(), 5, 0, 4000)
    assert RunIn(0.002).outline(before).run_in_us == 2000
    frames = [Frame(0, FRAMES[0]), Frame(10, FRAMES[1])]
    assert list(RunIn(1).frames(frames, [])) == frames


def test_a_reference_that_is_not_at_rest():
    """Up 0.3 in the first interval: an ON event leaves the reference 0.2 above the start.

    Then down 0.2: none. From there to 4.5 and 4.9, with a reference of 4.2: events at 4.4, 4.6
    and 4.8. A pixel at rest at 4.1 fires at 4.3, 4.5, 4.7 and 4.9.
    """
    how = {"sensor": "ideal", "encoding": "log"}
    whole = eventsim.simulate((FRAMES, T_US), **how)
    begun = eventsim.simulate((FRAMES, T_US), run_in_s=0.002, **how)
    assert begun == whole[whole.t > 2000]
    assert begun.t.tolist() == [2750, 3250, 3750]
    rest = eventsim.simulate((FRAMES[2:], T_US[2:]), **how)
    assert rest.t.tolist() == [2500, 3000, 3500, 4000]


def test_a_run_in_is_of_the_video_before_slow_motion():
    how = {"sensor": "ideal", "encoding": "log"}
    slow = eventsim.simulate((FRAMES, T_US * 10), slow_motion=10, run_in_s=0.02, **how)
    assert slow == eventsim.simulate((FRAMES, T_US), run_in_s=0.002, **how)


@pytest.mark.parametrize("seconds", [-1, float("nan"), 1e7])
def test_limits(seconds):
    with pytest.raises(ConfigError, match="run_in_s must be from 0"):
        RunIn(seconds)


def test_a_dataset_begins_where_the_recording_does(tmp_path):
    import av

    from eventsim.cli.main import main

    rng = np.random.default_rng(0)
    with av.open(str(tmp_path / "a.mp4"), "w") as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 32, 24, "yuv420p"
        for k in range(10):
            image = np.full((24, 32, 3), 40, np.uint8)
            image[:, 2 * k : 2 * k + 6] = rng.integers(150, 250)
            for p in stream.encode(av.VideoFrame.from_ndarray(image)):
                container.mux(p)
        for p in stream.encode():
            container.mux(p)
    command = ["convert", str(tmp_path / "a.mp4"), str(tmp_path / "a.zarr"), "--size", "source"]
    assert main([*command, "--run-in", "0.13", "--quiet"]) == 0
    (recording,) = eventsim.open_dataset(tmp_path / "a.zarr")
    assert recording.frame_t_us.tolist() == [160_000, 200_000, 240_000, 280_000, 320_000, 360_000]
    assert recording.start_us == 160_000
    assert recording.events.t.min() > 160_000
    assert recording.duration_us == 200_000
    assert verify(tmp_path / "a.zarr").problems == ()
    again = eventsim.simulate(tmp_path / "a.mp4", size="source", run_in_s=0.13,
                              seed=recording.seed)  # fmt: skip
    assert again == recording.events
