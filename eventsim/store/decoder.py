"""Events back from the steps that `eventsim.store.encoder` made of them."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from eventsim.events import COLUMNS, Events, Kind
from eventsim.store.layout import KIND_BIT, LONGEST, MOVE_BIT

_EXACT = 1 << 52
"""Below it a quotient of 64-bit floats is at most 1 from the whole number."""


@njit(nogil=True, cache=True)
def _decode(  # type: ignore[no-untyped-def]  # noqa: PLR0913 - columns, and where to begin
    steps, t_us, pixel, width, height, t, x, y, p, kind
):
    """Fill the columns; returns the time from the first event to the last, and the highest kind.

    The time is -1 if the differences add up to more than a writer lets them.
    """
    area = np.int64(width) * np.int64(height)
    per_area, per_row = 1.0 / area, 1.0 / width
    after_us, left, highest = np.int64(0), np.int64(LONGEST), np.uint64(0)
    for i in range(len(steps)):
        step = steps[i]
        move = np.int64(step >> np.uint64(MOVE_BIT))
        left -= move
        if left < 0:
            return np.int64(-1), highest
        pixel += move
        if pixel >= area:
            # A multiplication in place of a division, which takes several times as long.
            us = np.int64(pixel * per_area) if pixel < _EXACT else pixel // area
            rest = pixel - us * area
            if rest < 0:
                us, rest = us - 1, rest + area
            elif rest >= area:
                us, rest = us + 1, rest - area
            after_us += us
            pixel = rest
        row = np.int64(pixel * per_row)
        column = pixel - row * width
        if column < 0:
            row, column = row - 1, column + width
        elif column >= width:
            row, column = row + 1, column - width
        t[i] = t_us + after_us
        x[i] = column
        y[i] = row
        p[i] = step & np.uint64(1)
        some = step >> np.uint64(KIND_BIT) & np.uint64((1 << MOVE_BIT - KIND_BIT) - 1)
        highest = max(highest, some)
        kind[i] = some
    return after_us, highest


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
    if not 0 <= pixel < out.size.width * out.size.height:
        raise ValueError(f"an event is in pixel {pixel} of a sensor of {out.size}")
    columns = [getattr(out, name) for name in COLUMNS]
    after_us, highest = _decode(steps, t_us, pixel, *out.size, *columns)
    if steps[0] >> np.uint64(MOVE_BIT) or after_us < 0:
        raise ValueError("the differences of its events do not begin at 0, or grow too large")
    if t_us + int(after_us) >= 2**63:
        raise ValueError("times go beyond what 64 bits can hold")
    if highest >= len(Kind):
        raise ValueError(f"an event is of kind {highest}")
