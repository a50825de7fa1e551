"""Films, written and read back."""

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.events import Events, SensorSize
from eventsim.frames import Encoding, Frame
from eventsim.view.film import slow_for, write_film
from eventsim.view.page import Layout
from eventsim.view.windows import ViewOptions


class Brightening:
    """Ten frames, 10 ms apart, each 25 brighter than the one before it."""

    size = SensorSize(64, 48)
    encoding = Encoding()
    expected_frames = 10
    lost_frames = 0
    notes: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Frame]:
        return (Frame(10_000 * i, np.full((48, 64), 25 * i, np.uint8)) for i in range(10))


def steady(n: int = 1000) -> Events:
    """An event every 100 us, 0.1 s in all."""
    i = np.arange(n)
    return Events.of(i * 100, i % 64, i % 48, i % 2 == 0, size=(64, 48))


def read(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def test_a_film_has_a_picture_for_each_step_and_tells_its_progress(tmp_path: Path):
    calls: list[tuple[int, int]] = []
    path = tmp_path / "a.mp4"
    notes = write_film(path, steady(), slow=1, fps=50, progress=lambda *call: calls.append(call))
    assert len(read(path)) == 5  # 0.1 s at 50 a second
    assert calls == [(i, 5) for i in range(1, 6)]
    assert notes == []


def test_slow_playback_makes_more_pictures(tmp_path: Path):
    write_film(tmp_path / "a.mp4", steady(), fps=50, slow=4)
    assert len(read(tmp_path / "a.mp4")) == 20


def test_the_source_is_shown_on_the_left(tmp_path: Path):
    path = tmp_path / "a.mp4"
    write_film(path, steady(), slow=1, source=Brightening(), fps=50)
    pages = read(path)
    assert pages[0].shape[1] > 1.9 * 640  # two panels of 640 px
    levels = [int(page[300, 100, 0]) for page in pages]
    # Windows end at 20, 40, 60, 80, 99.9 ms.
    assert levels == pytest.approx([50, 100, 150, 200, 225], abs=4)


def test_a_fixed_count_gives_its_number_of_pictures(tmp_path: Path):
    write_film(tmp_path / "a.mp4", steady(), options=ViewOptions(count=300))
    assert len(read(tmp_path / "a.mp4")) == 4


def test_gif_is_smaller_than_mp4(tmp_path: Path):
    write_film(tmp_path / "a.gif", steady(), slow=1, fps=20)
    write_film(tmp_path / "a.mp4", steady(), slow=1, fps=20)
    assert read(tmp_path / "a.gif")[0].shape[1] < 0.6 * read(tmp_path / "a.mp4")[0].shape[1]


def test_no_events_make_a_film_of_one_picture(tmp_path: Path):
    write_film(tmp_path / "a.mp4", Events.empty((64, 48)))
    assert len(read(tmp_path / "a.mp4")) == 1


def test_events_between_short_windows_are_said_to_be_left_out(tmp_path: Path):
    notes = write_film(
        tmp_path / "a.mp4", steady(), slow=1, fps=50, options=ViewOptions(window_us=5000)
    )
    assert len(notes) == 1
    assert "25% of the time: a window of 5 ms every 20 ms" in notes[0]


def test_fading_leaves_no_event_out(tmp_path: Path):
    options = ViewOptions(window_us=5000, decay_us=20_000)
    assert write_film(tmp_path / "a.mp4", steady(), slow=1, fps=50, options=options) == []


@pytest.mark.parametrize(("fps", "slow"), [(0, 1), (30, -1), (float("inf"), 1), (30, float("nan"))])
def test_speed_must_be_positive(tmp_path: Path, fps: float, slow: float):
    with pytest.raises(ConfigError, match="must be a number above 0"):
        write_film(tmp_path / "a.mp4", steady(), fps=fps, slow=slow)


def test_a_count_cannot_be_slowed_down(tmp_path: Path):
    with pytest.raises(ConfigError, match="no even time to slow down"):
        write_film(tmp_path / "a.mp4", steady(), slow=2, options=ViewOptions(count=100))


def test_a_long_gif_is_refused_before_anything_is_drawn(tmp_path: Path):
    with pytest.raises(ConfigError, match="would have 999"):
        write_film(tmp_path / "a.gif", steady(), fps=100, slow=100)


@pytest.mark.parametrize(
    ("seconds", "slow"),
    [(5, 1), (3, 1), (2.9, 2), (1, 3), (0.7, 5), (0.3, 10), (0.1, 30), (0.01, 300)],
)
def test_short_recordings_are_slowed_to_three_seconds(seconds, slow):
    assert slow_for((0, round(seconds * 1e6))) == slow


def test_a_short_film_takes_three_seconds_and_says_why(tmp_path: Path):
    notes = write_film(tmp_path / "a.mp4", steady(), fps=10)
    assert len(read(tmp_path / "a.mp4")) == 30
    assert notes == ["It plays 30 times slower than real: in real time 0.1 s long."]


def lonely(size, seed=0):
    """Ten windows of 33 ms in which single events stand far apart, and their polarity."""
    rng = np.random.default_rng(seed)
    across, down = np.meshgrid(np.arange(4, size[0] - 4, 8), np.arange(4, size[1] - 4, 8))
    cells = np.stack([across.ravel(), down.ravel()], 1)
    columns = []
    for k in range(10):
        x, y = (cells[rng.permutation(len(cells))[:300]] + rng.integers(0, 6, (300, 2))).T
        t = np.sort(rng.integers(k * 33_334 + 10, (k + 1) * 33_333 - 10, 300))
        columns.append((t, x, y, rng.random(300) < 0.5))
    return Events.of(*map(np.concatenate, zip(*columns, strict=True)), size=size)


@pytest.mark.parametrize("size", [(640, 480), (346, 260)])
def test_single_events_keep_their_hue(tmp_path: Path, size):
    """Decoded again, ON is redder than blue and OFF bluer than red, and by far enough to see."""
    events = lonely(size)
    write_film(tmp_path / "a.mp4", events, slow=1)
    layout = Layout.of(events.size, two=False, gif=False)
    left, top, scale = layout.panel_left[0], layout.panel_top, layout.panel[0] / size[0]
    margins = []
    for k, page in enumerate(read(tmp_path / "a.mp4")):
        shown = events.window(round(k * 1e6 / 30) + int(events.t[0]),
                              round((k + 1) * 1e6 / 30) + int(events.t[0]))  # fmt: skip
        x, y = (
            (left + (shown.x + 0.5) * scale).astype(int),
            (top + (shown.y + 0.5) * scale).astype(int),
        )
        redder = page[y, x, 0].astype(int) - page[y, x, 2]
        margins.append(np.where(shown.p, redder, -redder))
    survived = np.concatenate(margins) >= 20
    assert len(survived) > 2000
    assert survived.mean() > 0.95
