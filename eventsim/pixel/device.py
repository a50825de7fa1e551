"""What is peculiar to one device: the thresholds, noise and hot pixels of each of its pixels.

Drawn from the device seed, or measured and read from a device map.
"""

import csv
import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim import random
from eventsim.errors import ConfigError
from eventsim.events import SensorSize
from eventsim.pixel import layout as at
from eventsim.pixel.kernels import kernels
from eventsim.pixel.settings import BURST_US, PixelSettings
from eventsim.random import Stream
from eventsim.shipped import find

COLUMNS = ("x", "y", "threshold_on", "threshold_off", "noise", "hot_hz", "hot_on_share",
           "hot_burst")  # fmt: skip
LARGEST = {"threshold_on": 100.0, "threshold_off": 100.0, "noise": 1e4, "hot_hz": 1e5,
           "hot_on_share": 1.0, "hot_burst": 1e3}  # fmt: skip
"""Of each column; a slip of a unit is found by it. Chosen by eye."""
LEAST = {"threshold_on": 0.01, "threshold_off": 0.01, "hot_burst": 1.0}


@dataclass(frozen=True, eq=False)
class DeviceMap:
    """What was measured of the pixels of a device, all (P,) float64 in raster order.

    Attributes
    ----------
    size : SensorSize
    threshold_on, threshold_off : ndarray
        Factors on the nominal contrast thresholds.
    noise : ndarray
        Factor on the rates of leak and shot noise.
    hot_hz : ndarray
        Rate of a pixel that is hot, 0 for others, Hz.
    hot_on_share : ndarray
        Share of ON among the events of hot pixels.
    hot_burst : ndarray
        Mean number of events of a burst of a hot pixel.
    """

    size: SensorSize
    threshold_on: NDArray[np.float64]
    threshold_off: NDArray[np.float64]
    noise: NDArray[np.float64]
    hot_hz: NDArray[np.float64]
    hot_on_share: NDArray[np.float64]
    hot_burst: NDArray[np.float64]


def find_device_map(name: str) -> Path:
    """Where a device map lies: at its path, or among the bundled files.

    Raises
    ------
    ConfigError
        If it is nowhere.
    """
    path = Path(name)
    if path.is_file():
        return path
    try:
        return find(name)
    except ConfigError:
        raise ConfigError(
            f"the device map {name} does not exist, and no bundled file has its name. Give the "
            "path of a .csv."
        ) from None


def load_device_map(name: str, size: SensorSize) -> DeviceMap:
    """Read a device map, a .csv with a line for each pixel.

    Parameters
    ----------
    name : str
        Path, or name of a bundled one.
    size : SensorSize
        Of the sensor.

    Raises
    ------
    ConfigError
        If it cannot be read, has other columns, lacks a pixel, or a number is out of range.
    """
    path = find_device_map(name)
    found = _read_once(path, path.stat().st_mtime_ns)
    if found.size != size:
        raise ConfigError(
            f"the device map {path.name} is of a sensor of {found.size}, and the sensor has {size}."
        )
    return found


@functools.lru_cache(maxsize=4)
def _read_once(path: Path, changed_ns: int) -> DeviceMap:
    """Read a map that all recordings share, again when it has changed."""
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.reader(line for line in file if not line.startswith("#")))
        if not rows or tuple(rows[0]) != COLUMNS:
            raise ValueError(f"its first line must be {','.join(COLUMNS)}")
        table = np.array(rows[1:], np.float64).reshape(-1, len(COLUMNS))
    except (OSError, ValueError) as error:
        raise ConfigError(f"the device map {path} cannot be read: {error}.") from error
    columns = dict(zip(COLUMNS, table.T, strict=True))
    for column, most in LARGEST.items():
        least = LEAST.get(column, 0.0)
        bad = np.flatnonzero(~((columns[column] >= least) & (columns[column] <= most)))
        if bad.size:
            raise ConfigError(
                f"the device map {path}: {column} must be from {least:g} to {most:g}, found "
                f"{columns[column][bad[0]]:g} in line {bad[0] + 2}."
            )
    x, y = (columns[name] for name in "xy")
    n = len(table)
    size = SensorSize(int(x.max(initial=0)) + 1, int(y.max(initial=0)) + 1)
    order = np.lexsort((x, y))
    every = np.arange(size.width * size.height)
    if n != every.size or not np.array_equal((y * size.width + x)[order], every):
        raise ConfigError(f"the device map {path} must have one line for each pixel, found {n}.")
    kept = (columns[name][order] for name in COLUMNS[2:])
    return DeviceMap(size, *kept)


def device_seed_of(settings: PixelSettings, seed: int) -> int:
    """Seed of the device: its own, or that of the recording."""
    return settings.device_seed or seed


def hot_pixels(settings: PixelSettings, seed: int, size: SensorSize) -> dict[str, NDArray[Any]]:
    """Which pixels are hot, how hot, and when each fires first.

    Parameters
    ----------
    settings : PixelSettings
    seed : int
        Of the recording.
    size : SensorSize

    Returns
    -------
    dict of str to ndarray
        The arrays of `eventsim.pixel.layout.Sparse` that begin with ``hot``.
    """
    n = size.width * size.height
    if settings.device_map:
        known = load_device_map(settings.device_map, size)
        hot = np.flatnonzero(known.hot_hz).astype(np.uint64)
        rates_hz, on_shares = known.hot_hz[hot], known.hot_on_share[hot]
        bursts = known.hot_burst[hot]
    else:
        hot = np.zeros(0, np.uint64)
        if settings.hot_pixel_fraction > 0:
            choice = np.empty(n)
            key = random.stream_key(device_seed_of(settings, seed), Stream.HOT_CHOICE)
            kernels().uniforms(key, np.uint64(0), 0, n, choice)
            hot = np.flatnonzero(choice < settings.hot_pixel_fraction).astype(np.uint64)
        rates_hz = np.full(hot.size, float(settings.hot_pixel_rate_hz))
        on_shares = np.full(hot.size, float(settings.hot_pixel_on_share))
        bursts = np.full(hot.size, float(settings.hot_pixel_burst))
    key = random.stream_key(seed, Stream.HOT_TIME)
    wait = -np.log(random.uniform(key, hot, np.zeros_like(hot)))
    edges = np.arange(-(-n // at.BLOCK) + 1, dtype=np.uint64) * np.uint64(at.BLOCK)
    # A burst of n events takes (n - 1) BURST_US, and the wait for the next one makes up the rate.
    mean_us = np.maximum(bursts / rates_hz * 1e6 - (bursts - 1) * BURST_US, 1.0)
    return {
        "hot_pixel": hot.astype(np.int64),
        "hot_mean_us": mean_us,
        "hot_go_on": 1 - 1 / bursts,
        "hot_on_share": on_shares,
        "hot_next_us": wait * mean_us,
        "hot_draws": np.zeros(hot.size, np.uint32),
        "hot_burst": np.zeros(hot.size, np.uint32),
        "hot_start": np.searchsorted(hot, edges).astype(np.int64),
    }
