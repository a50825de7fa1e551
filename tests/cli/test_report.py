import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from eventsim.cli.report import Meter, counted, expected_events, from_here, show_summary, worker_mb
from eventsim.events import SensorSize
from eventsim.pipeline.estimate import Estimate
from eventsim.pipeline.meter import HowFar
from eventsim.pixel.models import make_settings
from eventsim.sensors.cards import load_card
from eventsim.store.summary import EventsSummary

SUMMARY = EventsSummary(
    recordings=3,
    frames=100,
    events=1_000_000,
    on=600_000,
    kinds={"signal": 900_000, "shot": 100_000, "leak": 0, "hot": 0},
    duration_us=4_000_000,
    pixel_seconds=500_000.0,
    bytes=3_000_000,
    failures=(("bad[1].mp4", "no [b]video[/b]"),),
    notes=(("a.mp4", "cut"), ("b.mp4", "cut"), ("b.mp4", "two were lost")),
    partial=1,
)


def shown(summary: EventsSummary, frames: int, seconds: float) -> tuple[str, str]:
    out, errors = io.StringIO(), io.StringIO()
    show_summary(
        Console(file=out, soft_wrap=True),
        Console(file=errors, soft_wrap=True),
        summary,
        Path("o.zarr"),
        frames,
        seconds,
    )
    return out.getvalue(), errors.getvalue()


def test_summary_by_hand():
    """4 s of recordings in 2 s; 1e6 events over 5e5 pixel seconds; 3 MB for 1e6 events."""
    out, errors = shown(SUMMARY, 100, 2.0)
    assert "1,000,000, 60% ON, 2.00 per pixel per second" in out
    assert "signal 90.0%, shot 10.0%\n" in out
    assert "3.00 bytes per event" in out
    assert "50 frames/s in 2.0 s, 2.00 times real time" in out
    assert "a.mp4 and 1 more: cut" in out
    assert "b.mp4: two were lost" in out
    assert "1 recording lost frames" in out
    assert errors == "eventsim: failed: bad[1].mp4: no [b]video[/b]\n"


def test_most_events_noise_is_warned_of():
    """At half it is not; the setting that makes most of the noise is named."""
    out, _ = shown(replace(SUMMARY, kinds={"signal": 50, "shot": 30, "leak": 20}), 100, 2.0)
    assert "are noise" not in out
    out, _ = shown(replace(SUMMARY, kinds={"signal": 49, "shot": 10, "hot": 41}), 100, 2.0)
    assert "51% of the events are noise, most of it hot" in out
    assert "--set hot_pixel_fraction=0 or --noise v2e-clean" in out
    assert make_settings({**load_card("davis346").physics, "hot_pixel_fraction": 0})


def test_resumed_run_counts_only_its_own_frames():
    """Half of the frames in the same time is half the speed."""
    assert "25 frames/s in 2.0 s, 1.00 times real time" in shown(SUMMARY, 50, 2.0)[0]


def test_an_input_that_failed_after_some_frames():
    """Frames were counted on the way, but none is in the dataset."""
    summary = replace(SUMMARY, recordings=0, frames=0, events=0, on=0, duration_us=0)
    assert "speed" not in shown(summary, 12, 1.0)[0]


def test_nothing_converted():
    empty = EventsSummary(0, 0, 0, 0, {}, 0, 0.0, 10, (), (), 0)
    out, _ = shown(empty, 0, 1.0)
    assert "0 recordings" in out
    assert "kinds" not in out


def test_plain_lines_where_there_is_no_terminal(monkeypatch):
    out = io.StringIO()
    monkeypatch.setattr("eventsim.cli.report.LINE_EVERY_S", 0.0)
    with Meter(Console(file=out, soft_wrap=True)) as meter:
        meter.update(HowFar(10, 40, 2_500_000, "clips/a.mp4"))
    assert out.getvalue().startswith("at      frame 10 of 40, ")
    assert "clips/a.mp4" in out.getvalue()
    assert "input" not in out.getvalue()
    with Meter(Console(file=out, soft_wrap=True)) as meter:
        meter.update(HowFar(10, None, 5, "a.mp4", 4, 13))
    assert "at      input 4/13, frame 10, " in out.getvalue()


def test_the_bar_counts_inputs_where_one_does_not_say_how_long_it_is():
    out = io.StringIO()
    with Meter(Console(file=out, force_terminal=True, width=100)) as meter:
        meter.update(HowFar(10, None, 5, "a.mp4", 4, 13))
        task = meter._bar.tasks[0]
        assert (task.completed, task.total) == (3, 13)
        meter.update(HowFar(10, 40, 5, "a.mp4", 4, 13))
        assert (task.completed, task.total) == (10, 40)
    assert "input 4/13, a.mp4" in out.getvalue()


@pytest.mark.parametrize(
    ("estimate", "words"),
    [
        (Estimate(2_500_000), "about 2.5 M events (7.5 MB on disk), within a factor of three"),
        (Estimate(0), "about 0 events (0.0 MB on disk), within"),
        (
            Estimate(40_000_000, 2, 9_000.0),
            "about 40.0 M events (120 MB on disk) and 9.0 k events per second of 2 inputs that do "
            "not say how long they are, within",
        ),
        (Estimate(0, 1, 7.2), "about 7 events per second of 1 input that does not say how long"),
    ],
)
def test_what_is_expected(estimate, words):
    assert expected_events(estimate).startswith(words)


def test_bar_on_a_terminal():
    out = io.StringIO()
    with Meter(Console(file=out, force_terminal=True, width=100)) as meter:
        meter.update(HowFar(10, 40, 2_500_000, "clips/a[1].mp4"))
    assert "a[1].mp4" in out.getvalue()


@pytest.mark.parametrize(("n", "text"), [(1, "1 part"), (0, "0 parts"), (2000, "2,000 parts")])
def test_counted(n, text):
    assert counted(n, "part") == text


def test_sources_are_named_as_they_are_found_from_here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert from_here("a.mp4", Path("o.zarr")) == "a.mp4"
    assert from_here("../in/a.mp4", Path("out/o.zarr")) == str(Path("in/a.mp4"))
    assert from_here("a.mp4", tmp_path.parent / "o.zarr") == str(tmp_path.parent / "a.mp4")


def test_memory_of_a_worker_follows_the_largest_sensor():
    """At 1280x720, 525 MB were measured, and at 64x48 255."""
    assert worker_mb([]) == 250
    assert worker_mb([SensorSize(64, 48)]) == pytest.approx(255, rel=0.05)
    assert worker_mb([SensorSize(2, 2), SensorSize(1280, 720)]) == pytest.approx(525, rel=0.05)
