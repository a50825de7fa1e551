"""Bringing frames to the size of the sensor: cut out, scale, crop or pad."""

from dataclasses import dataclass
from typing import NamedTuple, get_args

import cv2
import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError
from eventsim.events import SensorSize
from eventsim.frames import Vectors
from eventsim.sources.checks import Fit


class Crop(NamedTuple):
    """A rectangle of the frame as it comes, px."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Geometry:
    """How frames of one size become frames of another.

    First `crop` is cut out of the frame, then the rest is fitted to `size`.

    Attributes
    ----------
    source : SensorSize
        Frames as they come, px.
    size : SensorSize
        Frames as they leave, px.
    fit : {"crop", "pad", "stretch"}
        ``crop``: scale to cover the target and cut the center; ``pad``: scale to fit inside
        and fill the border; ``stretch``: scale both axes on their own.
    crop : Crop
        Part of the source that is used.

    Examples
    --------
    >>> print(Geometry.of((1280, 720), (346, 260)).describe())
    1280x720 scaled by 0.361 to 462x260, cut to 346x260
    """

    source: SensorSize
    size: SensorSize
    fit: Fit
    crop: Crop

    @classmethod
    def of(
        cls,
        source: tuple[int, int],
        size: tuple[int, int] | None = None,
        *,
        fit: Fit = "crop",
        crop: tuple[int, int, int, int] | None = None,
    ) -> "Geometry":
        """Geometry from what a user asks for, checked.

        Parameters
        ----------
        source : (width, height)
            Of the frames as they come, px.
        size : (width, height), optional
            Of the frames wanted, px. Default: that of the crop, or of the source.
        fit : {"crop", "pad", "stretch"}
        crop : (x, y, width, height), optional
            Part of the source to use, px. Default: all of it.

        Raises
        ------
        ConfigError
            If the crop reaches over the frame, a size is not positive, or the fit is unknown.
        """
        width, height = source
        cut = Crop(0, 0, width, height) if crop is None else Crop(*crop)
        inside = (
            cut.x >= 0
            and cut.y >= 0
            and min(cut.width, cut.height) > 0
            and cut.x + cut.width <= width
            and cut.y + cut.height <= height
        )
        if not inside:
            raise ConfigError(
                f"crop must lie inside the {width}x{height} frame, found x={cut.x}, y={cut.y}, "
                f"width={cut.width}, height={cut.height}. Give (x, y, width, height) in pixels."
            )
        if fit not in get_args(Fit):
            raise ConfigError(f"fit must be one of {', '.join(get_args(Fit))}, found {fit!r}.")
        target = SensorSize(*(size or (cut.width, cut.height)))
        if min(target) < 1:
            raise ConfigError(f"size must be at least 1x1, found {target}.")
        return cls(SensorSize(width, height), target, fit, cut)

    @property
    def is_identity(self) -> bool:
        """Whether frames pass unchanged."""
        return self.source == self.size == (self.crop.width, self.crop.height)

    @property
    def scaled(self) -> SensorSize:
        """Size of the crop after scaling, before it is cut or padded, px."""
        if self.fit == "stretch":
            return self.size
        scale = self._scale
        rounded = (round(self.crop.width * scale), round(self.crop.height * scale))
        # Rounding must not leave a line short, over, or empty.
        limit = max if self.fit == "crop" else min
        width, height = (max(1, limit(r, t)) for r, t in zip(rounded, self.size, strict=True))
        return SensorSize(width, height)

    @property
    def _scale(self) -> float:
        ratios = (self.size.width / self.crop.width, self.size.height / self.crop.height)
        return max(ratios) if self.fit == "crop" else min(ratios)

    def apply(self, values: NDArray[np.generic], fill: float = 0.0) -> NDArray[np.generic]:
        """Bring one frame to `size`.

        Parameters
        ----------
        values : (H, W) ndarray of uint8, uint16 or float32
            Of the size `source`.
        fill : float
            Number that means black in these frames, for the border of ``pad``.

        Returns
        -------
        (H, W) contiguous ndarray
            Of the same type; `values` itself if there is nothing to do.

        Notes
        -----
        An axis that shrinks is averaged over areas (cv2.INTER_AREA), one that grows is
        interpolated linearly (cv2.INTER_LINEAR).
        """
        if self.is_identity:
            return np.ascontiguousarray(values)
        x, y, width, height = self.crop
        scaled = _resize(values[y : y + height, x : x + width], self.scaled)
        spare_x = self.scaled.width - self.size.width
        spare_y = self.scaled.height - self.size.height
        if self.fit == "pad" and (spare_x or spare_y):
            padded = np.full((self.size.height, self.size.width), fill, values.dtype)
            left, top = -spare_x // 2, -spare_y // 2
            padded[top : top + self.scaled.height, left : left + self.scaled.width] = scaled
            return padded
        left, top = spare_x // 2, spare_y // 2
        return np.ascontiguousarray(
            scaled[top : top + self.size.height, left : left + self.size.width]
        )

    def apply_to(self, vectors: Vectors) -> Vectors:
        """Bring the vectors of a frame to `size`, and to its pixels; NaN beyond its border."""
        if self.is_identity:
            return vectors
        x = self.scaled.width / self.crop.width
        y = self.scaled.height / self.crop.height

        def field(given: NDArray[np.float32] | None) -> NDArray[np.float32] | None:
            if given is None:
                return None
            planes = [self.apply(np.ascontiguousarray(given[..., k]), np.nan) for k in (0, 1)]
            return np.stack(planes, -1).astype(np.float32) * np.array([x, y], np.float32)

        depth = vectors.depth
        if depth is not None:
            depth = self.apply(depth, np.inf).astype(np.float32)
        return Vectors(field(vectors.forth), field(vectors.back), depth)

    def apply_to_ids(self, ids: NDArray[np.uint16]) -> NDArray[np.uint16]:
        """Bring numbers that cannot be mixed to `size`: those in the middle of the new pixels."""
        if self.is_identity:
            return ids
        x, y, width, height = self.crop
        spare_x = self.scaled.width - self.size.width
        spare_y = self.scaled.height - self.size.height
        left, top = (spare // 2 if spare >= 0 else -(-spare // 2) for spare in (spare_x, spare_y))
        column = np.floor((np.arange(self.size.width) + left + 0.5) * width / self.scaled.width)
        row = np.floor((np.arange(self.size.height) + top + 0.5) * height / self.scaled.height)
        inside = np.ix_((row >= 0) & (row < height), (column >= 0) & (column < width))
        found = np.zeros((self.size.height, self.size.width), np.uint16)
        there = np.ix_(
            y + row[(row >= 0) & (row < height)].astype(int),
            x + column[(column >= 0) & (column < width)].astype(int),
        )
        found[inside] = ids[there]
        return found

    def describe(self) -> str:
        """Say what happens to a frame, in one line without a full stop."""
        steps = [str(self.source)]
        cut = SensorSize(self.crop.width, self.crop.height)
        if cut != self.source:
            steps.append(f"cropped to {cut} at ({self.crop.x}, {self.crop.y})")
        if self.scaled != cut:
            if self.fit == "stretch":
                steps.append(f"stretched to {self.scaled}")
            else:
                steps.append(f"scaled by {self._scale:.3f} to {self.scaled}")
        if self.scaled != self.size:
            steps.append(f"{'padded' if self.fit == 'pad' else 'cut'} to {self.size}")
        if len(steps) == 1:
            return f"{self.source} unchanged"
        return f"{steps[0]} " + ", ".join(steps[1:])


def _resize(values: NDArray[np.generic], size: SensorSize) -> NDArray[np.generic]:
    """Shrink what shrinks by area, then let grow what grows; INTER_AREA does not do both."""
    height, width = values.shape
    small = (min(width, size.width), min(height, size.height))
    if small != (width, height):
        values = cv2.resize(values, small, interpolation=cv2.INTER_AREA)
    if small != tuple(size):
        values = cv2.resize(values, tuple(size), interpolation=cv2.INTER_LINEAR)
    return values
