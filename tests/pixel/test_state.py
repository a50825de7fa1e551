"""How a sensor begins: thresholds, rates, phases, hot pixels, and what is kept of them."""

import numpy as np
import pytest
from scipy.stats import kstest

from eventsim import SensorSize, random
from eventsim.errors import ConfigError
from eventsim.pixel import layout as at
from eventsim.pixel.models import make_settings
from eventsim.pixel.settings import MIN_CONTRAST_THRESHOLD_LOG, PixelSettings
from eventsim.pixel.state import SPARSE, PixelState, first_state

SIZE = SensorSize(346, 260)
COUNT = 346 * 260


def begin(settings, *, seed=1, size=SIZE, level=100.0):
    n = size.width * size.height
    luminance = np.full(n, level, np.float32)
    return first_state(settings, seed, size, np.log(luminance), luminance)


def row(state, name):
    rows = state.blocks.reshape(len(state.blocks), at.ROWS, at.BLOCK)
    return rows[:, getattr(at, name) // at.BLOCK].reshape(-1)[
        : state.size.width * state.size.height
    ]


def thresholds(settings, *, seed=1, size=SIZE):
    state = begin(settings, seed=seed, size=size)
    return row(state, "ON").astype(np.float64), row(state, "OFF").astype(np.float64)


def test_exchanged_light_moves_no_pixel_over_a_threshold():
    """Drives stay to rounding, and come no nearer to a threshold."""
    rng = np.random.default_rng(4)
    size = SensorSize(150, 130)
    state = begin(PixelSettings(), size=size)
    n = size.width * size.height
    rows = state.blocks.reshape(len(state.blocks), at.ROWS, at.BLOCK)
    rows[:, at.REFERENCE // at.BLOCK] -= rng.uniform(-0.2, 0.2, at.BLOCK).astype(np.float32)
    for _ in range(20):
        old = row(state, "LOG") - row(state, "REFERENCE")
        light = rng.uniform(1, 255, n).astype(np.float32)
        state.exchange_light(np.log(light), light)
        assert np.array_equal(row(state, "LOG"), np.log(light))
        assert np.array_equal(row(state, "LUMINANCE"), light)
        new = row(state, "LOG") - row(state, "REFERENCE")
        assert np.abs(new - old).max() < 2e-6
        assert np.all(np.abs(new) <= np.abs(old))


def test_thresholds_have_the_mean_and_spread_asked_for():
    settings = PixelSettings(
        contrast_threshold_on=0.3, contrast_threshold_off=0.2, threshold_mismatch=0.03
    )
    on, off = thresholds(settings)
    for drawn, mean in ((on, 0.3), (off, 0.2)):
        assert abs(drawn.mean() - mean) < 4 * 0.03 / np.sqrt(COUNT)
        assert abs(drawn.std() / 0.03 - 1) < 4 / np.sqrt(2 * COUNT)
        assert kstest((drawn - mean) / 0.03, "norm").pvalue > 1e-3
    assert abs(np.corrcoef(on, off)[0, 1]) < 4 / np.sqrt(COUNT)


def test_thresholds_are_those_of_the_random_streams():
    settings = PixelSettings(threshold_mismatch=0.03, device_seed=5)
    on, off = thresholds(settings, seed=3)
    pixel = np.arange(COUNT, dtype=np.uint64)
    for drawn, stream in ((on, random.Stream.THRESHOLD_ON), (off, random.Stream.THRESHOLD_OFF)):
        key = random.stream_key(5, stream)
        expected = 0.2 + 0.03 * random.normal(key, pixel, np.zeros_like(pixel))
        assert np.abs(drawn - expected).max() < 1e-7


def test_thresholds_are_clamped():
    on, _ = thresholds(PixelSettings(threshold_mismatch=0.2))
    assert on.min() == pytest.approx(MIN_CONTRAST_THRESHOLD_LOG)
    # P(0.2 + 0.2 N < 0.01) = P(N < -0.95) = 17.1 %.
    assert (on < 1.0001 * MIN_CONTRAST_THRESHOLD_LOG).mean() == pytest.approx(0.171, abs=0.006)


def test_thresholds_without_mismatch_are_exact():
    on, off = thresholds(PixelSettings(contrast_threshold_off=0.35))
    assert set(on) == {np.float32(0.2)}
    assert set(off) == {np.float32(0.35)}


def test_a_pixel_has_its_threshold_whatever_the_size_of_the_sensor():
    settings = PixelSettings(threshold_mismatch=0.03)
    whole, _ = thresholds(settings)
    assert COUNT > 2 * at.BLOCK
    part, _ = thresholds(settings, size=SensorSize(1000, 1))
    assert np.array_equal(part, whole[:1000])
    again, _ = thresholds(settings, seed=2)  # the device is the same
    assert np.array_equal(again, whole)
    own = settings.model_copy(update={"device_seed": 0})
    assert np.array_equal(thresholds(own, seed=1)[0], whole)
    other, _ = thresholds(own, seed=2)
    assert abs(np.corrcoef(whole, other)[0, 1]) < 4 / np.sqrt(COUNT)


def test_rates_are_log_normal_over_the_pixels():
    state = begin(PixelSettings(leak_rate_hz=1, noise_rate_spread_decades=0.24))
    decades = np.log10(row(state, "LEAK") / row(state, "ON"))
    assert abs(decades.std() / 0.24 - 1) < 4 / np.sqrt(2 * COUNT)
    assert kstest((decades - decades.mean()) / 0.24, "norm").pvalue > 1e-3


@pytest.mark.parametrize("spread", [0.0, 0.24])
def test_rates_average_to_what_was_asked_for(spread):
    settings = PixelSettings(
        threshold_mismatch=0.04,
        leak_rate_hz=0.3,
        shot_noise_rate_hz=7,
        noise_rate_spread_decades=spread,
    )
    state = begin(settings)
    assert state.sparse.shot_factor.mean(dtype=np.float64) == pytest.approx(1, rel=1e-6)
    leak_hz = row(state, "LEAK").astype(np.float64) / row(state, "ON")
    assert leak_hz.mean() == pytest.approx(0.3, rel=1e-6)
    if not spread:
        assert leak_hz.std() < 1e-7


def test_shot_noise_falls_where_thresholds_are_low():
    # Twice the OFF threshold: ON events twice as often as OFF, two thirds of all.
    state = begin(PixelSettings(contrast_threshold_off=0.4, shot_noise_rate_hz=1))
    assert state.sparse.shot_on_share[0] == pytest.approx(1 / 2)
    state = begin(PixelSettings(threshold_mismatch=0.04, shot_noise_rate_hz=1))
    on, off = (row(state, name).astype(np.float64) for name in ("ON", "OFF"))
    assert state.sparse.shot_on_share == pytest.approx(off / (on + off), rel=1e-5)
    assert np.corrcoef(state.sparse.shot_factor, 1 / on + 1 / off)[0, 1] > 0.999


def test_hazards_are_exponential():
    state = begin(PixelSettings(shot_noise_rate_hz=1, noise_rate_spread_decades=0.2))
    hazard = row(state, "HAZARD") * state.sparse.shot_factor
    assert kstest(hazard[::5], "expon").pvalue > 1e-3


def test_at_rest_after_the_first_frame():
    state = begin(PixelSettings(threshold_mismatch=0.02), level=77.0)
    assert set(row(state, "LAG")) == {0}
    assert set(row(state, "DEAD")) == {0}
    assert np.array_equal(row(state, "LOG"), row(state, "REFERENCE"))
    assert set(row(state, "LUMINANCE")) == {77}


def test_jittered_leak_begins_at_random_phases():
    state = begin(PixelSettings(leak_rate_hz=0.1, leak_jitter=0.1))
    phase = (row(state, "LOG") - row(state, "REFERENCE")) / row(state, "ON")
    assert kstest(phase[::5], "uniform").pvalue > 1e-3
    interval = 0.1 * row(state, "ON") / row(state, "LEAK")
    assert interval.std() == pytest.approx(0.1, rel=0.02)
    assert interval.mean() == pytest.approx(1, abs=0.002)


@pytest.mark.parametrize("fraction", [0.0, 0.001, 0.05, 1.0])
def test_hot_pixels(fraction):
    settings = make_settings(
        {"hot_pixel_fraction": fraction, "hot_pixel_rate_hz": 40 if fraction else 0}
    )
    sparse = begin(settings).sparse
    expected = fraction * COUNT
    assert abs(sparse.hot_pixel.size - expected) <= 4 * np.sqrt(expected * (1 - fraction))
    assert np.all(np.diff(sparse.hot_pixel) > 0)
    assert sparse.hot_start[0] == 0
    assert sparse.hot_start[-1] == sparse.hot_pixel.size
    for block in (0, 7):
        of_block = sparse.hot_pixel[sparse.hot_start[block] : sparse.hot_start[block + 1]]
        assert np.all(of_block // at.BLOCK == block)
    if fraction == 1.0:
        assert kstest(sparse.hot_next_us[::5] * 40e-6, "expon").pvalue > 1e-3


def test_save_and_restore():
    settings = make_settings({"hot_pixel_fraction": 0.1, "hot_pixel_rate_hz": 5, "leak_rate_hz": 1})
    size = SensorSize(50, 60)
    state = begin(settings, size=size)
    saved = state.arrays()
    assert set(saved) == {"blocks", *SPARSE}
    back = PixelState.restore(size, settings, 1, saved)
    for name, array in back.arrays().items():
        assert np.array_equal(array, saved[name])
        assert array.dtype == saved[name].dtype
    back.blocks[:] = 0
    back.sparse.shot_draws[:] = 9
    assert saved["blocks"].any()
    assert not state.sparse.shot_draws.any()


def test_what_does_not_fit_is_not_restored():
    hot = {"hot_pixel_fraction": 0.1, "hot_pixel_rate_hz": 5, "device_seed": 0}
    settings = make_settings({**hot, "leak_rate_hz": 1})
    size = SensorSize(50, 60)
    saved = begin(settings, size=size).arrays()
    for name in ("blocks", *SPARSE):
        for wrong in (None, saved[name][:-1], saved[name].astype(np.int16), saved[name][..., None]):
            changed = {k: v for k, v in saved.items() if k != name}
            if wrong is not None:
                changed[name] = wrong
            with pytest.raises(ConfigError, match=f"must have {name} of"):
                PixelState.restore(size, settings, 1, changed)
    for name in ("hot_pixel", "hot_mean_us", "hot_go_on", "hot_on_share", "hot_start"):
        changed = {**saved, name: saved[name] + 10**12}
        with pytest.raises(ConfigError, match="must have the hot pixels"):
            PixelState.restore(size, settings, 1, changed)
    with pytest.raises(ConfigError):
        PixelState.restore(size, settings, 2, saved)


@pytest.mark.parametrize("size", [(0, 5), (1 << 15, 1), (20_000, 30_000)])
def test_sensors_must_fit(size):
    with pytest.raises(ConfigError, match=f"found {size[0]}x{size[1]}"):
        first_state(
            PixelSettings(), 1, SensorSize(*size), np.zeros(0, np.float32), np.zeros(0, np.float32)
        )
