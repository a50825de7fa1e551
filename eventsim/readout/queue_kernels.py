"""What readouts share, compiled: draws, a heap of what comes next, and the queues of rows."""

import functools

import numpy as np
from numba import njit

kernel = functools.partial(njit, nogil=True, error_model="numpy", cache=True)

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX1, _MIX2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_S27, _S30, _S31, _S12 = (np.uint64(k) for k in (27, 30, 31, 12))


@kernel()
def mix(bits):
    """Scramble 64 bits, as ``eventsim.random.mix64``."""
    bits = (bits ^ (bits >> _S30)) * _MIX1
    bits = (bits ^ (bits >> _S27)) * _MIX2
    return bits ^ (bits >> _S31)


@kernel()
def uniform(key, n):
    """Uniform draw in (0, 1), as ``eventsim.random.uniform``."""
    return (np.float64(mix(key + n * _GOLDEN) >> _S12) + 0.5) * 2.0**-52


@kernel()
def comes_first(t, n, other_t, other_n):
    """Which of two events is read first; of two at once that with the lower number."""
    return t < other_t or (t == other_t and n < other_n)


@kernel()
def push(times, places, n, t, i, draw):
    """Put event i into a heap of n; returns its new length. `draw` numbers the events."""
    k = n
    while k > 0:
        above = (k - 1) >> 1
        if not comes_first(t, draw[i], times[above], draw[places[above]]):
            break
        times[k], places[k] = times[above], places[above]
        k = above
    times[k], places[k] = t, i
    return n + 1


@kernel()
def pop(times, places, n, draw):
    """Take the first event off a heap of n; returns its new length."""
    n -= 1
    t, i = times[n], places[n]
    k = 0
    while True:
        below = 2 * k + 1
        if below >= n:
            break
        if below + 1 < n and comes_first(
            times[below + 1], draw[places[below + 1]], times[below], draw[places[below]]
        ):
            below += 1
        if not comes_first(times[below], draw[places[below]], t, draw[i]):
            break
        times[k], places[k] = times[below], places[below]
        k = below
    times[k], places[k] = t, i
    return n


@kernel()
def link(order, pixel, width, row_first, following):
    """Chain the pending events of each row, in order."""
    row_first[:] = -1
    for c in range(order.size - 1, -1, -1):
        i = order[c]
        row = pixel[i] // width
        following[i] = row_first[row]
        row_first[row] = i
