"""An event as one 64-bit number, so that sorting numbers sorts events.

From the top: microseconds since the start of the batch (31 bits), pixel in raster order
(29), kind (3), polarity (1).
"""

import numpy as np

from eventsim.packets.compiled import kernel

TIME_SHIFT, PIXEL_SHIFT, KIND_SHIFT = np.uint64(33), np.uint64(4), np.uint64(1)
PIXEL_MASK = np.uint64((1 << 29) - 1)
KIND_MASK, ON_MASK = np.uint64(7), np.uint64(1)
BELOW_TIME = np.uint64((1 << 33) - 1)
MAX_PIXELS = 1 << 29
MAX_INTERVAL_US = (1 << 31) - 1

SIGNAL, SHOT, LEAK, HOT = (np.uint64(k) for k in range(4))
"""The kinds of ``eventsim.events.Kind``, typed for the kernels."""


@kernel
def microsecond(z, dt_us):
    """The microsecond nearest to the moment z (0..1) of an interval, in 1..dt.

    Never 0: that microsecond belongs to the interval before, whose events are out already.
    """
    t = np.int64(np.float64(z) * np.float64(dt_us) + 0.5)
    return min(max(t, np.int64(1)), dt_us)


@kernel
def pack(t_us, pixel, kind, on):
    """An event at a whole number of microseconds after the frame, as one number."""
    word = (np.uint64(t_us) << TIME_SHIFT) | (np.uint64(pixel) << PIXEL_SHIFT)
    return word | (kind << KIND_SHIFT) | np.uint64(on)


@kernel
def grown(out, used):
    """An output with twice the room and what has been stored so far."""
    bigger = np.empty(2 * out.size, np.uint64)
    bigger[:used] = out[:used]
    return bigger
