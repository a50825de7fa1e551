"""The clips that are timed: decoded beforehand, so that decoding is no part of the pixel."""

from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

import cv2
import numpy as np
from numpy.typing import NDArray

from eventsim.events import SensorSize
from eventsim.frames import Encoding
from eventsim.pixel.array import PixelArray
from eventsim.pixel.settings import PRESETS, PixelSettings
from eventsim.sources.batches import BATCH_BYTES, BATCH_EVENTS, BATCH_FRAMES
from eventsim.sources.video import VideoSource

DEMO_SIZE = SensorSize(346, 260)
"""Of the DAVIS346, the camera most papers use."""
SLOWER = 8
"""Frames of slow motion for each frame of the clip."""
SLOW_BYTES = 150 << 20
"""Most memory of a slow-motion clip; chosen by eye."""

V2E_CUTOFF_HZ = {"v2e-clean": 0.0, "v2e-noisy": 30.0}
"""Bandwidth that v2e's own presets choose beside the noise (``set_dvs_params``, commit cac6384)."""
PIXELS = {
    name: {**values, "photoreceptor_cutoff_hz": V2E_CUTOFF_HZ[name]}
    for name, values in PRESETS.items()
}
"""The two pixels that are timed: thresholds alone, and with a slow photoreceptor and noise."""


@dataclass(frozen=True)
class Clip:
    """Frames in memory.

    Attributes
    ----------
    name : str
    frames : (N, H, W) ndarray of uint8
        sRGB, 0 is black and 255 is white.
    t_us : (N,) ndarray of int64
        Microseconds, evenly spaced but for the rounding.
    fps : float
        Frames a second of the time axis of the clip.
    """

    name: str
    frames: NDArray[np.uint8]
    t_us: NDArray[np.int64]
    fps: float

    @property
    def size(self) -> SensorSize:
        """Width and height, px."""
        return SensorSize(self.frames.shape[2], self.frames.shape[1])

    @property
    def pixel_frames(self) -> int:
        """Pixels times frame intervals: what has to be stepped."""
        return (len(self.frames) - 1) * self.size.width * self.size.height

    def head(self, frames: int) -> "Clip":
        """Keep only the first frames."""
        return replace(self, frames=self.frames[:frames], t_us=self.t_us[:frames])


@dataclass(frozen=True)
class Run:
    """What one pass of a clip through the pixels took.

    Attributes
    ----------
    first_s : float
        Construction and the first frame: thresholds and noise are drawn, no event is made.
    rest_s : float
        All frame intervals after it.
    events : int
    """

    first_s: float
    rest_s: float
    events: int


def make_clip(name: str, frames: NDArray[np.uint8], fps: float) -> Clip:
    """Give frames evenly spaced times."""
    return Clip(name, frames, np.round(np.arange(len(frames)) * 1e6 / fps).astype(np.int64), fps)


def read_clip(path: Path, name: str, *, size: SensorSize | None = None) -> Clip:
    """Decode a whole video to full-range 8-bit frames.

    Parameters
    ----------
    path : path
    name : str
        ``{height}`` in it becomes the height of the frames.
    size : SensorSize, optional
        Frames are resized to it (area average), whatever their shape.
    """
    source = VideoSource(path)
    black, white = source.encoding.black, source.encoding.white
    code = (np.arange(256) - black) * (255 / (white - black))
    table = np.clip(np.round(code), 0, 255).astype(np.uint8)
    frames = []
    for frame in source:
        values = table[frame.values.astype(np.uint8, copy=False)]
        if size is not None and values.shape != (size.height, size.width):
            values = np.asarray(cv2.resize(values, tuple(size), interpolation=cv2.INTER_AREA))
        frames.append(values)
    stack = np.stack(frames)
    return make_clip(name.format(height=stack.shape[1]), stack, source.frame_rate_hz or 25.0)


def slow_motion(clip: Clip, *, factor: int = SLOWER, most_bytes: int = SLOW_BYTES) -> Clip:
    """Blend linearly between frames, as a camera with `factor` times the frame rate would see.

    Long clips are cut so that the result stays below `most_bytes`.
    """
    whole = len(clip.frames) - 1
    fitting = most_bytes // (factor * clip.size.width * clip.size.height)
    steps = max(1, min(whole, fitting))
    weight = np.arange(factor, dtype=np.float32)[:, None, None] / factor
    frames = np.empty((steps * factor + 1, *clip.frames.shape[1:]), np.uint8)
    for i in range(steps):
        a, b = clip.frames[i].astype(np.float32), clip.frames[i + 1].astype(np.float32)
        frames[i * factor : (i + 1) * factor] = np.round(a + (b - a) * weight)
    frames[-1] = clip.frames[steps]
    return make_clip(f"{clip.name} x{factor}", frames, clip.fps * factor)


def still(clip: Clip, frames: int) -> Clip:
    """Repeat the middle frame: nothing moves."""
    middle = clip.frames[len(clip.frames) // 2]
    return make_clip(f"{clip.name} still", np.repeat(middle[None], frames, axis=0), clip.fps)


def push_clip(
    clip: Clip, settings: PixelSettings, *, threads: int, encoding: Encoding | None = None
) -> Run:
    """Time a clip through new pixels; packets are dropped as soon as they are made.

    Batches are as long as `eventsim.simulator.simulate_source` would make them.
    """
    started = perf_counter()
    encoding = encoding or Encoding("srgb")
    pixels = PixelArray(clip.size, settings, encoding, threads=threads)
    pixels.push(clip.frames[:1], clip.t_us[:1])
    began = perf_counter()
    most = max(1, min(BATCH_FRAMES, BATCH_BYTES // (clip.size.width * clip.size.height)))
    events, start, wanted = 0, 1, min(4, most)
    while start < len(clip.frames):
        batch = slice(start, start + wanted)
        packet = pixels.push(clip.frames[batch], clip.t_us[batch])
        start += len(packet.frame_t_us)
        events += len(packet.events)
        per_frame = max(1, len(packet.events) // len(packet.frame_t_us))
        wanted = max(1, min(most, BATCH_EVENTS // per_frame, 2 * wanted))
        del packet  # or its memory would not be used again for the next one
    return Run(began - started, perf_counter() - began, events)


def standard_clips(demo: Path, bbb: Path) -> list[Clip]:
    """Read both clips, and slow them down."""
    plain = [read_clip(demo, "demo346", size=DEMO_SIZE), read_clip(bbb, "bbb{height}")]
    return [plain[0], slow_motion(plain[0]), plain[1], slow_motion(plain[1])]
