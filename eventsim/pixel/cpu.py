"""The pixels of a sensor on the CPU: frames in, sorted packets of events out.

Tiles of blocks go to a few threads (the kernels release the GIL), then the frame
intervals do, to be sorted. What comes out does not depend on the number of either.
"""

import functools
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError, TimeOrderError
from eventsim.events import Events, Packet, SensorSize
from eventsim.frames import Encoding
from eventsim.pixel import layout as at
from eventsim.pixel.kernels import kernels
from eventsim.pixel.light import Light, make_light, planes_between
from eventsim.pixel.memory import ColumnMemory
from eventsim.pixel.packing import MAX_INTERVAL_US
from eventsim.pixel.settings import PixelSettings
from eventsim.pixel.sorting import bucket_bits
from eventsim.pixel.state import PixelState, check_saved, first_state, make_physics
from eventsim.pixel.step import make_desk

EPOCH_US = 1 << 23
"""Age at which the epoch of the leak is renewed: 8.4 s of leak keep float32 exact to 1e-8 ln."""
LONGEST_US = 250_000
"""Intervals between frames that are longer are gone through in pieces: a noisy sensor of 1280x720
makes about 200 thousand events in one. Chosen by eye."""
TILES_PER_THREAD = 4
"""More tiles than threads, so that a busy part of the picture does not hold up the rest."""
FIRST_ROOM = 1 << 16
"""Packed events a tile has room for at first; it grows with need."""

SORT_TOGETHER = 20_000
"""Batches of fewer events are sorted by one thread; chosen by eye."""


def warm_up() -> None:
    """Compile or load the kernels now (seconds the first time on a machine)."""
    array = PixelArray(SensorSize(2, 1), PixelSettings(), Encoding())
    array.push(np.zeros((2, 1, 2), np.uint8), np.array([0, 1000]))


class PixelArray:
    """The pixels of one sensor, through time.

    Parameters
    ----------
    size : SensorSize
    settings : PixelSettings
    encoding : Encoding
        What the numbers of the frames mean.
    seed : int
        Of thresholds and noise.
    threads : int, optional
        Threads to use; by default one for each core, at most 8. Does not change the events.

    Examples
    --------
    >>> pixels = PixelArray(SensorSize(1, 1), PixelSettings(), Encoding("log"))
    >>> frames = np.array([[[4.0]], [[4.5]]], np.float32)
    >>> pixels.push(frames, np.array([0, 1000])).events.t.tolist()
    [400, 800]
    """

    def __init__(
        self,
        size: SensorSize,
        settings: PixelSettings,
        encoding: Encoding,
        *,
        seed: int = 1,
        threads: int | None = None,
    ) -> None:
        if threads is not None and threads < 1:
            raise ConfigError(f"threads must be 1 or more, found {threads}.")
        self.size = SensorSize(*size)
        self.settings = settings
        self.encoding = encoding
        self.seed = seed
        self._threads = threads or default_threads()
        self._physics = make_physics(settings, seed)
        self._state: PixelState | None = None
        self._first_us = self._last_us = self._epoch_us = 0
        # Memory that is used again and again: fresh memory costs more than the events in it.
        self._rooms = np.empty((0, 0), np.uint64)
        self._desks: list[tuple[NDArray[Any], ...]] = []
        self._sorting = [np.empty(0, np.uint64)] * self._threads
        self._memory = ColumnMemory()

    def save(self) -> dict[str, NDArray[Any]]:
        """Everything needed to go on later or elsewhere, as arrays by name; see `restore`."""
        if self._state is None:
            return {}
        clock = np.array([self._first_us, self._last_us, self._epoch_us], np.int64)
        return {"clock": clock, "size": np.array(self.size), **self._state.arrays()}

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
        check_saved(saved, {"clock": ((3,), np.int64), "size": ((2,), None)})
        size = SensorSize(*(int(n) for n in saved["size"]))
        if size != self.size:
            raise ConfigError(
                f"a saved state of {size} does not fit a sensor of {self.size}. Restore it with "
                "the size it was saved with."
            )
        self._state = PixelState.restore(self.size, self.settings, self.seed, saved)
        self._first_us, self._last_us, self._epoch_us = (int(v) for v in saved["clock"])

    def push(self, frames: NDArray[np.generic], t_us: NDArray[np.int64]) -> Packet:
        """Let the pixels see some more frames.

        Parameters
        ----------
        frames : (F, H, W) ndarray of uint8, uint16, float32 or float64
            Numbers as the encoding says. The very first frame sets the pixels at rest.
        t_us : (F,) ndarray of int64
            Their times, microseconds, increasing, after all earlier ones.

        Returns
        -------
        Packet
            Events with ``t_us`` of the frame before < t <= ``t_us`` of each frame.

        Raises
        ------
        ConfigError
            If the frames have another size.
        TimeOrderError
            If a time does not increase, or by more than 35 minutes at once.
        """
        packets = list(self.pieces(frames, t_us))
        if len(packets) == 1:
            return packets[0]
        # Frames count the events since the beginning of the push, whatever the packets.
        before = np.cumsum([0, *(len(packet.events) for packet in packets)])
        return Packet(
            Events.concatenate([packet.events for packet in packets], self.size),
            np.concatenate([packet.frame_t_us for packet in packets]),
            np.concatenate([p.frame_stop + n for p, n in zip(packets, before, strict=False)]),
        )

    def pieces(self, frames: NDArray[np.generic], t_us: NDArray[np.integer]) -> Iterator[Packet]:
        """As `push`, in packets of bounded size where frames are far apart.

        An interval longer than `LONGEST_US` is gone through in equal pieces, with the light in
        between: its logarithm on a line, as in any interval, and for the rates its luminance on a
        line, too. So the noise of a long pause does not pile up in memory. The events depend on
        the times of the frames alone.

        Yields
        ------
        Packet
            At least one. Those in the middle of an interval have no frame.
        """
        frames, t_us = np.ascontiguousarray(frames), np.asarray(t_us)
        if t_us.dtype.kind not in "iu" and t_us.size:
            raise ConfigError(
                f"times must be integer microseconds, found {t_us.dtype}. Round them."
            )
        times: NDArray[np.int64] = t_us.astype(np.int64)
        width, height = self.size
        if frames.ndim != 3 or frames.shape[1:] != (height, width) or len(frames) != times.size:
            raise ConfigError(
                f"expected frames of shape (F, {height}, {width}) and as many times, found "
                f"{frames.shape} and {times.shape}."
            )
        if not times.size:
            yield Packet(Events.empty(self.size), times, times)
            return
        if frames.dtype.kind == "f" and not np.isfinite(frames).all():
            raise ConfigError("frames must hold finite numbers, found NaN or inf. Replace them.")
        check_times(self._last_us if self._state else int(times[0]) - 1, times)
        light = make_light(frames.reshape(len(frames), -1), self.encoding)
        starts = 0
        if self._state is None:
            self._begin(light, int(times[0]))
            starts = 1
        long = np.flatnonzero(np.diff(times, prepend=self._last_us) > LONGEST_US).tolist()
        first = 0
        for f in long:
            if f > first:
                yield self._push(light, times, slice(first, f), starts)
            yield from self._coast(light, f, int(times[f]))
            first = f
        yield self._push(light, times, slice(first, times.size), starts)

    def _push(self, light: Light, t_us: NDArray[np.int64], some: slice, starts: int) -> Packet:
        """Frames that are close together; those before `starts` only began the state."""
        solved = slice(max(some.start, starts), some.stop)
        pieces = [Events.empty(self.size)]
        stops = [np.zeros(solved.start - some.start, np.int64)]
        times = t_us[solved]
        for span in spans(self._last_us, times):
            events, ends = self._run(light.frames(solved).frames(span), times[span])
            stops.append(ends + sum(len(piece) for piece in pieces))
            pieces.append(events)
        events = pieces[-1] if len(pieces) == 2 else Events.concatenate(pieces, self.size)
        return Packet(events, t_us[some], np.concatenate(stops))

    def _coast(self, light: Light, f: int, end_us: int) -> Iterator[Packet]:
        """Go from the last frame towards frame f, but for the last piece of the way."""
        if self._state is None:
            return
        start_us = self._last_us
        steps = -(-(end_us - start_us) // LONGEST_US)
        ends = light.planes_of(f)
        begins = self._state.light() if f == 0 else light.planes_of(f - 1)
        none = np.zeros(0, np.int64)
        for k in range(1, steps):
            at_us = start_us + (end_us - start_us) * k // steps
            between = planes_between(begins, ends, (at_us - start_us) / (end_us - start_us))
            events, _ = self._run(between, np.array([at_us], np.int64))
            yield Packet(events, none, none)

    def _begin(self, light: Light, t_us: int) -> None:
        log_plane, luminance_plane = light.planes_of(0)
        self._state = first_state(self.settings, self.seed, self.size, log_plane, luminance_plane)
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
            return Events.empty(self.size), np.zeros(0, np.int64)
        intervals = self._intervals(times)
        start_us, self._last_us = self._last_us, int(times[-1])
        used = self._solve(light, intervals, self._state)
        columns = self._sort(used, start_us, self._last_us - start_us)
        events = Events.from_columns(columns, self.size)
        return events, np.searchsorted(events.t, times, side="right")

    def _solve(self, light: Light, intervals: at.Intervals, state: PixelState) -> NDArray[np.int64]:
        """Fill the rooms with packed events, one for each tile; returns how many are in each."""
        n_blocks = len(state.blocks)
        n_tiles = 1 if self._threads == 1 else min(self._threads * TILES_PER_THREAD, n_blocks)
        if len(self._rooms) != n_tiles:
            self._rooms = np.empty((n_tiles, FIRST_ROOM), np.uint64)
            self._desks = [make_desk() for _ in range(n_tiles)]
        filled = list(self._rooms)
        used = np.zeros(n_tiles, np.int64)
        cuts = np.linspace(0, n_blocks, n_tiles + 1).astype(np.int64)
        pixels = np.int64(self.size.width * self.size.height)
        tile = kernels().tile

        def solve_tile(k: int) -> None:
            filled[k], used[k] = tile(
                (cuts[k], cuts[k + 1]), pixels, state.blocks, intervals, self._physics,
                state.rare, light.arrays, self._desks[k], filled[k],
            )  # fmt: skip

        self._spread(solve_tile, n_tiles)
        if used.max() > self._rooms.shape[1]:  # some tile took larger room of its own
            self._rooms = np.empty((n_tiles, int(used.max()) * 5 // 4), np.uint64)
            for room, events, n in zip(self._rooms, filled, used, strict=True):
                room[:n] = events[:n]
        return used

    def _sort(
        self, used: NDArray[np.int64], start_us: int, span_us: int
    ) -> tuple[NDArray[Any], ...]:
        """The columns of the events of one batch."""
        n = int(used.sum())
        columns = self._memory.columns(n)
        bits = bucket_bits(n, span_us)
        n_buckets = (span_us >> bits) + 1
        n_cuts = min(self._threads, n_buckets) if n > SORT_TOGETHER else 1
        cuts = [n_buckets * k // n_cuts for k in range(n_cuts + 1)]
        sort, rooms, width = kernels().sort, self._rooms, self.size.width

        def sort_some(k: int) -> None:
            self._sorting[k] = sort(
                rooms, used, start_us, bits, cuts[k], cuts[k + 1], self._sorting[k], width, columns
            )

        self._spread(sort_some, n_cuts)
        return columns

    def _spread(self, work: Callable[[int], None], n: int) -> None:
        """Run work(0) .. work(n - 1) on the threads."""
        if self._threads == 1 or n == 1:
            for k in range(n):
                work(k)
            return
        for _ in shared_pool(self._threads).map(work, range(n)):
            pass


def default_threads() -> int:
    """One thread for each core that this process may use, at most 8."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(8, usable or 1))


@functools.cache
def shared_pool(threads: int) -> ThreadPoolExecutor:
    """Threads that all sensors of this process share."""
    return ThreadPoolExecutor(threads, thread_name_prefix="eventsim-pixel")


def spans(last_us: int, t_us: NDArray[np.int64]) -> Iterator[slice]:
    """Cut a batch where its time would not fit a packed event: seldom more than one piece."""
    first = 0
    while first < t_us.size:
        end = int(np.searchsorted(t_us, last_us + MAX_INTERVAL_US, side="right"))
        yield slice(first, end)
        first, last_us = end, int(t_us[end - 1])


def check_times(last_us: int, t_us: NDArray[np.int64]) -> None:
    """Refuse times that do not increase, or leap further than a packed event can say."""
    steps = np.diff(t_us, prepend=last_us)
    bad = np.flatnonzero((steps <= 0) | (steps > MAX_INTERVAL_US))
    if bad.size:
        i = int(bad[0])
        before = last_us if i == 0 else int(t_us[i - 1])
        raise TimeOrderError(
            f"frame times must increase by 1 to {MAX_INTERVAL_US} us, but {int(t_us[i])} us "
            f"follows {before} us. Sort the frames, or cut the recording at the gap."
        )
