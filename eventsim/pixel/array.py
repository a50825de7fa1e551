"""The pixels of a sensor: frames in, sorted packets of events out.

Here is what frames and times must be like, and how long pauses are cut; what pixels do is
that of a model, see ``models``.
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
from eventsim.pixel.light import Light, make_light, planes_between
from eventsim.pixel.look import Look
from eventsim.pixel.models import ModelSettings, make_model
from eventsim.pixel.settings import PixelSettings
from eventsim.pixel.state import check_saved

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
    settings : PixelSettings or those of another model
        Decide which model the pixels follow.
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
        settings: ModelSettings,
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
        self._model = make_model(self.size, settings, seed, threads or default_threads())

    def save(self) -> dict[str, NDArray[Any]]:
        """Everything needed to go on later or elsewhere, as arrays by name; see `restore`."""
        saved = self._model.save()
        return {"size": np.array(self.size), **saved} if saved else {}

    def restore(self, saved: dict[str, NDArray[Any]]) -> None:
        """Go on from what `save` gave; size, settings and seed must be the same.

        Raises
        ------
        ConfigError
            If the arrays are not those that `save` gives for this size, these settings and this
            seed: another name, shape, dtype, or choice of hot pixels.
        """
        if saved:
            check_saved(saved, {"size": ((2,), None)})
            size = SensorSize(*(int(n) for n in saved["size"]))
            if size != self.size:
                raise ConfigError(
                    f"a saved state of {size} does not fit a sensor of {self.size}. Restore it "
                    "with the size it was saved with."
                )
        self._model.restore(saved)

    def look(self, pixels: NDArray[np.int64]) -> Look:
        """What some pixels, by their raster indices, have inside at the last frame."""
        return self._model.look(pixels)

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

    def pieces(
        self, frames: NDArray[np.generic], t_us: NDArray[np.integer], *, new_scene: bool = False
    ) -> Iterator[Packet]:
        """As `push`, in packets of bounded size where frames are far apart.

        An interval longer than `LONGEST_US` is gone through in equal pieces, with the light in
        between: its logarithm on a line, as in any interval, and for the rates its luminance on a
        line, too. So the noise of a long pause does not pile up in memory. The events depend on
        the times of the frames alone.

        Parameters
        ----------
        frames, t_us
            As `push`.
        new_scene : bool
            Whether the first frame is of another scene: until then the light stays, and is then
            exchanged without an event.

        Yields
        ------
        Packet
            At least one. Those in the middle of an interval have no frame.
        """
        frames, times = self._checked(frames, t_us)
        if not times.size:
            yield Packet(Events.empty(self.size), times, times)
            return
        light = make_light(frames.reshape(len(frames), -1), self.encoding)
        if new_scene and self._model.last_us is not None:
            stays = planes_between(self._model.seen(), self._model.seen(), 0)
            yield from self._pushed(stays, times[:1])
            self._model.exchange(light.frames(slice(0, 1)))
            light, times = light.frames(slice(1, None)), times[1:]
        if times.size:
            yield from self._pushed(light, times)

    def _pushed(self, light: Light, times: NDArray[np.int64]) -> Iterator[Packet]:
        """Packets of some light, with long intervals in pieces."""
        last_us = int(times[0]) if self._model.last_us is None else self._model.last_us
        first = 0
        for f in np.flatnonzero(np.diff(times, prepend=last_us) > LONGEST_US).tolist():
            if f > first:
                yield self._model.push(light.frames(slice(first, f)), times[first:f])
            yield from self._coast(light, f, int(times[f]))
            first = f
        rest = light.frames(slice(first, None)) if first else light
        yield self._model.push(rest, times[first:])

    def _checked(
        self, frames: NDArray[np.generic], t_us: NDArray[np.integer]
    ) -> tuple[NDArray[np.generic], NDArray[np.int64]]:
        """Frames and times, if they are what they must be."""
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
        if frames.dtype.kind == "f" and not np.isfinite(frames).all():
            raise ConfigError("frames must hold finite numbers, found NaN or inf. Replace them.")
        if times.size:
            last_us = self._model.last_us
            check_times(int(times[0]) - 1 if last_us is None else last_us, times)
        return frames, times

    def _coast(self, light: Light, f: int, end_us: int) -> Iterator[Packet]:
        """Go from the last frame towards frame f, but for the last piece of the way."""
        start_us = self._model.last_us
        if start_us is None:
            return
        steps = -(-(end_us - start_us) // LONGEST_US)
        begins = self._model.seen() if f == 0 else light.planes_of(f - 1)
        ends = light.planes_of(f)
        none = np.zeros(0, np.int64)
        for k in range(1, steps):
            at_us = start_us + (end_us - start_us) * k // steps
            between = planes_between(begins, ends, (at_us - start_us) / (end_us - start_us))
            yield Packet(self._model.push(between, np.array([at_us])).events, none, none)


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
