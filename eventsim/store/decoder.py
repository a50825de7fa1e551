"""Events back from the steps that `eventsim.store.encoder` made of them."""

import numpy as np
from numpy.typing import NDArray

from eventsim.events import Events, Kind
from eventsim.store.layout import KIND_BIT, LONGEST, MOVE_BIT


def decode(steps: NDArray[np.uint64], t_us: int, pixel: int, out: Events) -> None:
    """Decode events that are counted from one restart.

    Parameters
    ----------
    steps : (n,) ndarray of uint64
    t_us, pixel : int
        Of the first event.
    out : Events
        n of them, whose columns are filled; on the sensor that they were encoded for.

    Raises
    ------
    ValueError
        If they are no steps from there.
    """
    if not len(steps):
        return
    width, area = np.uint64(out.size.width), np.uint64(out.size.width * out.size.height)
    keys = steps >> np.uint64(MOVE_BIT)
    if keys[0] != 0 or int(keys.max()) * len(keys) > LONGEST:
        _check_moves(keys)
    if not 0 <= pixel < area:
        raise ValueError(f"an event is in pixel {pixel} of a sensor of {out.size}")
    np.cumsum(keys, out=keys)
    keys += np.uint64(pixel)
    after_us = keys // area
    if t_us + int(after_us[-1]) >= 2**63:
        raise ValueError("times go beyond what 64 bits can hold")
    np.add(after_us.view(np.int64), t_us, out=out.t)
    after_us *= area
    keys -= after_us
    y = np.floor_divide(keys, width, out=after_us)
    out.y[:] = y
    y *= width
    keys -= y
    out.x[:] = keys
    np.right_shift(steps, np.uint64(KIND_BIT), out=keys)
    keys &= np.uint64((1 << MOVE_BIT - KIND_BIT) - 1)
    out.kind[:] = keys
    if int(out.kind.max()) >= len(Kind):
        raise ValueError(f"an event is of kind {int(out.kind.max())}")
    np.bitwise_and(steps, np.uint64(1), out=keys)
    out.p[:] = keys


def _check_moves(moves: NDArray[np.uint64]) -> None:
    """Refuse differences that add up to more than a writer lets them."""
    if moves[0] != 0 or sum(moves.tolist()) > LONGEST:
        raise ValueError("the differences of its events do not begin at 0, or grow too large")
