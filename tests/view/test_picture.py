"""Stills: what they choose to show, and that they are written."""

from pathlib import Path

import imageio.v3 as iio
import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.sources.arrays import ArraySource
from eventsim.view.accumulate import PALETTES
from eventsim.view.picture import busiest_window, write_panel, write_picture, write_scatter
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
    monkeypatch.setattr("eventsim.view.points.POINT_LIMIT", 400)
    notes = write_scatter(tmp_path / "a.png", steady())
    # 250 of 1,000 events are signal; of 750 others every fifth fits into the 150 that are left.
    assert notes == ["The scatter shows every signal event and every 5th noise event: 400 points."]


@pytest.mark.parametrize("suffix", [".png", ".pdf", ".svg"])
@pytest.mark.parametrize("panel", ["events", "scatter", "rate"])
def test_a_panel_alone(tmp_path: Path, suffix, panel):
    path = tmp_path / f"a{suffix}"
    assert write_panel(path, steady(), panel, options=ViewOptions(saturation=1)) == []
    assert path.read_bytes()[:4] in (b"\x89PNG", b"%PDF", b"<?xm")
    if suffix == ".png":
        image = iio.imread(path)[..., :3]
        assert image.shape[1] == 660
        assert (image[-2, :6] == 255).all() or panel == "events"  # a white page
        assert panel != "events" or image.shape[0] == 495  # as the sensor, 64x48


def test_a_frame_alone_needs_a_source(tmp_path: Path):
    with pytest.raises(ConfigError, match="frame needs the source"):
        write_panel(tmp_path / "a.png", steady(), "frame")
    source = ArraySource(np.full((2, 48, 64), 77, np.uint8), [0, 50_000])
    write_panel(tmp_path / "a.png", steady(), "frame", source=source)
    assert (iio.imread(tmp_path / "a.png")[100, 100, :3] == 77).all()
    with pytest.raises(ConfigError, match="one of events, frame, scatter, rate, found 'all'"):
        write_panel(tmp_path / "a.png", steady(), "all")


def test_by_kind_on_the_page(tmp_path: Path):
    write_picture(tmp_path / "a.png", steady(), options=ViewOptions(color="kind", saturation=1))
    for color in PALETTES["white"].kinds:
        assert has(tmp_path / "a.png", color)


@pytest.mark.parametrize("write", [write_picture, write_scatter])
def test_other_endings_are_refused(tmp_path: Path, write):
    with pytest.raises(ConfigError, match=r"must end in \.png, \.pdf, \.svg, found .*a\.jpg"):
        write(tmp_path / "a.jpg", steady())


def test_a_path_that_cannot_be_written_is_one_line(tmp_path: Path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(ConfigError, match="could not be written") as caught:
        write_scatter(tmp_path / "file" / "a.png", steady())
    assert "\n" not in str(caught.value)
