"""A look into single pixels: what they see, remember and send, from frame to frame."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim.camera import Camera
from eventsim.errors import ConfigError
from eventsim.events import Events, SensorSize
from eventsim.frames import FrameSource
from eventsim.pixel.look import Look
from eventsim.pixel.settings import CARD_NOISE
from eventsim.simulator import RunningCamera, seen_through
from eventsim.sources.batches import Batch
from eventsim.sources.given import Given

MOST_PIXELS = 1000
"""That are looked into at once; chosen by eye."""


@dataclass(frozen=True, eq=False)
class Probe:
    """Some pixels through time: F frames, K pixels.

    Attributes
    ----------
    size : SensorSize
        Of the sensor.
    pixels : (K, 2) ndarray of int64
        Column and row.
    t_us : (F,) ndarray of int64
        Times of the frames, microseconds; with those that were made in between.
    log, photoreceptor, reference : (F, K) ndarray of float64
        Log luminance, what the photoreceptor makes of it, and what the comparators hold against it,
        at the moment of the frame: ln of DN.
    on_log, off_log : (K,) ndarray of float64
        Contrast thresholds, ln.
    shot_hz, leak_hz : (F, K) ndarray of float64
        Rates of noise events, Hz.
    events : tuple of Events
        Of each pixel, with their kinds.
    notes : tuple of str
        What was left out, made up or converted.
    """

    size: SensorSize
    pixels: NDArray[np.int64]
    t_us: NDArray[np.int64]
    log: NDArray[np.float64]
    photoreceptor: NDArray[np.float64]
    reference: NDArray[np.float64]
    on_log: NDArray[np.float64]
    off_log: NDArray[np.float64]
    shot_hz: NDArray[np.float64]
    leak_hz: NDArray[np.float64]
    events: tuple[Events, ...]
    notes: tuple[str, ...] = ()

    def plot(self) -> Any:
        """A figure of Matplotlib: light, photoreceptor, reference, thresholds, events of each."""
        from eventsim.view.traces import Trace, draw_traces

        traces = [
            Trace(
                f"({x}, {y})", self.t_us, self.log[:, k], self.photoreceptor[:, k],
                self.reference[:, k], self.on_log[k], self.off_log[k], self.events[k],
            )
            for k, (x, y) in enumerate(self.pixels.tolist())
        ]  # fmt: skip
        return draw_traces(traces)


def probe(
    source: Given,
    pixels: Iterable[tuple[int, int]],
    *,
    sensor: str = "davis346",
    noise: str = CARD_NOISE,
    seed: int = 1,
    threads: int | None = None,
    **settings: Any,
) -> Probe:
    """Look into single pixels while a sensor sees frames.

    Parameters
    ----------
    source, sensor, noise, seed, threads, **settings
        As in `eventsim.simulate`, whose events these pixels have, bit for bit.
    pixels : iterable of (x, y)
        Column and row, from the upper left.

    Returns
    -------
    Probe

    Raises
    ------
    ConfigError
        If a pixel is not on the sensor, or as `eventsim.simulate`.
    SourceError, TimeOrderError
        If frames cannot be read or their times do not increase.

    Examples
    --------
    >>> import numpy as np
    >>> import eventsim
    >>> frames = np.array([[[4.0]], [[4.5]]], np.float32), np.array([0, 1000])
    >>> seen = eventsim.probe(frames, [(0, 0)], sensor="ideal", encoding="log")
    >>> seen.events[0].t.tolist(), seen.reference[:, 0].round(3).tolist()
    ([400, 800], [4.0, 4.4])
    """
    seen, camera = seen_through(source, sensor, noise, seed, settings)
    return look_into(seen, pixels, camera, seed=seed, threads=threads)


def look_into(
    seen: FrameSource,
    pixels: Iterable[tuple[int, int]],
    camera: Camera,
    *,
    seed: int = 1,
    threads: int | None = None,
) -> Probe:
    """Look into single pixels of a camera; as `probe`, of a source behind its stages."""
    places = _places(pixels, seen.size)
    index = places[:, 1] * seen.size.width + places[:, 0]
    running = RunningCamera(seen, camera, seed=seed, threads=threads)
    times: list[int] = []
    looks: list[Look] = []
    found: list[list[Events]] = [[] for _ in index]

    def keep(events: Events) -> None:
        raster = events.y.astype(np.int64) * seen.size.width + events.x
        some = np.flatnonzero(np.isin(raster, index))
        for k, pixel in enumerate(index):
            found[k].append(events[some[raster[some] == pixel]])

    for frame in seen:
        for packet in running.see(Batch.of([frame])):
            keep(packet.events)
        times.append(frame.t_us)
        looks.append(running.look(index))
    for packet in running.end():
        keep(packet.events)
    if not looks:
        raise ConfigError("not one frame could be read, and one is needed to look at a pixel.")
    columns = {name: np.stack([getattr(look, name) for look in looks]) for name in Look._fields}
    columns |= {name: columns[name][0] for name in ("on_log", "off_log")}
    events = tuple(Events.concatenate(pieces, seen.size) for pieces in found)
    at = np.array(times, np.int64)
    return Probe(seen.size, places, at, events=events, notes=tuple(seen.notes), **columns)


def _places(pixels: Iterable[tuple[int, int]], size: SensorSize) -> NDArray[np.int64]:
    given: Sequence[tuple[int, int]] = list(pixels)
    if not 0 < len(given) <= MOST_PIXELS:
        raise ConfigError(f"1 to {MOST_PIXELS} pixels can be looked into, found {len(given)}.")
    for x, y in given:
        if not (0 <= x < size.width and 0 <= y < size.height):
            raise ConfigError(
                f"a pixel must be on the sensor, which is {size}, found column {x} and row {y}. "
                "Both count from 0, at the upper left."
            )
    return np.array(given, np.int64)
