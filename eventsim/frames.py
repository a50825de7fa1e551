"""Frames, and what their numbers mean.

A frame is an array and a time. The array alone does not say how bright it is:
8-bit video is gamma-coded, often limited to 16..235, while a scientific camera
is linear. `Encoding` says it once, beside the frames, so that nothing further
down has to guess.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, NamedTuple, Protocol, Self, get_args

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError
from eventsim.events import SensorSize

Transfer = Literal["srgb", "linear", "pq", "hlg", "log"]

WHITE_DN = 255.0
"""Luminance of white in every formula of the pixel: v2e's 8-bit numbers (DN)."""


PQ_PEAK_CD_M2, PQ_WHITE_CD_M2, HLG_WHITE = 10_000.0, 203.0, 0.75
"""Luminance of the largest PQ signal (ITU-R BT.2100-2, table 4), that of white in a picture, and
the HLG signal of white (ITU-R BT.2408-7, 2.2)."""
_PQ_M1, _PQ_M2 = 2610 / 16384, 2523 / 4096 * 128
_PQ_C1, _PQ_C2, _PQ_C3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
_HLG_A, _HLG_B, _HLG_C = 0.17883277, 0.28466892, 0.55991073


@dataclass(frozen=True, eq=False)
class Vectors:
    """Where what a frame shows goes, as a renderer knows it.

    Attributes
    ----------
    forth, back : (H, W, 2) ndarray of float32 or None
        Motion of each pixel to the next frame, and to the frame before, px, to the right and down;
        NaN where it is not known.
    depth : (H, W) ndarray of float32 or None
        Any unit, larger is further away.
    """

    forth: NDArray[np.float32] | None
    back: NDArray[np.float32] | None
    depth: NDArray[np.float32] | None = None


class _TimeAndValues(NamedTuple):
    t_us: int
    values: NDArray[np.generic]


class Frame(_TimeAndValues):
    """One image at one moment: a pair, and what else is known of it.

    Attributes
    ----------
    t_us : int
        Time in microseconds.
    values : (H, W) ndarray of uint8, uint16 or float32
        What the `Encoding` of the source says.
    vectors : Vectors or None
        Where everything goes; of frames of a renderer.
    ids : (H, W) ndarray of uint16 or None
        Which object each pixel shows, 0 is none; of frames that have labels.
    """

    vectors: Vectors | None = None
    ids: NDArray[np.uint16] | None = None

    def knowing(
        self, *, vectors: Vectors | None = None, ids: NDArray[np.uint16] | None = None
    ) -> Self:
        """The frame with this beside its pair."""
        frame = type(self)(self.t_us, self.values)
        frame.vectors, frame.ids = vectors, ids
        return frame

    def _replace(self, **changes: Any) -> Self:
        """Another pair, with the same beside it."""
        frame: Self = super()._replace(**changes)
        frame.vectors, frame.ids = self.vectors, self.ids
        return frame


class NewScene(Frame):
    """The first frame of another scene: pixels see its light as if it had been there all along.

    A cut in a film is nothing that a camera ever sees. Until this frame, the last one of the scene
    before stays; then the light is exchanged, and makes no event. Whatever else pixels remember
    (how far they are from their thresholds, leak, noise) goes on.
    """


@dataclass(frozen=True)
class Encoding:
    """How the numbers of a frame stand for luminance.

    Attributes
    ----------
    transfer : {"srgb", "linear", "pq", "hlg", "log"}
        ``srgb``: gamma-coded (IEC 61966-2-1), linearised before use;
        ``linear``: proportional to luminance;
        ``pq``: of 0 to 10,000 cd/m2 (SMPTE ST 2084); ``hlg``: hybrid log-gamma (ARIB STD-B67);
        ``log``: natural logarithm of luminance in DN already; `black` and `white` are not used.
    black, white : float
        Numbers that mean no light and white; of ``pq`` and ``hlg`` the largest number, far above
        white.

    Examples
    --------
    >>> Encoding("linear", 0, 1023).luminance(np.array([1023.0]))
    array([255.], dtype=float32)
    """

    transfer: Transfer = "srgb"
    black: float = 0.0
    white: float = WHITE_DN

    def __post_init__(self) -> None:
        if self.transfer not in get_args(Transfer):
            raise ConfigError(
                f"encoding must be one of {', '.join(get_args(Transfer))}, found {self.transfer!r}."
            )
        if not self.white > self.black:
            raise ConfigError(
                f"white must lie above black, found black {self.black:g} and white {self.white:g}."
            )

    def luminance(self, values: NDArray[Any]) -> NDArray[np.float32]:
        """Linear luminance in DN (0 is no light, 255 is white).

        Parameters
        ----------
        values : (...) ndarray
            Numbers of a frame, any real dtype. Below `black` counts as black; above `white`
            stays above white, so that a high dynamic range survives.

        Returns
        -------
        (...) ndarray of float32
            Luminance, DN, >= 0.

        Notes
        -----
        With c = (v - black) / (white - black), luminance is ``255 c`` for ``linear`` and
        ``255 ((c + 0.055) / 1.055) ** 2.4`` (``255 c / 12.92`` for c <= 0.04045) for ``srgb``.
        For ``log`` it is ``exp(v)``. For ``pq``, with ``q = c ** (1 / m2)``, it is
        ``255 / 203 * 10000 (max(q - c1, 0) / (c2 - c3 q)) ** (1 / m1)``; for ``hlg``, the light of
        the scene, ``255 E / 0.265`` with ``E = c**2 / 3`` up to c = 0.5 and
        ``(exp((c - 0.5599) / 0.1788) + 0.2847) / 12`` above.

        References
        ----------
        .. [1] IEC 61966-2-1:1999 (sRGB), the decoding function.
        .. [2] ITU-R BT.2100-2, tables 4 (PQ EOTF) and 5 (HLG inverse OETF).
        .. [3] ITU-R BT.2408-7, 2.2: white of a picture is 203 cd/m2, and 75 % of an HLG signal.
        """
        if values.dtype in (np.uint8, np.uint16) and values.size > 1 << 8 * values.dtype.itemsize:
            light: NDArray[np.float32] = _table(self, values.dtype.itemsize)[values]
            return light
        v = values.astype(np.float64)
        if self.transfer == "log":
            return np.exp(np.minimum(v, 88.0)).astype(np.float32)  # above, float32 ends
        c = np.maximum((v - self.black) / (self.white - self.black), 0.0)
        if self.transfer == "pq":
            c = _pq_light(np.minimum(c, 1.0))
        elif self.transfer == "hlg":
            c = _hlg_light(c) / _hlg_light(np.array(HLG_WHITE))
        elif self.transfer == "srgb":
            c = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
        return (c * WHITE_DN).astype(np.float32)


LINEAR = Encoding("linear")
"""Luminance in DN itself."""


@lru_cache(maxsize=4)
def _table(encoding: Encoding, size: int) -> NDArray[np.float32]:
    """Luminance of all numbers of so many bytes."""
    return encoding.luminance(np.arange(1 << 8 * size))


def _pq_light(c: NDArray[np.float64]) -> NDArray[np.float64]:
    """Light of a PQ signal of 0 to 1, 1 for white."""
    q = c ** (1 / _PQ_M2)
    share: NDArray[np.float64] = np.maximum(q - _PQ_C1, 0.0) / (_PQ_C2 - _PQ_C3 * q)
    return share ** (1 / _PQ_M1) * (PQ_PEAK_CD_M2 / PQ_WHITE_CD_M2)


def _hlg_light(c: NDArray[np.float64]) -> NDArray[np.float64]:
    """Light of the scene of an HLG signal of 0 to 1, 1 for the peak."""
    high = (np.exp((c - _HLG_C) / _HLG_A) + _HLG_B) / 12
    light: NDArray[np.float64] = np.where(c <= 0.5, c * c / 3, high)
    return light


class FrameSource(Protocol):
    """What gives frames: a video, a folder of images, arrays, a scene.

    Iterating yields `Frame` with strictly increasing times; everything the source had to leave
    out, cut short or convert is appended to `notes` in words, and counted in `lost_frames`.
    """

    @property
    def size(self) -> SensorSize:
        """Width and height of the frames it yields, px."""

    @property
    def encoding(self) -> Encoding:
        """What the numbers of its frames mean."""

    @property
    def expected_frames(self) -> int | None:
        """Number of frames as far as it is known beforehand (for a progress bar)."""

    @property
    def notes(self) -> list[str]:
        """What was skipped, cut or converted so far, one sentence each."""

    @property
    def lost_frames(self) -> int:
        """Frames that should have been there and could not be used so far."""

    def __iter__(self) -> Iterator[Frame]:
        """Yield the frames in order of time."""


@dataclass(frozen=True)
class Outline:
    """What is known of frames before they are read.

    Attributes
    ----------
    size : SensorSize
        Px.
    encoding : Encoding
    expected_frames : int or None
    first_us : int
        Time of the first one, microseconds, as far as it is known.
    duration_us : int or None
        Microseconds.
    run_in_us : int
        So long after the first frame the recording begins: frames before only bring the pixels to
        where they are then.
    rows_us : float
        By so much the last row was taken later than the first, microseconds; below 0: earlier.
    illuminance_lux : float
        Of the scene, as far as it is known; else 0.
    """

    size: SensorSize
    encoding: Encoding
    expected_frames: int | None = None
    first_us: int = 0
    duration_us: int | None = None
    run_in_us: int = 0
    rows_us: float = 0.0
    illuminance_lux: float = 0.0


class FrameStage(Protocol):
    """What frames go through on their way from the source to the pixels.

    Such as slow motion; `eventsim.sources.staged` puts stages behind a source. A stage is a
    frozen value: what it remembers from frame to frame lives in the iterator that it returns.
    It lets a `NewScene` be one.
    """

    def outline(self, before: Outline) -> Outline:
        """What is known of the frames behind it, from what is known of those before it."""

    def frames(self, frames: FrameSource, notes: list[str]) -> Iterator[Frame]:
        """Yield the frames behind it, in order of time.

        Parameters
        ----------
        frames : FrameSource
            Those before it.
        notes : list of str
            What it left out, made up or converted is appended, in words.
        """
