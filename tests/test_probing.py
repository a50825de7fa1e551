"""What a look into pixels shows: the equations of the book, and the events of `simulate`."""

import numpy as np
import pytest

import eventsim
from eventsim.errors import ConfigError, SourceError
from eventsim.pixel.circuit import shot_noise_rate_hz
from eventsim.probing import MOST_PIXELS

RNG = np.random.default_rng(3)
FRAMES = RNG.integers(20, 250, (12, 10, 14), dtype=np.uint8)
T_US = np.arange(12) * 8000
PIXELS = [(0, 0), (13, 9), (5, 2)]


@pytest.mark.parametrize("sensor", ["ideal", "davis346", "davis240"])
def test_its_events_are_those_of_simulate(sensor):
    seen = eventsim.probe((FRAMES, T_US), PIXELS, sensor=sensor, seed=4)
    events = eventsim.simulate((FRAMES, T_US), sensor=sensor, seed=4)
    assert sum(map(len, seen.events)) > 50
    for (x, y), own in zip(PIXELS, seen.events, strict=True):
        assert own == events[(events.x == x) & (events.y == y)]
    assert seen.t_us.tolist() == T_US.tolist()
    light = np.log(eventsim.Encoding().luminance(FRAMES))
    for k, (x, y) in enumerate(PIXELS):
        bright = light[:, y, x] > np.log(20)  # below, the response is linear
        assert seen.log[bright, k] == pytest.approx(light[bright, y, x], abs=1e-5)


def test_the_reference_moves_by_a_threshold_an_event():
    seen = eventsim.probe((FRAMES, T_US), PIXELS, sensor="ideal", contrast_threshold_on=0.3)
    assert np.all(seen.on_log == pytest.approx(0.3))
    assert np.all(seen.off_log == pytest.approx(0.2))
    assert np.array_equal(seen.photoreceptor, seen.log)
    for k, events in enumerate(seen.events):
        moved = np.where(events.p, 0.3, -0.2)
        for f, t_us in enumerate(T_US):
            expected = seen.log[0, k] + moved[events.t <= t_us].sum()
            assert seen.reference[f, k] == pytest.approx(expected, abs=1e-5)
    away = seen.photoreceptor - seen.reference
    assert np.all((away < 0.3 + 1e-5) & (away > -0.2 - 1e-5))


def test_the_photoreceptor_lags_by_its_time_constant():
    """A step, and then still light: what is left falls by ``exp(-t / tau)``, tau of v2e's law."""
    frames = np.array([60, 60, 120, 120, 120], np.float32)[:, None, None] * np.ones(
        (1, 1), np.float32
    )
    t_us = np.array([0, 999, 1000, 3000, 6000])
    seen = eventsim.probe(
        (frames, t_us), [(0, 0)], sensor="ideal", encoding="linear", photoreceptor_cutoff_hz=100,
        contrast_threshold_on=5,
    )  # fmt: skip
    lag = (seen.log - seen.photoreceptor)[2:, 0]
    tau_us = 1e6 * 275 / (2 * np.pi * 100 * 140)
    assert lag[0] == pytest.approx(np.log(2), rel=0.01)
    assert lag[1] / lag[0] == pytest.approx(np.exp(-2000 / tau_us), rel=1e-4)
    assert lag[2] / lag[1] == pytest.approx(np.exp(-3000 / tau_us), rel=1e-4)


def test_rates_of_noise_and_a_reference_that_leaks():
    still = np.full((6, 3, 4), 90, np.float32), np.arange(6) * 2_000_000
    seen = eventsim.probe(
        still, [(1, 1)], sensor="ideal", encoding="linear", leak_rate_hz=0.02, shot_noise_rate_hz=4
    )
    assert seen.shot_hz == pytest.approx(shot_noise_rate_hz(90, 4), rel=1e-4)
    assert seen.leak_hz == pytest.approx(0.02, rel=1e-4)
    leaks = seen.events[0][seen.events[0].kind == eventsim.Kind.LEAK]
    assert len(leaks) == 0 or leaks.p.all()
    slope = np.diff(seen.reference[:, 0])
    quiet = np.array(
        [not ((leaks.t > a) & (leaks.t <= a + 2_000_000)).any() for a in still[1][:-1]]
    )
    assert slope[quiet] == pytest.approx(-0.02 * 0.2 * 2, rel=1e-3)  # ln in two seconds


def test_of_the_linear_model_too():
    seen = eventsim.probe((FRAMES, T_US), PIXELS, sensor="ideal", model="linear")
    other = eventsim.probe((FRAMES, T_US), PIXELS, sensor="ideal")
    for name in ("log", "photoreceptor", "reference", "on_log", "off_log", "shot_hz", "leak_hz"):
        assert getattr(seen, name) == pytest.approx(getattr(other, name), abs=1e-5)


def test_stages_count():
    seen = eventsim.probe(
        (FRAMES, T_US), [(1, 1)], sensor="ideal", flicker_hz=100, flicker_depth=0.1
    )
    assert len(seen.t_us) > 100


def test_it_draws_itself():
    assert len(eventsim.probe((FRAMES, T_US), PIXELS).plot().axes) == 3


@pytest.mark.parametrize(
    ("pixels", "words"),
    [
        ([(14, 0)], "must be on the sensor, which is 14x10, found column 14 and row 0"),
        ([(0, -1)], "found column 0 and row -1"),
        ([], "found 0"),
        ([(0, 0)] * (MOST_PIXELS + 1), "1 to 1000 pixels"),
    ],
)
def test_pixels_that_are_not_there(pixels, words):
    with pytest.raises(ConfigError, match=words):
        eventsim.probe((FRAMES, T_US), pixels)


def test_without_a_frame():
    with pytest.raises((ConfigError, SourceError)):
        eventsim.probe(iter(()), [(0, 0)])
