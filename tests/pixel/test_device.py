"""What is peculiar to a device: drawn from its seed, or measured."""

import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.events import Kind, SensorSize
from eventsim.frames import Encoding
from eventsim.pixel.array import PixelArray
from eventsim.pixel.device import COLUMNS, device_seed_of, hot_pixels, load_device_map
from eventsim.pixel.models import make_settings

SIZE = SensorSize(3, 2)
HOT = {"hot_pixel_fraction": 0.3, "hot_pixel_rate_hz": 20}


def write(path, rows, columns=COLUMNS):
    lines = [",".join(columns), *(",".join(map(str, row)) for row in rows)]
    path.write_text("# measured\n" + "\n".join(lines) + "\n")
    return str(path)


def rows_of(**changed):
    """A line for each pixel of a plain device, and what is changed: {(x, y): (column, value)}."""
    rows = []
    for y in range(SIZE.height):
        for x in range(SIZE.width):
            row = dict(zip(COLUMNS, (x, y, 1, 1, 1, 0, 1, 1), strict=True))
            row |= changed.get(f"p{x}{y}", {})
            rows.append(tuple(row.values()))
    return rows


def run(settings, frames, t_us, seed=1, size=SIZE):
    pixels = PixelArray(size, settings, Encoding("log"), seed=seed)
    return pixels.push(np.asarray(frames, np.float32), np.asarray(t_us)).events


def still(settings, seconds, **options):
    t_us = np.arange(0, seconds * 1_000_000 + 1, 100_000)
    size = options.get("size", SIZE)
    return run(settings, np.full((t_us.size, size.height, size.width), 4.0), t_us, **options)


def test_the_device_is_that_of_its_seed():
    assert device_seed_of(make_settings({"device_seed": 5}), 9) == 5
    assert device_seed_of(make_settings({"device_seed": 0}), 9) == 9
    size = SensorSize(40, 30)
    same = [hot_pixels(make_settings({**HOT, "device_seed": 4}), seed, size) for seed in (1, 2)]
    assert np.array_equal(same[0]["hot_pixel"], same[1]["hot_pixel"])
    assert not np.array_equal(same[0]["hot_next_us"], same[1]["hot_next_us"])  # noise is new
    own = [hot_pixels(make_settings({**HOT, "device_seed": 0}), seed, size) for seed in (4, 2)]
    assert np.array_equal(own[0]["hot_pixel"], same[0]["hot_pixel"])
    assert not np.array_equal(own[1]["hot_pixel"], same[0]["hot_pixel"])
    assert same[0]["hot_pixel"].size == pytest.approx(0.3 * 1200, abs=4 * np.sqrt(1200 * 0.21))


@pytest.mark.parametrize("refractory_us", [0, 500])
def test_hot_pixels_fire_with_both_signs(refractory_us):
    """1,200 pixels, 30 % of them hot, 20 Hz, 10 s: 72,000 events; 30 % of them ON."""
    settings = make_settings(
        {**HOT, "hot_pixel_on_share": 0.3, "refractory_period_us": refractory_us}
    )
    events = still(settings, 10, size=SensorSize(40, 30))
    n_hot = hot_pixels(settings, 1, SensorSize(40, 30))["hot_pixel"].size
    assert set(events.kind) == {Kind.HOT}
    assert len(events) == pytest.approx(n_hot * 200, rel=0.02 + refractory_us * 20e-6)
    assert events.p.mean() == pytest.approx(0.3, abs=4 * np.sqrt(0.21 / len(events)))


@pytest.mark.parametrize("refractory_us", [0, 500])
def test_hot_pixels_fire_in_bursts(refractory_us):
    """Bursts of 4 in the mean, geometric: 3 of 4 intervals are .9 ms, of one sign."""
    size = SensorSize(20, 20)
    settings = make_settings({
        "hot_pixel_fraction": 1, "hot_pixel_rate_hz": 20, "hot_pixel_burst": 4,
        "hot_pixel_on_share": 0.5, "refractory_period_us": refractory_us,
    })  # fmt: skip
    events = still(settings, 10, size=size)
    assert len(events) == pytest.approx(400 * 200, rel=0.03)
    pixel = events.y.astype(int) * 20 + events.x
    order = np.argsort(pixel, kind="stable")
    inside = np.diff(pixel[order]) == 0
    dt, change = np.diff(events.t[order])[inside], np.diff(events.p[order])[inside]
    burst = np.abs(dt - 900) <= 1
    assert burst.mean() == pytest.approx(0.75, abs=0.02)
    assert not change[burst].any()
    assert change[~burst].mean() == pytest.approx(0.5, abs=0.03)
    # The waits make up the rate: 4 / 20 s a cycle, less 2.7 ms of burst.
    assert dt[~burst].mean() == pytest.approx(200_000 - 2700, rel=0.03)


def test_thresholds_of_a_map(tmp_path):
    name = write(tmp_path / "d.csv", rows_of(p21={"threshold_on": 2, "threshold_off": 0.5}))
    settings = make_settings({"device_map": name, "threshold_mismatch": 0.1})
    frames = np.full((3, 2, 3), 4.0)
    frames[1] += 0.5  # two thresholds of 0.2, and one of 0.4
    events = run(settings, frames, [0, 1000, 2000])
    up = events[events.t <= 1000]
    counts = np.zeros((2, 3), int)
    np.add.at(counts, (up.y, up.x), 1)
    assert counts.tolist() == [[2, 2, 2], [2, 2, 1]]
    special = up[(up.x == 2) & (up.y == 1)]
    assert special.t.tolist() == [800]  # 0.4 of 0.5
    down = events[~events.p & (events.x == 2) & (events.y == 1)]
    # From a reference 0.4 above the start, 0.5 down from 0.5: 0.1 stays, each 0.1 an event.
    assert down.t.tolist() == [1400, 1600, 1800, 2000]


def test_noise_and_hot_pixels_of_a_map(tmp_path):
    changed = {"p00": {"noise": 3}, "p11": {"hot_hz": 50, "hot_on_share": 0.0}}
    name = write(tmp_path / "d.csv", rows_of(**changed))
    settings = make_settings({"device_map": name, "leak_rate_hz": 8, "leak_jitter": 0.1})
    events = still(settings, 100)
    leak = events[events.kind == Kind.LEAK]
    counts = np.bincount(leak.y * 3 + leak.x, minlength=6)
    # Factors 3, 1, 1, 1, 1, 1 have the mean 4 / 3, and the mean rate is 8 Hz.
    assert counts == pytest.approx([1800, 600, 600, 600, 600, 600], abs=12)
    hot = events[events.kind == Kind.HOT]
    assert {(int(x), int(y)) for x, y in zip(hot.x, hot.y, strict=True)} == {(1, 1)}
    assert len(hot) == pytest.approx(5000, abs=4 * np.sqrt(5000))
    assert not hot.p.any()


def test_a_map_is_restored(tmp_path):
    name = write(tmp_path / "d.csv", rows_of(p11={"hot_hz": 50}, p01={"threshold_on": 3}))
    settings = make_settings({"device_map": name, "leak_rate_hz": 5})
    frames = np.random.default_rng(0).uniform(3, 5, (20, 2, 3)).astype(np.float32)
    t_us = np.arange(20) * 30_000
    whole = run(settings, frames, t_us)
    pixels = PixelArray(SIZE, settings, Encoding("log"))
    first = pixels.push(frames[:11], t_us[:11]).events
    later = PixelArray(SIZE, settings, Encoding("log"))
    later.restore(pixels.save())
    second = later.push(frames[11:], t_us[11:]).events
    assert len(first) + len(second) == len(whole)
    assert np.array_equal(np.concatenate([first.t, second.t]), whole.t)


def test_rows_in_any_order(tmp_path):
    rows = rows_of(p21={"noise": 2})
    name = write(tmp_path / "d.csv", rows[::-1])
    found = load_device_map(name, SIZE)
    assert found.noise.tolist() == [1, 1, 1, 1, 1, 2]
    write(tmp_path / "d.csv", rows_of(p01={"noise": 5}))  # it is read again when it has changed
    assert load_device_map(name, SIZE).noise.tolist() == [1, 1, 1, 5, 1, 1]


def test_what_is_wrong_with_a_map(tmp_path):
    good = rows_of()
    for rows, columns, words in (
        (good, COLUMNS[::-1], "first line must be x,y,threshold_on"),
        (good[:-1], COLUMNS, "one line for each pixel, found 5"),
        ([*good[:-1], good[0]], COLUMNS, "one line for each pixel"),
        ([*good[:-1], (2, 1, 0, 1, 1, 0, 1, 1)], COLUMNS, "threshold_on must be from 0.01 to 100"),
        ([*good[:-1], (2, 1, 1, 1, 1, 0, 1.5, 1)], COLUMNS, "hot_on_share must be .* in line 7"),
        ([*good[:-1], (2, 1, 1, 1, float("nan"), 0, 1, 1)], COLUMNS, "noise must be"),
        ([*good[:-1], (2, 1, "a", 1, 1, 0, 1, 1)], COLUMNS, "cannot be read"),
        ([*good[:-1], (2, 1, 1)], COLUMNS, "cannot be read"),
        ([], COLUMNS, "one line for each pixel"),
    ):
        name = write(tmp_path / "d.csv", rows, columns)
        with pytest.raises(ConfigError, match=words):
            load_device_map(name, SIZE)
        (tmp_path / "d.csv").unlink()
    with pytest.raises(ConfigError, match=r"the device map .*none\.csv does not exist"):
        load_device_map(str(tmp_path / "none.csv"), SIZE)
    with pytest.raises(ConfigError, match="of a sensor of 3x2, and the sensor has 4x2"):
        load_device_map(write(tmp_path / "d.csv", good), SensorSize(4, 2))
