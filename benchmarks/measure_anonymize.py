"""Speed of the ways to anonymize, beside copying the events."""

from collections.abc import Callable
from functools import partial
from statistics import median

import numpy as np
from tables import Table, number
from timing import interleave, ratio, seconds

from eventsim.events import COLUMNS, Events
from eventsim.random import Draws
from eventsim.transforms import (
    IntegrateBlocks,
    MaskBoxes,
    MaskClusters,
    Quantize,
    RateCap,
    RemoveFingerprint,
    SpatialJitter,
    Thin,
    TimeJitter,
)
from eventsim.transforms.keyed import CipherPolarity, EventKey, PermuteBlocks, PermutePixels

SIZE = (346, 260)
EVENTS = 4_000_000
RATES = (1_000_000, 10_000_000)
"""Events a second: of a lively scene, and of one in which everything moves."""
KEYED = (PermutePixels(rekey_us=None), PermutePixels(), PermuteBlocks(), CipherPolarity())
LOSSY = (
    SpatialJitter(2.0), TimeJitter(10_000.0), Thin(0.5), RateCap(), Quantize(10_000, 4),
    IntegrateBlocks(4), MaskClusters(), RemoveFingerprint(),
)  # fmt: skip


def measure_anonymize(repeats: int) -> list[Table]:
    """Time every method on events all over a sensor."""
    return [_table(rate, repeats) for rate in RATES]


def _table(rate: int, repeats: int) -> Table:
    events = _events(rate)
    key, draws = EventKey.of(bytes(32), "00" * 16), Draws.of(1)
    step = 33_000
    boxes = [(t, 100, 80, 180, 200) for t in range(0, int(events.t[-1]), step)]
    jobs: dict[str, Callable[[], object]] = {"copying the columns": partial(_copied, events)}
    jobs |= {repr(way): partial(way, events, key) for way in KEYED}
    jobs |= {repr(way): partial(way, events, draws) for way in (*LOSSY, MaskBoxes(boxes))}
    for job in jobs.values():
        job()  # compiled, and the memory is there
    times = interleave({name: seconds(job) for name, job in jobs.items()}, repeats)
    copying = times["copying the columns"]
    rows = [
        (name, number(EVENTS / median(spent) / 1e6), f"{ratio(copying, spent):.3f}")
        for name, spent in times.items()
    ]
    return Table(
        f"Anonymizing {rate / 1e6:g} million events/s of {SIZE[0]}x{SIZE[1]}",
        ("method", "Mev/s, one thread", "of copying"),
        rows,
        (f"{EVENTS:,} events at random; medians of {repeats} interleaved rounds.",),
    )


def _events(rate: int) -> Events:
    rng = np.random.default_rng(0)
    t = np.sort(rng.integers(0, EVENTS * 1_000_000 // rate, EVENTS))
    x, y = rng.integers(0, SIZE[0], EVENTS), rng.integers(0, SIZE[1], EVENTS)
    return Events.of(t, x, y, rng.random(EVENTS) < 0.5, size=SIZE)


def _copied(events: Events) -> list[np.ndarray]:
    return [getattr(events, name).copy() for name in COLUMNS]
