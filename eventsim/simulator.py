"""Frames to events: the loop that everyone reads first.

    source -> frame stages -> pixels -> packet stages

A source yields frames, `Reading` says through which stages they go, the settings of the
camera what the pixels do, and `Readout` through which stages their packets go. Memory holds
one batch of frames and one packet, however long the source is.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from eventsim.camera import Camera, choose_camera, twin_camera
from eventsim.events import Events, Packet
from eventsim.frames import FrameSource, Transfer
from eventsim.pixel.array import PixelArray
from eventsim.pixel.look import Look
from eventsim.pixel.settings import CARD_NOISE
from eventsim.readout.beginning import Beginning
from eventsim.readout.object_ids import ObjectIds
from eventsim.readout.row_delay import RowDelay
from eventsim.readout.settings import last_packets
from eventsim.sources.batches import Batch, batches
from eventsim.sources.given import Given, source_of
from eventsim.sources.reading import Reading
from eventsim.sources.staged import staged


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The pixels at a moment, to go on from.

    Attributes
    ----------
    frames : int
        That they have seen.
    pixels : dict of str to ndarray
        As `RunningCamera.save` gives them.
    """

    frames: int
    pixels: dict[str, NDArray[Any]]


class RunningCamera:
    """A camera that sees frames: its pixels, and the stages behind them.

    Parameters
    ----------
    source : FrameSource
        Says what frames are like.
    camera : Camera
        Its size is not used here: the frames of the source are what the pixels see.
    seed : int
        Of thresholds and noise.
    threads : int, optional
        Of the pixel kernels; does not change the events.
    """

    def __init__(
        self, source: FrameSource, camera: Camera, *, seed: int = 1, threads: int | None = None
    ) -> None:
        camera = camera.drawn(seed)
        lux: float = getattr(source, "illuminance_lux", 0.0)
        if lux and not camera.values.get("illuminance_lux", lux):  # what was set is obeyed
            camera = camera.changed({"illuminance_lux": lux})
        self._pixels = PixelArray(
            source.size, camera.settings, source.encoding, seed=seed, threads=threads
        )
        rows_us: float = getattr(source, "rows_us", 0.0)
        rows = (RowDelay(source.size, rows_us),) if rows_us else ()
        run_in_us = getattr(source, "run_in_us", 0)
        begins = (Beginning(source.size, run_in_us),) if run_in_us else ()
        self._stages = (*rows, *camera.readout.stages(source.size, seed), *begins)
        self._objects = ObjectIds(source.size, rows_us)

    def see(self, batch: Batch) -> Iterator[Packet]:
        """Packets of some more frames."""
        if batch.ids is not None:
            self._objects.see(batch.t_us, batch.ids)
        packets = self._pixels.pieces(batch.frames, batch.t_us, new_scene=batch.new_scene)
        for stage in self._stages:
            packets = map(stage.push, packets)
        return map(self._objects.named, packets)

    def end(self) -> Iterator[Packet]:
        """What is still under way when the last frame was seen."""
        return map(self._objects.named, last_packets(self._stages))

    def look(self, pixels: NDArray[np.int64]) -> Look:
        """What some pixels have inside at the last frame; `pixels` are raster indices."""
        return self._pixels.look(pixels)

    def save(self) -> dict[str, NDArray[Any]]:
        """Everything needed to go on later or elsewhere, as arrays by name."""
        saved = dict(self._pixels.save())
        for k, stage in enumerate(self._stages):
            saved |= {f"stage {k} {name}": array for name, array in stage.save().items()}
        saved |= {f"objects {name}": array for name, array in self._objects.save().items()}
        return {name: array.copy() for name, array in saved.items()}

    def restore(self, saved: Mapping[str, NDArray[Any]]) -> None:
        """Go on from what `save` gave, of the same camera, seed and frames.

        Raises
        ------
        ConfigError
            If it is of others.
        """
        behind = ("stage ", "objects ")
        self._pixels.restore({n: a for n, a in saved.items() if not n.startswith(behind)})
        self._objects.restore(
            {n.removeprefix("objects "): a for n, a in saved.items() if n.startswith("objects ")}
        )
        for k, stage in enumerate(self._stages):
            own = f"stage {k} "
            stage.restore({n.removeprefix(own): a for n, a in saved.items() if n.startswith(own)})


def simulate_source(
    source: FrameSource, camera: Camera, *, seed: int = 1, threads: int | None = None
) -> Iterator[Packet]:
    """Packets of events from a source of frames.

    Parameters
    ----------
    source : FrameSource
    camera : Camera
        Its size is not used here: the frames of the source are what the pixels see.
    seed : int
        Of thresholds and noise.
    threads : int, optional
        Of the pixel kernels; does not change the events.

    Yields
    ------
    Packet
        Sorted, each later than the one before. The first frame makes no events. In a long pause
        between two frames, and where the readout holds events back beyond the last frame, there
        are packets without a frame.
    """
    for item in simulate_with_snapshots(source, camera, seed=seed, threads=threads):
        if isinstance(item, Packet):
            yield item


def simulate_with_snapshots(
    source: FrameSource,
    camera: Camera,
    *,
    seed: int = 1,
    threads: int | None = None,
    go_on: Snapshot | None = None,
    wanted: Callable[[], bool] = lambda: False,
) -> Iterator[Packet | Snapshot]:
    """As `simulate_source`, with snapshots among the packets, and from one of them on.

    Parameters
    ----------
    source, camera, seed, threads
        As `simulate_source`.
    go_on : Snapshot, optional
        Where to go on; the source must begin with the frame after.
    wanted : callable
        Asked after each batch of frames whether a snapshot is wanted now.

    Yields
    ------
    Packet or Snapshot
        A snapshot stands for all packets before it.
    """
    running = RunningCamera(source, camera, seed=seed, threads=threads)
    seen = 0
    if go_on is not None:
        running.restore(go_on.pixels)
        seen = go_on.frames
    for batch in batches(source, made := [0]):
        made[0] = 0
        for packet in running.see(batch):
            made[0] += len(packet.events)
            yield packet
        seen += len(batch.t_us)
        if wanted():
            yield Snapshot(seen, running.save())
    yield from running.end()


def simulate_packets(
    source: Given,
    *,
    sensor: str = "davis346",
    noise: str = CARD_NOISE,
    seed: int = 1,
    threads: int | None = None,
    **settings: Any,
) -> Iterator[Packet]:
    """As `simulate`, but yields packets while the source runs: memory stays bounded.

    Yields
    ------
    Packet
        Sorted events of some frame intervals, with the times of the frames.
    """
    seen, camera = seen_through(source, sensor, noise, seed, settings)
    return simulate_source(seen, camera, seed=seed, threads=threads)


def seen_through(
    source: Given, sensor: str, noise: str, seed: int, settings: Mapping[str, Any]
) -> tuple[FrameSource, Camera]:
    """Frames behind all stages, and the camera that sees them.

    Parameters
    ----------
    source, sensor, noise, seed
        As in `simulate`.
    settings : mapping
        Of the camera, of how frames are read, and color.
    """
    names = {field.name for field in fields(Reading)}
    read = {name: value for name, value in settings.items() if name in names}
    rest = {name: value for name, value in settings.items() if name not in names}
    color = rest.pop("color", None)
    camera = choose_camera(sensor, noise, rest)
    reading = Reading(**{n: value for n, value in read.items() if value is not None})
    frames = source_of(source, reading, camera.size, camera.transfer, color=color)
    return staged(frames, reading.stages(seed)), camera


@overload
def simulate(
    source: Given,
    *,
    sensor: str = ...,
    noise: str = ...,
    seed: int = ...,
    threads: int | None = ...,
    encoding: Transfer | None = ...,
    twin: None = None,
    **settings: Any,
) -> Events: ...
@overload
def simulate(
    source: Given,
    *,
    sensor: str = ...,
    noise: str = ...,
    seed: int = ...,
    threads: int | None = ...,
    encoding: Transfer | None = ...,
    twin: Mapping[str, Any],
    **settings: Any,
) -> tuple[Events, Events]: ...
def simulate(
    source: Given,
    *,
    sensor: str = "davis346",
    noise: str = CARD_NOISE,
    seed: int = 1,
    threads: int | None = None,
    encoding: Transfer | None = None,
    twin: Mapping[str, Any] | None = None,
    **settings: Any,
) -> Events | tuple[Events, Events]:
    """Generate events from a video, a folder of images, or frames in Python.

    Parameters
    ----------
    source : path, array with fps, (frames, t_us), iterable of (t_us, frame), or FrameSource
        A path to a video, a folder of images or a multi-page TIFF; an array or PyTorch tensor
        (N, H, W), or (N, H, W, 3) with `color`, with `fps` or in a pair with (N,) integer
        microseconds; or any iterable of times and frames, or with `fps` of frames.
    sensor : str
        Card of the camera: ``ideal``, ``v2e``, ``davis346``, ... (``eventsim ls`` names them), or
        the path of one of your own (``./mine.toml``).
    noise : {"card", "v2e-clean", "v2e-noisy"}
        ``card`` keeps the noise of the sensor; the others are presets that replace it.
    seed : int
        Seed of noise; equal seeds give equal events, bit for bit. (In a dataset each recording has
        its own seed, derived from that of the conversion: ``recording.seed``.) What is peculiar to
        the device, such as the mismatch of its pixels, has a seed of its own, ``device_seed``.
    threads : int, optional
        Number of threads of the pixel kernels; does not change the events.
    encoding : {"srgb", "linear", "pq", "hlg", "log"}, optional
        What pixel values mean; by default as the sensor card says. Values are on the 8-bit scale
        (255 is white) unless `white` says otherwise; ``log`` is the natural logarithm of that.
    twin : mapping, optional
        Settings of a second camera that sees the same frames, with the same seed and so the same
        random numbers: the two streams differ only by the effect of these settings. See Notes.
    **settings
        Of the camera (``contrast_threshold_on=0.3``, see `eventsim.camera.SETTINGS`; or drawn from
        the seed, ``contrast_threshold_on="uniform(0.1, 0.4)"``); fields of
        `eventsim.sources.reading.Reading`, which say how frames are read (``fps``, ``white``,
        ``slow_motion``; and for a path ``size``, ``crop``, ``start_s``, ...); and for arrays
        `color`, "rgb" or "bgr".

    Returns
    -------
    Events
        All events, sorted, with their kinds. With `twin`, a pair: those of the camera and those of
        its twin.

    Notes
    -----
    A draw is a function of (seed, stream, pixel, number), so twins differ by as little as can be.
    Shot noise and hot pixels do not reset a pixel: a twin with more or less of them
    has the same events of all other kinds, bit for bit. A leak moves the reference, and so the
    signal after it; thresholds and bandwidth change the signal itself, and where thresholds differ
    from pixel to pixel, its noise rates. With a refractory period an event of any kind silences
    its pixel, so there the streams differ after it.

    Raises
    ------
    ConfigError
        For a wrong name or value.
    SourceError, TimeOrderError
        If frames cannot be read or their times do not increase.

    Examples
    --------
    A pixel that brightens by 2.5 thresholds makes two ON events:

    >>> import numpy as np
    >>> import eventsim
    >>> frames = np.array([[[4.0]], [[4.5]]], np.float32)
    >>> events = eventsim.simulate(
    ...     (frames, np.array([0, 1000])), sensor="ideal", encoding="log"
    ... )
    >>> events.t.tolist(), events.p.tolist()
    ([400, 800], [True, True])
    """
    asked = {"encoding": encoding, **settings}
    seen, camera = seen_through(source, sensor, noise, seed, asked)
    if twin is not None:
        return _simulate_both(seen, (camera, twin_camera(camera, twin)), seed, threads)
    packets = simulate_source(seen, camera, seed=seed, threads=threads)  # pixels, packet stages
    return Events.concatenate([packet.events for packet in packets], seen.size)


def _simulate_both(
    source: FrameSource, cameras: tuple[Camera, Camera], seed: int, threads: int | None
) -> tuple[Events, Events]:
    """Events of two cameras that see the same frames, which are read once."""
    both = [RunningCamera(source, camera, seed=seed, threads=threads) for camera in cameras]
    seen: tuple[list[Events], list[Events]] = ([], [])
    for batch in batches(source, made := [0]):
        for running, pieces in zip(both, seen, strict=True):
            pieces += [packet.events for packet in running.see(batch)]
        made[0] = sum(len(pieces[-1]) for pieces in seen if pieces)
    for running, pieces in zip(both, seen, strict=True):
        pieces += [packet.events for packet in running.end()]
    first, second = (Events.concatenate(pieces, source.size) for pieces in seen)
    return first, second
