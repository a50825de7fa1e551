"""Motion between two pictures: dense optical flow there and back."""

import math
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from eventsim.packets.threads import default_threads, spread
from eventsim.upsampling.kernels import fill_row_gaps, trust, turn
from eventsim.upsampling.pictures import Plane

Field = NDArray[np.float32]

PERCENTILE = 99.9
"""Of the lengths of all vectors that hold: that which counts as the largest motion. The largest of
all is often an error; chosen by eye."""
MOST_LOOKED_AT = 300_000
"""Of a larger picture, every second or third pixel of every second or third row is enough to find
the largest motion; chosen by eye."""
NOWHERE_PX = 1e6
"""Length of a vector that is not known: it leads out of every picture."""
LEAST_SIDE_PX = 16
"""Of a picture in which flow is looked for: DIS compares patches of 8 px. Chosen by eye."""
CUT_HOLDS, CUT_DIFFERENCE, CUT_LIKENESS = 0.4, 0.06, 0.6
"""Of pictures of two scenes at most 0.05 of the vectors held, what was warped differed by at least
0.14 of white, and the pictures were correlated by at most 0.38 (112 pairs, of eight videos); of
those with one texture in common, up to 0.38 held. In one scene no pair of which less than 0.4
held, of frames up to eight apart, differed by more than 0.05 (384 pairs). The likeness is for
lamps: light that leaves its range is not followed, but stays where it is."""


@dataclass(frozen=True, eq=False)
class Motion:
    """Where everything goes from one picture to the next.

    Attributes
    ----------
    vectors : (2, H, W, 2) ndarray of float32
        Motion (x, y), px, from the first to the second, and from the second to the first.
    holds : (2, H, W) ndarray of float32
        1 where a vector leads there and back, else 0: hidden in the other picture, or an error.
    difference : float
        Mean absolute difference of the first picture and the second one, warped to it, as a share
        of white.
    likeness : float
        Of the two pictures as they are, see `likeness`.
    is_known : bool
        Whether it is that of a renderer.
    """

    vectors: NDArray[np.float32]
    holds: NDArray[np.float32]
    difference: float = 0.0
    likeness: float = 1.0
    is_known: bool = False

    @cached_property
    def share_that_holds(self) -> float:
        """Of all vectors, 0 to 1."""
        return float(self.holds.mean(dtype=np.float64))

    @cached_property
    def largest_px(self) -> float:
        """The largest motion among the vectors that hold, but for those beyond `PERCENTILE`."""
        step = math.ceil(math.sqrt(self.holds[0].size / MOST_LOOKED_AT))
        moved = self.vectors[:, ::step, ::step][self.holds[:, ::step, ::step] > 0]
        length = np.hypot(moved[:, 0], moved[:, 1])
        return float(np.percentile(length, PERCENTILE)) if length.size else 0.0

    @property
    def is_cut(self) -> bool:
        """Whether the two pictures show two scenes, with nothing in one that is in the other."""
        return (
            self.share_that_holds < CUT_HOLDS
            and self.difference > CUT_DIFFERENCE
            and self.likeness < CUT_LIKENESS
        )


def find_motion(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> Motion:
    """Motion between two pictures.

    Parameters
    ----------
    before, after : (H, W) ndarray of uint8

    Returns
    -------
    Motion
        None at all in pictures whose sides are below `LEAST_SIDE_PX`.

    References
    ----------
    .. [1] Kroeger, Timofte, Dai and Van Gool, "Fast optical flow using dense inverse search", ECCV
       2016; OpenCV's ``DISOpticalFlow``, preset medium.
    """
    shape = before.shape
    if min(shape) < LEAST_SIDE_PX:
        return Motion(np.zeros((2, *shape, 2), np.float32), np.ones((2, *shape), np.float32))
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    nothing = np.zeros((*shape, 2), np.float32)
    vectors = np.stack(
        [search.calc(*pair, nothing.copy()) for pair in ((before, after), (after, before))]
    )
    y, x = np.indices(shape, np.float32)
    there = vectors[0]
    warped = cv2.remap(
        after,
        x + there[..., 0],
        y + there[..., 1],
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    difference = float(cv2.absdiff(before, warped).mean(dtype=np.float64)) / 255
    return Motion(vectors, vectors_that_hold(vectors), difference, likeness(before, after))


def likeness(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> float:
    """Correlation of two pictures, -1 to 1, where neither is black or white.

    It is 1 if nothing is left, or one of them is even: that is light, and no scene.
    """
    both = (before > 0) & (before < 255) & (after > 0) & (after < 255)
    a, b = (picture[both].astype(np.float32) for picture in (before, after))
    if not a.size:
        return 1.0
    a, b = (p - np.float32(p.mean(dtype=np.float64)) for p in (a, b))
    spread = float(np.vdot(a, a)) * float(np.vdot(b, b))
    return float(np.vdot(a, b)) / math.sqrt(spread) if spread > 0 else 1.0


def known_motion(
    forth: Field | None, back: Field | None, depths: tuple[Plane | None, Plane | None]
) -> Motion:
    """Motion that a renderer knows, at least in one direction.

    Parameters
    ----------
    forth, back : (H, W, 2) ndarray of float32 or None
        From the first frame to the second, and from the second to the first, px; NaN is unknown.
        The one that is missing is made of the other one.
    depths : two (H, W) ndarrays of float32 or None
        Of both frames: of what falls on one pixel the nearest is seen. Without them, the fastest.
    """
    if forth is None and back is not None:
        forth = _turned(back, depths[1])
    elif back is None and forth is not None:
        back = _turned(forth, depths[0])
    if forth is None or back is None:
        raise ValueError("at least one direction must be known")
    vectors = np.stack([forth, back]).astype(np.float32)
    vectors[~np.isfinite(vectors).all(axis=-1)] = np.nan
    for known, depth in zip(vectors, depths, strict=True):
        fill_row_gaps(known, _far(known, depth))
    vectors[np.isnan(vectors)] = NOWHERE_PX
    return Motion(vectors, vectors_that_hold(vectors), is_known=True)


def _turned(given: Field, depth: Plane | None) -> Field:
    """The vectors of the other frame; NaN where nothing falls."""
    given = np.ascontiguousarray(given, np.float32)
    far = _far(given, depth)
    other, nearest = np.full(given.shape, np.nan, np.float32), np.full_like(far, np.inf)
    turn(given, far, nearest, other)
    return other


def _far(vectors: Field, depth: Plane | None) -> Plane:
    """How far away things are: their depth, or, as is often true, the slower the further."""
    far = -np.hypot(vectors[..., 0], vectors[..., 1]) if depth is None else depth
    return np.ascontiguousarray(far, np.float32)


def vectors_that_hold(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Which vectors lead there and back; see `eventsim.upsampling.kernels.trust`.

    Parameters
    ----------
    vectors : (2, H, W, 2) ndarray of float32

    Returns
    -------
    (2, H, W) ndarray of float32
    """
    holds = np.empty(vectors.shape[:3], np.float32)
    rows = stripes(vectors.shape[1])

    def look(k: int) -> None:
        for there in (0, 1):
            trust(vectors[there], vectors[1 - there], rows[k], rows[k + 1], holds[there])

    spread(look, len(rows) - 1, default_threads())
    return holds


def stripes(height: int) -> NDArray[np.int64]:
    """Borders of stripes of rows, one for each thread."""
    return np.linspace(0, height, min(height, default_threads()) + 1).astype(np.int64)


def steps_for(largest_px: float, most: int) -> int:
    """Into how many steps a motion is cut, so that none is longer than a pixel: 1 to `most`."""
    return max(1, min(most, math.ceil(largest_px)))
