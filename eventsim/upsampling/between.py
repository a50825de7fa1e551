"""Pictures between two pictures whose motion is known."""

import numpy as np
from numpy.typing import NDArray

from eventsim.packets.threads import default_threads, spread
from eventsim.upsampling.kernels import fill_between, move_ids
from eventsim.upsampling.motion import Motion, stripes
from eventsim.upsampling.pictures import Plane


def picture_between(before: Plane, after: Plane, motion: Motion, share: float) -> Plane:
    """The picture at a moment between two pictures.

    Each of its pixels looks for what leads to it from both. What both show is taken from both,
    ``(1 - share) before + share after`` at the two ends of its way; what only one shows, from that
    one; and where no vector leads, the two are blended in place.

    Parameters
    ----------
    before, after : (H, W) ndarray of float32
        Luminance, DN.
    motion : Motion
    share : float
        Of the way, 0 to 1.

    Returns
    -------
    (H, W) ndarray of float32
    """
    out = np.empty_like(before)
    rows = stripes(len(out))

    def fill(k: int) -> None:
        width = out.shape[1]
        places, vectors = np.empty((2, 2, width), np.float32)
        fill_between(
            before, after, motion.vectors[0], motion.vectors[1], motion.holds, np.float32(share),
            rows[k], rows[k + 1], out, places, vectors, np.empty(width, np.uint8),
        )  # fmt: skip

    spread(fill, len(rows) - 1, default_threads())
    return out


def ids_between(
    ids: tuple[NDArray[np.uint16] | None, NDArray[np.uint16] | None], motion: Motion, share: float
) -> NDArray[np.uint16] | None:
    """Which object each pixel shows at a moment between two pictures.

    Parameters
    ----------
    ids : two (H, W) ndarrays of uint16, or None
        Of the two pictures.
    motion : Motion
    share : float
        Of the way, 0 to 1.

    Returns
    -------
    (H, W) ndarray of uint16 or None
        None if one of the pictures has none.
    """
    before, after = ids
    if before is None or after is None:
        return None
    out = np.empty_like(before)
    rows = stripes(len(out))

    def fill(k: int) -> None:
        move_ids(
            before, after, motion.vectors[0], motion.vectors[1], motion.holds, np.float32(share),
            rows[k], rows[k + 1], out,
        )  # fmt: skip

    spread(fill, len(rows) - 1, default_threads())
    return out
