"""The pixel solved in closed form: all effects of ``settings``, every event at its own moment.

What is done here is its clock and its memory; the work on a batch is that of a path,
``plain_path`` or ``circuit_path``.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim.events import Events, Packet, SensorSize
from eventsim.packets.packing import MAX_INTERVAL_US
from eventsim.pixel import layout as at
from eventsim.pixel.circuit_path import CircuitPath
from eventsim.pixel.light import Light
from eventsim.pixel.look import Look
from eventsim.pixel.physics import is_plain, make_physics
from eventsim.pixel.plain_path import PlainPath
from eventsim.pixel.settings import PixelSettings
from eventsim.pixel.state import PixelState, check_saved, first_state

EPOCH_US = 1 << 23
"""Age at which the epoch of the leak is renewed: 8.4 s of leak keep float32 exact to 1e-8 ln."""


class ClosedFormPixels:
    """Pixels whose crossings have a closed form; a `eventsim.pixel.models.PixelModel`.

    Parameters
    ----------
    size : SensorSize
    settings : PixelSettings
    seed : int
        Of thresholds and noise.
    threads : int
        Threads to use. Does not change the events.
    """

    def __init__(self, size: SensorSize, settings: PixelSettings, seed: int, threads: int) -> None:
        self._size, self._settings, self._seed = size, settings, seed
        self._state: PixelState | None = None
        self._first_us = self._last_us = self._epoch_us = 0
        # Which of the two depends on the settings alone; where both could run, they agree.
        self._path: CircuitPath | PlainPath = (
            PlainPath(size, threads)
            if is_plain(settings)
            else CircuitPath(size, make_physics(settings, seed), threads)
        )

    @property
    def last_us(self) -> int | None:
        """Time of the last frame, microseconds; None before the first."""
        return None if self._state is None else self._last_us

    def seen(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Log luminance and luminance of the last frame, (P,) each."""
        if self._state is None:
            raise RuntimeError("no frame was seen yet")
        self._path.settle(self._state)
        return self._state.light()

    def push(self, light: Light, t_us: NDArray[np.int64]) -> Packet:
        """Let the pixels see some more frames; the very first sets them at rest.

        Parameters
        ----------
        light : Light
        t_us : (F,) ndarray of int64
            Their times, microseconds, increasing, after all earlier ones.
        """
        began = 0
        if self._state is None:
            self._begin(light, int(t_us[0]))
            began = 1
        if not began and t_us[-1] - self._last_us <= MAX_INTERVAL_US:  # as nearly always
            events, ends = self._run(light, t_us)
            return Packet(events, t_us, ends)
        pieces = [Events.empty(self._size)]
        stops = [np.zeros(began, np.int64)]
        for span in spans(self._last_us, t_us[began:]):
            some = slice(began + span.start, began + span.stop)
            events, ends = self._run(light.frames(some), t_us[some])
            stops.append(ends + sum(len(piece) for piece in pieces))
            pieces.append(events)
        return Packet(Events.concatenate(pieces, self._size), t_us, np.concatenate(stops))

    def look(self, pixels: NDArray[np.int64]) -> Look:
        """What some pixels have inside at the last frame."""
        if self._state is None:
            raise RuntimeError("no frame was seen yet")
        self._path.settle(self._state)
        age_s = (self._last_us - self._epoch_us) * 1e-6
        return self._state.look(pixels, make_physics(self._settings, self._seed), age_s)

    def exchange(self, light: Light) -> None:
        """See another light as if it had been there at the last frame already."""
        if self._state is None:
            raise RuntimeError("no frame was seen yet")
        self._path.settle(self._state)
        self._state.exchange_light(*light.planes_of(0))
        self._path.begin(self._state, light)

    def save(self) -> dict[str, NDArray[Any]]:
        """Everything needed to go on later or elsewhere, as arrays by name; see `restore`."""
        if self._state is None:
            return {}
        self._path.settle(self._state)
        clock = np.array([self._first_us, self._last_us, self._epoch_us], np.int64)
        return {"clock": clock, **self._state.arrays()}

    def restore(self, saved: dict[str, NDArray[Any]]) -> None:
        """Go on from what `save` gave; size, settings and seed must be the same.

        Raises
        ------
        ConfigError
            If the arrays are not those that `save` gives for this size, these settings and this
            seed: another name, shape, dtype, or choice of hot pixels.
        """
        if not saved:
            self._state = None
            return
        check_saved(saved, {"clock": ((3,), np.int64)})
        self._state = PixelState.restore(self._size, self._settings, self._seed, saved)
        self._path.begin(self._state, None)
        self._first_us, self._last_us, self._epoch_us = (int(v) for v in saved["clock"])

    def _begin(self, light: Light, t_us: int) -> None:
        log_plane, luminance_plane = light.planes_of(0)
        self._state = first_state(
            self._settings, self._seed, self._size, log_plane, luminance_plane
        )
        self._path.begin(self._state, light.frames(slice(0, 1)))
        self._first_us = self._last_us = self._epoch_us = t_us

    def _intervals(self, times: NDArray[np.int64]) -> at.Intervals:
        """The intervals of a batch; renews the epoch where it is due, whatever the batch."""
        start = np.concatenate([[self._last_us], times[:-1]])
        fold = np.zeros(times.size, np.float32)
        since = np.empty(times.size, np.float32)
        for f, t in enumerate(start.tolist()):
            age = t - self._epoch_us
            if age >= EPOCH_US:
                fold[f] = age * 1e-6
                self._epoch_us = t
                age = 0
            since[f] = age * 1e-6
        return at.Intervals(start - self._first_us, start - start[0], times - start, fold, since)

    def _run(self, light: Light, times: NDArray[np.int64]) -> tuple[Events, NDArray[np.int64]]:
        if not times.size or self._state is None:
            return Events.empty(self._size), np.zeros(0, np.int64)
        intervals = self._intervals(times)
        start_us, self._last_us = self._last_us, int(times[-1])
        columns = self._path.run(light, intervals, self._state, start_us)
        events = Events.from_columns(columns, self._size)
        return events, np.searchsorted(events.t, times, side="right")


def spans(last_us: int, t_us: NDArray[np.int64]) -> Iterator[slice]:
    """Cut a batch where its time would not fit a packed event: seldom more than one piece."""
    first = 0
    while first < t_us.size:
        end = int(np.searchsorted(t_us, last_us + MAX_INTERVAL_US, side="right"))
        yield slice(first, end)
        first, last_us = end, int(t_us[end - 1])
