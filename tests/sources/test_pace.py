import numpy as np
import pytest

from eventsim.sources.pace import pace_note


@pytest.mark.parametrize(
    ("step_us", "words"),
    [
        (500_000, "2 frames/s: what moves"),
        (33, "30,303 frames/s: are the times in milliseconds"),
        (200_000, None),  # 5 frames/s
        (33_333, None),
        (50, None),  # 20,000 frames/s
    ],
)
def test_by_hand(step_us, words):
    note = pace_note(np.arange(10) * step_us)
    assert note is None if words is None else words in note


def test_a_single_pause_is_no_slow_pace():
    assert pace_note(np.array([0, 40_000, 80_000, 60_000_000])) is None


@pytest.mark.parametrize("t_us", [[], [5]])
def test_nothing_to_say(t_us):
    assert pace_note(np.array(t_us, np.int64)) is None
