"""The compiled arbiter beside one that looks at everything anew for each read."""

import numpy as np
import pytest

from eventsim.random import uniform
from eventsim.readout.queue_kernels import link
from eventsim.readout.row_latch_kernels import EVENT_US, ROW_DEAD_US, grant_until

KEY = np.uint64(12345)


def plainly(due, row, rows):
    """Times and events, read by the rule as it is written down."""
    waiting = list(range(len(due)))
    free, served, bus, out = np.full(rows, -np.inf), np.zeros(rows, int), -np.inf, []
    while waiting:
        at = {i: max(due[i], free[row[i]]) for i in waiting}
        bus = max(bus, min(at.values()))
        can = sorted({row[i] for i in waiting if at[i] <= bus})
        draws = [float(uniform(KEY, np.array([r], np.uint64), np.array([served[r]], np.uint64))[0])
                 for r in can]  # fmt: skip
        chosen = can[int(np.argmin(draws))]
        some = [i for i in waiting if row[i] == chosen and due[i] <= bus]
        out += [(bus, i) for i in some]
        waiting = [i for i in waiting if i not in some]
        free[chosen] = bus + ROW_DEAD_US
        served[chosen] += 1
        bus += len(some) * EVENT_US
    return out


@pytest.mark.parametrize("rate_us", [0.3, 5.0, 20.0])
def test_it_does_as_it_is_written_down(rate_us):
    rng = np.random.default_rng(1)
    n, rows = 400, 8
    due = np.sort(rng.uniform(0, n / rate_us, n))
    row = rng.integers(0, rows, n)
    following, first = np.empty(n, np.int64), np.empty(rows, np.int64)
    link(np.arange(n), row, 1, first, following)
    out = np.empty(n), np.empty(n, np.int64)
    state = np.full(rows, -np.inf), np.zeros(rows, np.int64), np.full(1, -np.inf)
    read = grant_until(np.inf, KEY, due, row, first, following, *state, out)
    assert read == n
    expected = plainly(due, row, rows)
    assert np.allclose(out[0], [t for t, _ in expected], rtol=0, atol=1e-9)
    assert out[1].tolist() == [i for _, i in expected]
