"""The drive of a pixel by hand, and that it goes on where it stopped."""

import numpy as np
import pytest

from eventsim.packets.compiled import kernel
from eventsim.pixel import layout as at
from eventsim.pixel.circuit import drive_of, lag_of
from eventsim.pixel.drive import commit, drive_at_end, keep_drive, load_drive, renew_epoch
from eventsim.pixel.physics import make_physics
from eventsim.pixel.settings import PixelSettings

f32 = np.float32
I = 7  # noqa: E741 - a pixel
HALF_US = np.int64(500_000)
UNFILTERED = make_physics(PixelSettings(leak_rate_hz=1), 1)
FILTERED = make_physics(PixelSettings(leak_rate_hz=1, photoreceptor_cutoff_hz=30), 1)


@kernel
def loaded(state, scratch, i, from_s, dt_us, physics):
    return load_drive(state, scratch, i, from_s, dt_us, physics)


@kernel
def at_end(state, scratch, i, from_s, dt_us):
    return drive_at_end(state, scratch, i, from_s, dt_us, UNFILTERED)


@kernel
def kept(state, i, from_s, start, leak_s):
    keep_drive(state, i, from_s, start, leak_s, UNFILTERED)


def block(**rows):
    state = np.zeros(at.ROWS * at.BLOCK, f32)
    for name, value in rows.items():
        state[getattr(at, name) + I] = value
    return state


def test_by_hand():
    """L from 3 to 3.5, R = 2.9, a leak of 0.2 ln/s since 2 s and for 0.5 s; and at 70 DN and 30 Hz
    tau is 275 / (2 pi 30 90) = 16.2 ms."""
    state = block(LOG=3, LUMINANCE=60, LAG=-0.1, REFERENCE=2.9, LEAK=0.2)
    scratch = block(LOG=3.5, LUMINANCE=80)
    found = loaded(state, scratch, I, f32(2), HALF_US, FILTERED)
    x = 0.5 / (275 / (2 * np.pi * 30 * 90))
    assert found == pytest.approx((3 - 2.9 + 0.4, 0.5, 0.1, -0.1, x), abs=1e-5)
    end = at_end(state, scratch, I, f32(2), HALF_US)
    assert end == pytest.approx(3.5 - 2.9 + 0.5, abs=1e-6)
    assert loaded(state, scratch, I, f32(2), HALF_US, UNFILTERED)[4] == 0


def test_the_end_of_an_interval_is_where_the_next_starts():
    """Bit for bit without a photoreceptor, whatever the numbers."""
    rng = np.random.default_rng(0)
    for _ in range(200):
        state = block(LOG=rng.uniform(0, 6), REFERENCE=rng.uniform(0, 6), LEAK=rng.uniform(0, 1))
        scratch = block(LOG=rng.uniform(0, 6))
        from_s = f32(rng.uniform(0, 8))
        end = at_end(state, scratch, I, from_s, HALF_US)
        commit(state, scratch, at.BLOCK, UNFILTERED)
        start, *_ = loaded(state, scratch, I, from_s + f32(0.5), HALF_US, UNFILTERED)
        assert start == end


def test_on_the_way_the_drive_ends_where_it_should():
    state = block(LOG=4, LUMINANCE=50, LAG=0.2, REFERENCE=3.8, LEAK=0.3)
    scratch = block(LOG=3.7, LUMINANCE=40)
    start, rise, drift, lag0, x = loaded(state, scratch, I, f32(1), HALF_US, FILTERED)
    lag = lag_of(lag0, rise, x, f32(1))
    end = drive_of(start, rise, drift, f32(1), lag)
    assert end == pytest.approx(at_end(state, scratch, I, f32(1), HALF_US) + lag, abs=1e-6)


def test_kept_it_is_loaded_again():
    state = block(LOG=4, REFERENCE=3.8, LEAK=0.3)
    kept(state, I, f32(1.5), f32(0.123), f32(0.7))
    start, _, drift, _, _ = loaded(state, state, I, f32(1.5), HALF_US, UNFILTERED)
    assert start == pytest.approx(0.123, abs=1e-6)
    assert drift == pytest.approx(0.35)


def test_a_new_epoch_changes_no_drive():
    state = block(LOG=4, REFERENCE=3.8, LEAK=0.3)
    before = at_end(state, state, I, f32(8), HALF_US)
    renew_epoch(state, at.BLOCK, f32(8), UNFILTERED)
    assert at_end(state, state, I, f32(0), HALF_US) == pytest.approx(before, abs=1e-6)
