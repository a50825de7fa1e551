"""Filters at work: the order of events, and what is saved."""

import numpy as np
import pytest

from eventsim.denoise.baf import BAF
from eventsim.denoise.filter import Denoiser, check_count, check_number
from eventsim.errors import ConfigError


def test_events_of_one_microsecond_are_judged_in_raster_order(stream):
    pair = stream((5, 3, 3, 1), (5, 4, 3, 1))
    for events in (pair, stream((5, 4, 3, 1), (5, 3, 3, 1))):
        # The first of them has no neighbor yet; the second has one of the same time.
        assert Denoiser(BAF(0), (12, 9)).keep(events).tolist() == [False, True]
    one_by_one = Denoiser(BAF(0), (12, 9))
    assert [bool(one_by_one.keep(pair[k : k + 1])[0]) for k in (0, 1)] == [False, True]


def test_a_call_gives_the_events_of_a_packet(noise):
    denoiser = Denoiser(BAF(), noise.size)
    half = len(noise) // 2
    kept = [denoiser(noise[:half]), denoiser(noise[half:])]
    assert sum(map(len, kept)) == len(BAF()(noise))


def test_what_is_saved_is_a_copy(noise):
    denoiser = Denoiser(BAF(), noise.size)
    denoiser.keep(noise[:100])
    saved = denoiser.saved()
    before = {name: array.copy() for name, array in saved.items()}
    denoiser.keep(noise[100:])
    other = Denoiser(BAF(), noise.size)
    other.restore(saved)
    other.keep(noise[100:])
    assert all(np.array_equal(saved[name], before[name]) for name in before)


def test_what_is_saved_fits_the_filter_and_the_size(noise):
    saved = Denoiser(BAF(), (9, 9)).saved()
    with pytest.raises(ConfigError, match="does not fit BAF on a 9x8 sensor"):
        Denoiser(BAF(), (9, 8)).restore(saved)


def test_settings_are_checked():
    check_number("window_us", 1.5, 1, 2)
    with pytest.raises(ConfigError, match=r"window_us must be in \[1, 2\], found nan"):
        check_number("window_us", float("nan"), 1, 2)
    check_count("neighbors", 3, 1, 8)
    with pytest.raises(ConfigError, match="neighbors must be a whole number, found 2"):
        check_count("neighbors", 2.5, 1, 8)
