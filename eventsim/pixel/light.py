"""Frames as the pixel wants them: log luminance and luminance.

8-bit frames go to the kernels as they are, with a table for their 256 numbers; all
other frames are turned into two planes beforehand, with nothing rounded to 8 bits.
"""

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim.frames import Encoding
from eventsim.pixel.circuit import lin_log

Plane = NDArray[np.float32]


@dataclass(frozen=True)
class Light:
    """A batch of frames, coded (8 bit, with tables) or as planes.

    Attributes
    ----------
    codes : (F, P) ndarray of uint8
        Empty if the frames come as planes.
    log_table, luminance_table : (256,) ndarray of float32
        What the codes mean: ln of DN, and DN.
    log_planes, luminance_planes : (F, P) ndarray of float32
        Empty if the frames come as codes.
    """

    codes: NDArray[np.uint8]
    log_table: Plane
    luminance_table: Plane
    log_planes: Plane
    luminance_planes: Plane

    @property
    def arrays(self) -> tuple[NDArray[Any], ...]:
        """The attributes in order, for the kernels."""
        return (
            self.codes, self.log_table, self.luminance_table, self.log_planes,
            self.luminance_planes,
        )  # fmt: skip

    def planes_of(self, f: int) -> tuple[Plane, Plane]:
        """Log luminance and luminance of frame f."""
        if len(self.codes):
            return self.log_table[self.codes[f]], self.luminance_table[self.codes[f]]
        return self.log_planes[f], self.luminance_planes[f]

    def frames(self, some: slice) -> "Light":
        """Some of the frames."""
        return Light(
            self.codes[some], self.log_table, self.luminance_table, self.log_planes[some],
            self.luminance_planes[some],
        )  # fmt: skip


def log_of(encoding: Encoding, values: NDArray[np.generic]) -> tuple[Plane, Plane]:
    """Log luminance (ln of DN) and luminance (DN) of numbers in an encoding."""
    luminance = encoding.luminance(values)
    if encoding.transfer == "log":
        return values.astype(np.float32), luminance
    return lin_log(luminance).astype(np.float32), luminance


@functools.lru_cache(maxsize=8)
def table(encoding: Encoding, codes: int) -> tuple[Plane, Plane]:
    """Log luminance and luminance of the numbers 0 .. codes - 1."""
    return log_of(encoding, np.arange(codes))


_NO_CODES = np.zeros((0, 0), np.uint8)
_NO_PLANES = np.zeros((0, 0), np.float32)
_NO_TABLE = np.zeros(256, np.float32)


def make_light(frames: NDArray[np.generic], encoding: Encoding) -> Light:
    """The light of a batch of frames.

    Parameters
    ----------
    frames : (F, P) ndarray of any real dtype
    encoding : Encoding
    """
    if frames.dtype == np.uint8:
        log_table, luminance_table = table(encoding, 256)
        codes = frames.view(np.uint8)
        return Light(codes, log_table, luminance_table, _NO_PLANES, _NO_PLANES)
    if frames.dtype == np.uint16:
        log_table, luminance_table = table(encoding, 1 << 16)
        index = frames.view(np.uint16)
        planes = log_table[index], luminance_table[index]
    else:
        planes = log_of(encoding, frames)
    return Light(_NO_CODES, _NO_TABLE, _NO_TABLE, *planes)
