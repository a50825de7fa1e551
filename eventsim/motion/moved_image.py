"""A still image that is moved on a path in front of a sensor, as a source of frames."""

import math
from collections.abc import Iterator
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError, SourceError
from eventsim.events import SensorSize
from eventsim.frames import Encoding, Frame
from eventsim.motion.lighting import Lighting
from eventsim.motion.paths import EyePath
from eventsim.motion.render import blur_rows, render_poses, render_shifts
from eventsim.motion.timing import frame_times
from eventsim.pixel.light import table
from eventsim.sources.checks import as_frame, encoding_of, scale_complaint
from eventsim.sources.geometry import Geometry
from eventsim.sources.gray import to_gray

Outside = Literal["edge", "black", "refuse"]

STEP_PX = 0.25
"""Largest displacement from one frame to the next, px. The light between two frames is taken as
straight in its logarithm. Chosen by measurement, on a texture as fine as pixels: against steps of
0.005 px 2 % of the events are lost, half of the others are within 5 us and 99 % within 0.3 ms,
where a step takes 1 ms and more. Steps of 0.1 px lose 0.9 %, of 0.5 px 4 %."""
BLOCK_BYTES = 4 << 20
"""Most bytes of frames rendered at once; chosen by eye."""
BLUR_REACH = 4.0
"""Standard deviations after which a Gaussian is cut; 6e-5 of it lie outside."""
MOST_BLUR_PX = 100.0
"""Chosen by eye."""
FINEST_PX = 1e-4
"""Smallest `step_px`; chosen by eye."""
ROUNDING_PX = 1e-9
"""What counts as no distance; far above the rounding of float64."""
LARGEST_IMAGE = 1 << 28
"""Most pixels of the scaled image, 1 GB; chosen by eye."""


class MovedImage:
    """A still image moved on a path in front of a sensor; a `eventsim.frames.FrameSource`.

    Parameters
    ----------
    image : (H, W) or (H, W, 3) ndarray of uint8, uint16, float32 or float64
        Color becomes luma.
    path : EyePath
        Displacement of the image; at (0, 0) the centers of image and sensor are together.
    encoding : Encoding, optional
        What its pixel values mean. Default: sRGB, with white at 255, or 65535 for uint16.
    size : (width, height), optional
        Size of the sensor, px. Default: that of the image.
    scale : float, optional
        Sensor pixels per image pixel. Default: the smallest at which the image covers the sensor.
        An image that shrinks is averaged over areas, one that grows is interpolated linearly, in
        linear light.
    blur_px : float
        Standard deviation of a Gaussian blur (the optics), px of the sensor. In linear light.
    step_px : float
        Largest displacement of any pixel's view between two frames, px of the sensor.
    outside : {"edge", "black", "refuse"}
        What the sensor sees beyond the image: its edge goes on; nothing; or an error if the path
        goes there.
    lighting : Lighting, optional
        Default: as the image is.
    run_in_us : int
        So much of the path comes before the recording begins.

    Attributes
    ----------
    size : SensorSize
    encoding : Encoding
        Of the frames: linear, white at 255.
    path : EyePath
    run_in_us : int
    expected_frames : int
    notes : list of str
    lost_frames : int
        0.

    Raises
    ------
    ConfigError
        If a setting is out of range.
    SourceError
        If the image is not as above, or the path leaves it while `outside` is ``refuse``.

    Notes
    -----
    The luminance of a frame is ``brightness L(q) (1 + flicker) + ambient``, with L bilinear between
    the pixels of the scaled image and q as in `eventsim.motion.paths`. A zoom far below 1 in
    the path itself is not averaged over areas, and aliases: shrink with `scale`.

    Examples
    --------
    >>> path = EyePath.of([0, 10_000], [0.0, 1.0], [0.0, 0.0])
    >>> source = MovedImage(np.array([[0, 255, 0]], np.uint8), path, step_px=0.5)
    >>> [(frame.t_us, frame.values[0].tolist()) for frame in source][1]
    (5000, [0.0, 127.5, 127.5])
    """

    def __init__(  # noqa: PLR0913 - one picture has so many sides; all have a default
        self,
        image: NDArray[np.generic],
        path: EyePath,
        *,
        encoding: Encoding | None = None,
        size: tuple[int, int] | None = None,
        scale: float | None = None,
        blur_px: float = 0.0,
        step_px: float = STEP_PX,
        outside: Outside = "edge",
        lighting: Lighting | None = None,
        run_in_us: int = 0,
    ) -> None:
        _check_options(scale, blur_px, step_px, outside)
        luminance, self.notes = _luminance(image, encoding)
        height, width = luminance.shape
        self.size = SensorSize(*(size or (width, height)))
        if min(self.size) < 1:
            raise ConfigError(f"size must be at least 1x1, found {self.size}.")
        self.encoding = Encoding("linear")
        self.path, self.run_in_us = path, run_in_us
        self.lost_frames = 0
        self._lighting = lighting or Lighting()
        scaled = _scaled(luminance, self.size, scale)
        if blur_px > 0:
            scaled = _blurred(scaled, blur_px, edge=outside != "black")
        self._t_us = frame_times(path, self.size, step_px, self._lighting.longest_us)
        self._poses = path.at(self._t_us)
        self._leave(SensorSize(scaled.shape[1], scaled.shape[0]), outside)
        # One ring more, and then the last pixel counts for all that lies beyond it.
        ring = {"mode": "constant"} if outside == "black" else {"mode": "edge"}
        self._image = np.pad(scaled, 1, **ring)  # type: ignore[call-overload]

    @property
    def expected_frames(self) -> int:
        """Number of frames."""
        return self._t_us.size

    def __iter__(self) -> Iterator[Frame]:
        """Yield the frames in order of time; each pass starts from the first."""
        at_once = max(1, BLOCK_BYTES // (4 * self.size.width * self.size.height))
        for first in range(0, self._t_us.size, at_once):
            t_us = self._t_us[first : first + at_once]
            yield from map(Frame, t_us.tolist(), self._render(slice(first, first + at_once)))

    def _render(self, some: slice) -> NDArray[np.float32]:
        gains = self._lighting.gain(self._t_us[some])
        frames = np.empty((gains.size, self.size.height, self.size.width), np.float32)
        poses, ambient = self._poses[some], self._lighting.ambient_dn
        if self.path.only_shifts:
            render_shifts(self._image, poses, gains, ambient, frames)
        else:
            render_poses(self._image, poses, gains, ambient, frames)
        return frames

    def _leave(self, image: SensorSize, outside: Outside) -> None:
        """Say how far the view of the sensor leaves the image, or refuse."""
        gap = leaves_by_px(self._poses, self.size, image)
        if gap <= 0:
            return
        if outside == "refuse":
            raise SourceError(
                f"the path must stay on the image, but leaves it by {gap:.1f} px: the image is "
                f"{image} px on a sensor of {self.size}. Use a larger scale, a smaller path, or "
                "outside 'edge' or 'black'."
            )
        seen = "its edge goes on there" if outside == "edge" else "it is black there"
        self.notes.append(f"the view leaves the image by up to {gap:.1f} px: {seen}")


def leaves_by_px(poses: NDArray[np.float64], size: SensorSize, image: SensorSize) -> float:
    """How far the sensor looks beyond an image at most.

    Parameters
    ----------
    poses : (n, 4) ndarray of float64
    size : SensorSize
        Of the sensor.
    image : SensorSize

    Returns
    -------
    float
        Px of the image, 0 or less if it sees nothing else.
    """
    x, y, rotation, zoom = poses.T
    half_w, half_h = size.width / 2, size.height / 2
    if not rotation.any() and bool((zoom == 1).all()):
        over_x = float(np.abs(x).max()) + half_w - image.width / 2
        over_y = float(np.abs(y).max()) + half_h - image.height / 2
        return _without_rounding(max(over_x, over_y))
    over = []
    for px, py in ((half_w, half_h), (half_w, -half_h), (-half_w, half_h), (-half_w, -half_h)):
        qx = (np.cos(rotation) * (px - x) + np.sin(rotation) * (py - y)) / zoom
        qy = (np.cos(rotation) * (py - y) - np.sin(rotation) * (px - x)) / zoom
        over += [np.abs(qx).max() - image.width / 2, np.abs(qy).max() - image.height / 2]
    return _without_rounding(float(max(over)))


def _without_rounding(gap: float) -> float:
    return 0.0 if abs(gap) < ROUNDING_PX else gap


def _check_options(scale: float | None, blur_px: float, step_px: float, outside: str) -> None:
    if scale is not None and not 0 < scale < math.inf:
        raise ConfigError(f"scale must be above 0, found {scale:g}.")
    if not 0 <= blur_px <= MOST_BLUR_PX:
        raise ConfigError(f"blur_px must be from 0 to {MOST_BLUR_PX:g}, found {blur_px:g}.")
    if not step_px >= FINEST_PX:
        raise ConfigError(f"step_px must be at least {FINEST_PX:g}, found {step_px:g}.")
    if outside not in get_args(Outside):
        raise ConfigError(
            f"outside must be one of {', '.join(get_args(Outside))}, found {outside!r}."
        )


def _luminance(
    image: NDArray[np.generic], encoding: Encoding | None
) -> tuple[NDArray[np.float32], list[str]]:
    """Linear luminance of an image, DN, and what was done to it."""
    image = np.asarray(image)
    if image.ndim not in (2, 3) or (image.ndim == 3 and image.shape[2] not in (1, 3)):
        raise SourceError(
            f"an image must be (H, W) or (H, W, 3), found the shape {image.shape}. Pass one image, "
            "with the channels last."
        )
    gray, notes = to_gray(image)
    values = as_frame(gray, "the image")
    if encoding is None:
        encoding = encoding_of(values.dtype, transfer="srgb", white=None)
        largest = float(values.max()) if values.dtype.kind == "f" else 0.0
        complaint = scale_complaint(largest, values.dtype, "srgb", None)
        if complaint:
            raise ConfigError(complaint.replace("Pass white=1.0", "Pass Encoding('srgb', 0, 1)"))
    if values.dtype == np.uint8:
        return table(encoding, 256)[1][values.view(np.uint8)], notes
    return encoding.luminance(values), notes


def _scaled(
    luminance: NDArray[np.float32], size: SensorSize, scale: float | None
) -> NDArray[np.float32]:
    """Bring an image to the scale of the sensor."""
    height, width = luminance.shape
    if scale is None:
        scale = max(size.width / width, size.height / height)
    target = SensorSize(max(1, round(width * scale)), max(1, round(height * scale)))
    if target.width * target.height > LARGEST_IMAGE:
        raise ConfigError(
            f"scale must keep the image below {LARGEST_IMAGE} pixels, found {scale:g}, which makes "
            f"it {target}. Choose a smaller one."
        )
    geometry = Geometry.of((width, height), target, fit="stretch")
    return np.asarray(geometry.apply(luminance), np.float32)


def _blurred(image: NDArray[np.float32], sd_px: float, *, edge: bool) -> NDArray[np.float32]:
    """Image convolved with a Gaussian."""
    reach = max(1, math.ceil(BLUR_REACH * sd_px))
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sd_px) ** 2)
    weights = (weights / weights.sum()).astype(np.float32)
    for _ in range(2):  # rows, then what were columns
        mixed = np.empty_like(image)
        blur_rows(image, weights, edge, mixed)
        image = np.ascontiguousarray(mixed.T)
    return image
