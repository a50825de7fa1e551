"""Stills: what they choose to show, and that they are written."""

import tracemalloc
from pathlib import Path

import imageio.v3 as iio
import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.events import Events, SensorSize
from eventsim.view import picture
from eventsim.view.picture import busiest_window, thin, write_picture, write_scatter
from eventsim.view.windows import ViewOptions, count_rates


def steady(n: int = 1000) -> Events:
    """An event every 100 us on 64x48 pixels, all four kinds."""
    i = np.arange(n)
    return Events.of(i * 100, i % 64, i % 48, i % 2 == 0, i % 4, size=(64, 48))


def burst() -> Events:
    """100 events over 0.1 s, and 100 more in the millisecond from 70 ms on."""
    t = np.sort(np.concatenate([np.arange(100) * 1000, 70_000 + np.arange(100) * 10]))
    return Events.of(t, t % 64, t % 48, t % 2 == 0, size=(64, 48))


def has(path: Path, color: tuple[int, int, int]) -> bool:
    """Whether the color is on a good part of the picture."""
    return bool((iio.imread(path)[..., :3] == color).all(axis=2).mean() > 1e-4)


@pytest.mark.parametrize("limit", [1, 10, 333, 1000, 5000])
def test_thinning_takes_every_nth_event_across_pieces(limit: int, monkeypatch):
    monkeypatch.setattr(picture, "POINT_LIMIT", limit)
    monkeypatch.setattr("eventsim.view.windows.READ_US", 777)
    events = steady()
    points, stride = thin(events, (0, 99_901), len(events))
    assert stride == -(-1000 // limit)
    assert points == events[::stride]
    assert len(points) <= limit


class Endless:
    """An event every 3 us, made when asked for: 100 s of them are 467 MB."""

    size = SensorSize(64, 48)

    def window(self, t0_us: int, t1_us: int) -> Events:
        t = np.arange(t0_us, t1_us - 1, 3)
        zeros = np.zeros(len(t), np.uint16)
        return Events(t, zeros, zeros, zeros > 0, zeros.astype(np.uint8), self.size)


def test_thinning_keeps_only_what_it_takes():
    tracemalloc.start()
    points, stride = thin(Endless(), (0, 100_000_000), 33_334_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert stride == 334
    assert len(points) <= picture.POINT_LIMIT
    assert peak < 20e6  # a piece and the points; with the pieces it would be 467 MB


def test_the_busiest_window_holds_the_burst():
    events = burst()
    rates = count_rates(events, span=(0, 99_001), bins=99)
    window = busiest_window(events, rates, ViewOptions(window_us=4000))
    assert window.t1_us - window.t0_us == 4000
    assert window.t0_us <= 70_000 < 71_000 <= window.t1_us
    assert len(window.events) == 104


def test_the_busiest_window_by_count_begins_with_the_burst():
    events = burst()
    rates = count_rates(events, span=(0, 100_000), bins=100)
    window = busiest_window(events, rates, ViewOptions(count=50))
    assert window.t0_us == 70_000
    assert len(window.events) == 50


def test_the_busiest_window_stays_inside_the_recording():
    events = steady(10)
    rates = count_rates(events, span=(0, 901), bins=3)
    window = busiest_window(events, rates, ViewOptions(window_us=50_000))
    assert (window.t0_us, window.t1_us) == (0, 901)


@pytest.mark.parametrize("write", [write_picture, write_scatter])
@pytest.mark.parametrize(
    ("background", "on", "off"),
    [("white", (213, 94, 0), (0, 114, 178)), ("black", (230, 159, 0), (86, 180, 233))],
)
def test_both_polarities_are_on_the_picture(tmp_path: Path, write, background, on, off):
    path = tmp_path / "deep" / "a.png"
    assert write(path, steady(), options=ViewOptions(background=background, saturation=1)) == []
    assert has(path, on)
    assert has(path, off)


@pytest.mark.parametrize("write", [write_picture, write_scatter])
def test_the_same_events_give_the_same_file(tmp_path: Path, write):
    write(tmp_path / "a.png", steady())
    write(tmp_path / "b.png", steady())
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


@pytest.mark.parametrize("write", [write_picture, write_scatter])
def test_no_events_make_a_picture(tmp_path: Path, write):
    write(tmp_path / "a.png", Events.empty((34, 34)))
    assert iio.imread(tmp_path / "a.png").shape[2] == 4


def test_left_out_points_are_said(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(picture, "POINT_LIMIT", 400)
    notes = write_scatter(tmp_path / "a.png", steady())
    assert notes == ["The scatter shows every 3rd event: 334 points."]


@pytest.mark.parametrize("write", [write_picture, write_scatter])
def test_other_endings_are_refused(tmp_path: Path, write):
    with pytest.raises(ConfigError, match=r"must end in \.png, found .*a\.jpg"):
        write(tmp_path / "a.jpg", steady())


def test_a_path_that_cannot_be_written_is_one_line(tmp_path: Path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(ConfigError, match="could not be written") as caught:
        write_scatter(tmp_path / "file" / "a.png", steady())
    assert "\n" not in str(caught.value)
