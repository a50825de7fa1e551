"""All events of a set of recordings in memory."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import psutil
from numpy.typing import NDArray

from eventsim.errors import ConfigError
from eventsim.events import COLUMNS, Events, SensorSize
from eventsim.store.reader import Dataset

_EVENT_BYTES = sum(np.dtype(dtype).itemsize for dtype in COLUMNS.values())


@dataclass(frozen=True, eq=False)
class Preloaded:
    """Events of recordings, one after the other.

    Forked workers share the memory; each spawned one gets a copy. (Memory that any process may
    share has a limit of its own, often 64 MB in a container.)

    Attributes
    ----------
    columns : list of five (N,) ndarray
    offsets : list of int
        First event of each recording, and the one after the last.
    starts_us : list of int
        Times of their first frames.
    sizes : list of SensorSize
    """

    columns: list[NDArray[Any]]
    offsets: list[int]
    starts_us: list[int]
    sizes: list[SensorSize]

    def events(self, place: int) -> Events:
        """All events of a recording; views, no copy."""
        a, b = self.offsets[place], self.offsets[place + 1]
        return Events.from_columns([column[a:b] for column in self.columns], self.sizes[place])


def preload(dataset: Dataset) -> Preloaded:
    """Read all recordings into memory, 14 bytes per event.

    Raises
    ------
    ConfigError
        If the machine has not enough of it free.
    """
    recordings = list(dataset)
    offsets = [0, *np.cumsum([len(recording) for recording in recordings]).tolist()]
    needed, free = offsets[-1] * _EVENT_BYTES, psutil.virtual_memory().available
    if needed > free:
        raise ConfigError(
            f"preload needs {needed / 1e9:.1f} GB for {offsets[-1]:,} events, and {free / 1e9:.1f} "
            "GB are free. Leave it out: windows are then read when they are asked for."
        )
    columns: list[NDArray[Any]] = [np.empty(offsets[-1], dtype) for dtype in COLUMNS.values()]
    for recording, (a, b) in zip(recordings, pairwise(offsets), strict=True):
        events = recording.events
        for name, column in zip(COLUMNS, columns, strict=True):
            column[a:b] = getattr(events, name)
    starts_us = [recording.start_us for recording in recordings]
    return Preloaded(columns, offsets, starts_us, [recording.size for recording in recordings])
