"""Random numbers that depend on nothing but (seed, stream, pixel, n).

A simulator that draws from one running generator gives other events when the
threads, the tiles or the order change. Here a draw is a function of four
integers, so any part of a recording can be made anywhere, in any order.

The functions take numpy arrays; the pixel compiles the same ones for its kernels.

References
----------
.. [1] Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
   OOPSLA 2014: SplitMix64, whose n-th output is ``mix64(key + n * GOLDEN)``;
   the constants of `mix64` are its variant 13.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX2 = np.uint64(0x94D049BB133111EB)
_S27, _S30, _S31, _S32 = np.uint64(27), np.uint64(30), np.uint64(31), np.uint64(32)
_S12 = np.uint64(12)
_WORD = (1 << 64) - 1


class Stream(IntEnum):
    """What a draw is for; draws of different streams are independent."""

    THRESHOLD_ON = 0
    THRESHOLD_OFF = 1
    RATE_SPREAD = 2
    LEAK_JITTER = 3
    LEAK_PHASE = 4
    SHOT_TIME = 5
    SHOT_POLARITY = 6
    HOT_CHOICE = 7
    HOT_TIME = 8
    PATH_CHOICE = 9
    PATH_TIME = 10
    PATH_NORMAL = 11
    I2E_DIRECTION = 12
    TRANSFORM = 13
    HOT_POLARITY = 14
    READOUT = 15
    HOT_BURST = 16
    AIM = 17
    PHOTON = 18
    SETTING = 19


def mix64(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Scramble 64 bits so that every input bit reaches every output bit.

    Parameters
    ----------
    bits : (...) ndarray of uint64

    Returns
    -------
    (...) ndarray of uint64
        A bijection of `bits`.
    """
    bits = (bits ^ (bits >> _S30)) * _MIX1
    bits = (bits ^ (bits >> _S27)) * _MIX2
    return bits ^ (bits >> _S31)


RECORDING_STREAM = 1 << 32
"""Seeds of recordings are drawn from streams after this, far from those of the pixels."""


def stream_key(seed: int, stream: int) -> np.uint64:
    """Start of the sequence of draws that belongs to a seed and a stream.

    Parameters
    ----------
    seed : int
        Any integer; its lowest 64 bits count.
    stream : int
        A `Stream`.

    Returns
    -------
    uint64
    """
    word = _mix_word(_mix_word((seed + int(GOLDEN)) & _WORD) ^ (int(stream) * 2 + 1) & _WORD)
    return np.uint64(word)


def recording_seed(seed: int, index: int) -> int:
    """Seed of the recording at a place of a dataset or an epoch; independent for every pair.

    Parameters
    ----------
    seed : int
        Of the run.
    index : int
        Place of the input, from 0.

    Returns
    -------
    int
        In [0, 2**63), so that it fits every integer column.
    """
    return int(stream_key(seed, RECORDING_STREAM + index)) >> 1


def _mix_word(bits: int) -> int:
    """`mix64` of one number: Python's integers are faster than arrays of one."""
    bits = ((bits ^ (bits >> 30)) * int(_MIX1)) & _WORD
    bits = ((bits ^ (bits >> 27)) * int(_MIX2)) & _WORD
    return bits ^ (bits >> 31)


def draw_bits(
    key: np.uint64, pixel: NDArray[np.uint64], n: NDArray[np.uint64]
) -> NDArray[np.uint64]:
    """64 random bits of a pixel's n-th draw.

    Parameters
    ----------
    key : uint64
        From `stream_key`.
    pixel : (...) ndarray of uint64
        Pixel index in raster order, below 2**32.
    n : (...) ndarray of uint64
        Number of the draw, below 2**32.

    Returns
    -------
    (...) ndarray of uint64
    """
    return mix64(key + ((pixel << _S32) | n) * GOLDEN)


def uniform(
    key: np.uint64, pixel: NDArray[np.uint64], n: NDArray[np.uint64]
) -> NDArray[np.float64]:
    """Uniform draws in the open interval (0, 1), with 52 bits.

    Parameters
    ----------
    key, pixel, n
        As in `draw_bits`.

    Returns
    -------
    (...) ndarray of float64
    """
    return ((draw_bits(key, pixel, n) >> _S12).astype(np.float64) + 0.5) * 2.0**-52


def normal(key: np.uint64, pixel: NDArray[np.uint64], n: NDArray[np.uint64]) -> NDArray[np.float64]:
    """Standard normal draws, from two uniform ones (Box and Muller 1958).

    Parameters
    ----------
    key, pixel, n
        As in `draw_bits`; uses the uniform draws ``2 n`` and ``2 n + 1``.

    Returns
    -------
    (...) ndarray of float64
    """
    two = np.uint64(2)
    first = uniform(key, pixel, n * two)
    second = uniform(key, pixel, n * two + np.uint64(1))
    return np.sqrt(-2.0 * np.log(first)) * np.cos(2.0 * np.pi * second)


@dataclass(frozen=True)
class Draws:
    """Random numbers of one sample, each known by its number: a value, not a running generator.

    Whoever asks for draw `n` gets the same number, in any order and any process. A part of a
    larger thing takes a `child`, whose numbers have nothing to do with those of its siblings.

    Attributes
    ----------
    key : int
        In [0, 2**64).

    Examples
    --------
    >>> rng = Draws.of(seed=1, epoch=0, index=7)
    >>> rng.uniform(0) == rng.uniform(0), rng.uniform(0) == rng.uniform(1)
    (True, False)
    >>> rng.between(0, 5.0), 2 <= rng.between(0, (2, 3)) <= 3
    (5.0, True)
    """

    key: int

    @classmethod
    def of(cls, seed: int, epoch: int = 0, index: int = 0) -> "Draws":
        """Draws of a sample in an epoch."""
        key = stream_key(seed, Stream.TRANSFORM)
        for number in (epoch, index):
            key = stream_key(int(key), number)
        return cls(int(key))

    def child(self, n: int) -> "Draws":
        """Draws of the n-th part."""
        return Draws(int(stream_key(self.key, n)))

    def uniform(self, n: int) -> float:
        """Draw n, uniform in the open interval (0, 1)."""
        return ((_mix_word((self.key + n * int(GOLDEN)) & _WORD) >> 12) + 0.5) * 2.0**-52

    def between(self, n: int, value: float | tuple[float, float]) -> float:
        """Draw n, uniform in a range (low, high); a number that is no range is itself."""
        if not isinstance(value, tuple):
            return float(value)
        low, high = value
        return low + (high - low) * self.uniform(n)

    def whole(self, n: int, value: float | tuple[float, float]) -> int:
        """Draw n, one of the integers of a range, all alike; a number is rounded."""
        if not isinstance(value, tuple):
            return round(value)
        return self.integer(n, round(value[0]), round(value[1]))

    def integer(self, n: int, low: int, high: int) -> int:
        """Draw n, one of the integers low..high, both included."""
        return low + int(self.uniform(n) * (high - low + 1))

    def uniforms(self, n: int, count: int) -> NDArray[np.float64]:
        """(count,) float64: uniform draws in (0, 1), of child n."""
        return uniform(*self._numbers(n, count))

    def normals(self, n: int, count: int) -> NDArray[np.float64]:
        """(count,) float64: standard normal draws, of child n."""
        return normal(*self._numbers(n, count))

    def _numbers(
        self, n: int, count: int
    ) -> tuple[np.uint64, NDArray[np.uint64], NDArray[np.uint64]]:
        return (
            np.uint64(self.child(n).key),
            np.zeros(1, np.uint64),
            np.arange(count, dtype=np.uint64),
        )
