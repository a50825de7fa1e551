"""Light of a room: held against measurements, against the formulas, and against v2e's laws."""

import numpy as np
import pytest

import eventsim
from eventsim.camera import choose_camera
from eventsim.pixel.illuminance import (
    CARD_LUX,
    CUTOFF_HZ_PER_LUX,
    HALF_LUX,
    VEIL_DN,
    in_light,
    leak_rate_hz,
)
from eventsim.pixel.models import make_settings
from eventsim.pixel.settings import PixelSettings

SIZE = (160, 120)


def still(level, seconds, **settings):
    frames = np.full((2, SIZE[1], SIZE[0]), level, np.float32)
    t_us = np.array([0, round(seconds * 1e6)])
    return eventsim.simulate((frames, t_us), encoding="linear", **settings)


def rates(events, seconds):
    """ON and OFF events per pixel and second."""
    pixels = SIZE[0] * SIZE[1] * seconds
    return events.p.sum() / pixels, (~events.p).sum() / pixels


@pytest.mark.parametrize(
    ("lux", "on_hz", "off_hz"),
    [
        (0.1, (4.6, 5.7), (4.2, 5.4)),
        (161, (0.09, 0.12), (0, 0.01)),
        (3000, (0.15, 0.20), (0, 0.001)),
    ],
)
def test_noise_of_a_davis_is_that_which_was_measured(lux, on_hz, off_hz):
    """Joubert et al.: 5.64 ON and 4.25 OFF, 0.104 and about 0, 0.172 and 0 per pixel and second."""
    seconds = 2.0 if lux < 1 else 20.0
    events = still(255, seconds, sensor="davis346", illuminance_lux=lux)
    on, off = rates(events, seconds)
    assert on_hz[0] <= on <= on_hz[1]
    assert off_hz[0] <= off <= off_hz[1]


@pytest.mark.parametrize("level", [0, 40, 255, 2000])
@pytest.mark.parametrize("lux", [0.3, 20.0])
def test_shot_noise_is_by_the_light_of_the_pixel(level, lux):
    nominal = 0.5
    e = lux * (level + VEIL_DN) / 255
    rate_hz = nominal * (CARD_LUX + HALF_LUX) / (e + HALF_LUX)
    seconds = min(20.0, 20_000 / (SIZE[0] * SIZE[1] * rate_hz))
    events = still(level, seconds, sensor="ideal", shot_noise_rate_hz=nominal, illuminance_lux=lux)
    expected = rate_hz * seconds * SIZE[0] * SIZE[1]
    assert len(events) == pytest.approx(expected, abs=4 * expected**0.5)


@pytest.mark.parametrize("lux", [0.5, 30.0, 3000.0])
def test_a_photoreceptor_is_as_fast_as_its_light_up_to_its_limit(lux):
    """The time constant, read off the constants of the kernels."""
    limit_hz = 300.0
    constants = in_light(PixelSettings(photoreceptor_cutoff_hz=limit_hz, illuminance_lux=lux))
    for dn in (0.0, 60.0, 255.0, 900.0):
        light = 2 * dn + constants.light_offset_dn
        fall = 1 + constants.bandwidth_fall_per_dn * light
        cutoff_hz = constants.bandwidth_per_dn_us * light / fall * 1e6 / (2 * np.pi)
        by_light = CUTOFF_HZ_PER_LUX * (lux * (dn + VEIL_DN) / 255 + 1)
        assert cutoff_hz == pytest.approx(1 / (1 / by_light + 1 / limit_hz), rel=1e-6)


def test_a_step_of_light_comes_late_in_the_dark():
    """The first event of a step comes after ``tau ln(1 / (1 - theta / step))``."""
    frames = np.array([[[60.0]], [[60.0]], [[120.0]], [[120.0]]], np.float32)
    t_us = np.array([0, 1000, 1001, 2_000_000])
    for lux in (1.0, 100.0):
        events = eventsim.simulate(
            (frames, t_us), sensor="ideal", encoding="linear", photoreceptor_cutoff_hz=300.0,
            illuminance_lux=lux,
        )  # fmt: skip
        by_light = CUTOFF_HZ_PER_LUX * (lux * (120 + VEIL_DN) / 255 + 1)
        tau_us = 1e6 / (2 * np.pi / (1 / by_light + 1 / 300))
        late_us = -tau_us * np.log(1 - 0.2 / np.log(2))
        assert events.t[0] - 1001 == pytest.approx(late_us, rel=0.001, abs=1)


def test_leakage_rises_with_light():
    settings = [
        make_settings({"leak_rate_hz": 0.05, "illuminance_lux": lux}) for lux in (0, 161, 3000)
    ]
    as_said, at_card, bright = (leak_rate_hz(s) for s in settings)
    assert as_said == at_card == pytest.approx(0.05)
    assert bright / at_card == pytest.approx(0.120 / 0.049, rel=0.01)


def test_at_the_light_of_the_cards_white_is_as_the_card_says():
    card = choose_camera("davis346").settings
    lit = in_light(card.model_copy(update={"illuminance_lux": CARD_LUX}))
    s = 2 * 255
    rate_hz = 1e6 * lit.shot_per_us / (1 + lit.shot_fall_per_dn * s)
    assert rate_hz == pytest.approx(card.shot_noise_rate_hz, rel=0.02)


def test_what_a_sensor_does_not_have_light_does_not_give_it():
    moving = np.random.default_rng(1).integers(20, 250, (6, 8, 9), np.uint8), np.arange(6) * 9000
    dark, none = (eventsim.simulate(moving, sensor="ideal", illuminance_lux=e) for e in (0.1, 0))
    assert dark == none
