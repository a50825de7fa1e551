"""The pixels of a sensor on the CPU: frames in, sorted packets of events out.

Here is what frames and times must be like, and how batches are cut; the work on a batch is that
of a path, ``plain_path`` or ``circuit_path``.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError, TimeOrderError
from eventsim.events import Events, Packet, SensorSize
from eventsim.frames import Encoding
from eventsim.packets.packing import MAX_INTERVAL_US
from eventsim.packets.threads import default_threads
from eventsim.pixel import layout as at
from eventsim.pixel.circuit_path import CircuitPath
from eventsim.pixel.light import Light, make_light, planes_between
from eventsim.pixel.plain_path import PlainPath, is_plain
from eventsim.pixel.settings import PixelSettings
from eventsim.pixel.state import PixelState, check_saved, first_state, make_physics

EPOCH_US = 1 << 23
"""Age at which the epoch of the leak is renewed: 8.4 s of leak keep float32 exact to 1e-8 ln."""
LONGEST_US = 250_000
"""Intervals between frames that are longer are gone through in pieces: a noisy sensor of 1280x720
makes about 200 thousand events in one. Chosen by eye."""


def warm_up() -> None:
    """Compile or load the kernels now (seconds the first time on a machine)."""
    for cutoff_hz in (0.0, 30.0):
        settings = PixelSettings(photoreceptor_cutoff_hz=cutoff_hz)
        array = PixelArray(SensorSize(2, 1), settings, Encoding())
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
        self._state: PixelState | None = None
        self._first_us = self._last_us = self._epoch_us = 0
        # Which of the two depends on the settings alone; where both could run, they agree.
        self._path: CircuitPath | PlainPath = (
            PlainPath(self.size, self._threads)
            if is_plain(settings)
            else CircuitPath(self.size, make_physics(settings, seed), self._threads)
        )

    def save(self) -> dict[str, NDArray[Any]]:
        """Everything needed to go on later or elsewhere, as arrays by name; see `restore`."""
        if self._state is None:
            return {}
        self._path.settle(self._state)
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
        self._path.begin(self._state, None)
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
        self._path.settle(self._state)
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
            return Events.empty(self.size), np.zeros(0, np.int64)
        intervals = self._intervals(times)
        start_us, self._last_us = self._last_us, int(times[-1])
        columns = self._path.run(light, intervals, self._state, start_us)
        events = Events.from_columns(columns, self.size)
        return events, np.searchsorted(events.t, times, side="right")


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
