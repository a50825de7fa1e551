"""How the state of many pixels lies in memory, and the constants all kernels share.

Pixels are taken in raster order, in blocks of `BLOCK`. The state of a block is one
contiguous piece of `ROWS` rows, so that a block stays in the first-level cache while
a batch of frames passes through it, and so that the compiler sees one base address
with constant distances and can use vector instructions without run-time checks.
"""

from typing import NamedTuple

import numpy as np

BLOCK = 2048
"""Pixels of a block; chosen by measurement: 18 kB of state and 12 kB of scratch."""

PAD = 16
"""Rows of work arrays that are gathered into lie that much further apart than they are long: at a
multiple of 4 KiB they fall on the same lines of the first-level cache, and a gathered pixel cost
11 ns in place of 1.5. (The rows of a block are read in order, and gain nothing.)"""

# Rows of the state of a block; float32.
LOG = 0  # log luminance at the last frame, ln
LUMINANCE = 1 * BLOCK  # at the last frame, DN
LAG = 2 * BLOCK  # photoreceptor output minus log luminance, ln
REFERENCE = 3 * BLOCK  # memorized log luminance R, as if nothing had leaked since the epoch, ln
LEAK = 4 * BLOCK  # present leak, ln per second
HAZARD = 5 * BLOCK  # what is left until the next shot noise event, 1
DEAD = 6 * BLOCK  # dead time left, us; negative: blind after a noise event, reference kept
ON = 7 * BLOCK  # contrast threshold, ln
OFF = 8 * BLOCK
ROWS = 9

# Rows of the scratch space, after the same first two.
NEW_LAG = 2 * BLOCK
NEW_HAZARD = 3 * BLOCK
DRIVE = 4 * BLOCK  # D at the end of the interval
SCRATCH_ROWS = 5


class Sparse(NamedTuple):
    """What only some pixels need, seldom: indexed by pixel, or by hot pixel."""

    leak_log_s: np.ndarray  # float32, nominal leak, ln per second
    shot_factor: np.ndarray  # float32, the pixel's own share of the shot noise rate, mean 1
    shot_on_share: np.ndarray  # float32, probability that a shot event is ON
    shot_draws: np.ndarray  # uint32, shot events so far
    leak_draws: np.ndarray  # uint32, leak intervals so far
    hot_pixel: np.ndarray  # int64, sorted
    hot_mean_us: np.ndarray  # float64, mean time between two bursts
    hot_go_on: np.ndarray  # float64, probability that a burst has another event
    hot_on_share: np.ndarray  # float64, probability that a burst is ON
    hot_next_us: np.ndarray  # float64, time of the next event since the first frame
    hot_draws: np.ndarray  # uint32, events so far
    hot_burst: np.ndarray  # uint32, the event that its burst began with
    hot_start: np.ndarray  # int64 (blocks + 1), first hot pixel of each block


class Intervals(NamedTuple):
    """The frame intervals of a batch."""

    start_us: np.ndarray  # int64, since the first frame
    since_batch_us: np.ndarray  # int64, start of the interval since that of the batch
    dt_us: np.ndarray  # int64
    fold_s: np.ndarray  # float32, age of the epoch when it is renewed before the interval, or 0
    since_epoch_s: np.ndarray  # float32, age of the epoch at the start of the interval
