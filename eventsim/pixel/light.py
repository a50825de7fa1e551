"""Frames as the pixel wants them: log luminance and luminance.

8-bit frames go to the kernels as they are, with a table for their 256 numbers; all
other frames are turned into two planes beforehand, with nothing rounded to 8 bits.
Linear float32 frames, which rendered pictures are, have a compiled way of their own.
"""

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from eventsim.frames import Encoding
from eventsim.pixel.circuit import LINEAR_BELOW_DN, lin_log

Plane = NDArray[np.float32]

_IN_DN = Encoding("linear")
_SQRT_HALF_BITS = np.int32(0x3F3504F3)  # of float32 sqrt(1/2)
_LN2 = 0.6931471805599453


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
            return self.log_table.take(self.codes[f]), self.luminance_table.take(self.codes[f])
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


@njit(nogil=True, error_model="numpy", cache=True)
def lin_log_planes(values, below, slope, log, luminance):  # type: ignore[no-untyped-def]
    """Log luminance and luminance of linear float32 numbers in DN, as `log_of` gives them.

    Parameters
    ----------
    values : (N,) ndarray of float32
        DN; below 0 counts as 0.
    below, slope : float
        The response is ``slope I`` up to `below`, ln I above.
    log, luminance : (N,) ndarray of float32
        Filled.

    Notes
    -----
    With I = m 2**e and m in [1/sqrt 2, sqrt 2), ``ln m = 2 atanh(s)``, s = (m - 1) / (m + 1), by
    its series in float64: |s| < 0.172, and the first term left out is below 1e-17. It has only
    operations that vectors have; rounded to float32 it is what the logarithm of numpy gives. All
    is in this file, whose changes Numba's cache sees.
    """
    for i in range(values.size):
        value = max(values[i], np.float32(0))
        bits = np.float32(value).view(np.int32) - _SQRT_HALF_BITS
        e = bits >> np.int32(23)
        m = np.float64(np.int32((bits & np.int32(0x7FFFFF)) + _SQRT_HALF_BITS).view(np.float32))
        s = (m - 1.0) / (m + 1.0)
        q = s * s
        series = 1 / 15 + q * (1 / 17 + q * (1 / 19))
        series = 1 / 7 + q * (1 / 9 + q * (1 / 11 + q * (1 / 13 + q * series)))
        series = 1.0 + q * (1 / 3 + q * (1 / 5 + q * series))
        natural = np.float64(e) * _LN2 + 2.0 * s * series
        log[i] = np.float32(value * slope if value <= below else natural)
        luminance[i] = value


@functools.lru_cache(maxsize=8)
def table(encoding: Encoding, codes: int) -> tuple[Plane, Plane]:
    """Log luminance and luminance of the numbers 0 .. codes - 1."""
    return log_of(encoding, np.arange(codes))


def planes_between(begins: tuple[Plane, Plane], ends: tuple[Plane, Plane], share: float) -> Light:
    """The light at a moment between two frames.

    Parameters
    ----------
    begins, ends : (log, luminance), each (P,) ndarray of float32
    share : float
        Of the way, 0 to 1.

    Returns
    -------
    Light
        One frame, as planes: ``a + (b - a) share`` of both.
    """
    log, luminance = (
        (a + (b - a) * np.float32(share))[np.newaxis] for a, b in zip(begins, ends, strict=True)
    )
    return Light(_NO_CODES, _NO_TABLE, _NO_TABLE, log, luminance)


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
    elif frames.dtype == np.float32 and encoding == _IN_DN:
        planes = np.empty(frames.shape, np.float32), np.empty(frames.shape, np.float32)
        slope = float(np.log(LINEAR_BELOW_DN)) / LINEAR_BELOW_DN
        flat = np.ascontiguousarray(frames, np.float32).reshape(-1)
        lin_log_planes(flat, LINEAR_BELOW_DN, slope, planes[0].reshape(-1), planes[1].reshape(-1))
    else:
        planes = log_of(encoding, frames)
    return Light(_NO_CODES, _NO_TABLE, _NO_TABLE, *planes)
