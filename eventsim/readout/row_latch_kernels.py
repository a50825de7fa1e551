"""Rows that ask for a bus, one after the other: compiled."""

import numpy as np

from eventsim.readout.queue_kernels import kernel, pop, push, uniform

ROW_DEAD_US = 5.0
"""After a read a row is not read again before; in `slider_depth` of the Event-Camera Dataset
(Mueggler et al. 2017, a DAVIS240C) the same row is nearly empty for 1 to 5 us."""
EVENT_US = 1 / 12
"""On the bus, for each event: 12 million events per second (Brandli et al. 2014, the DAVIS240)."""
_ROW_SHIFT = np.uint64(32)


@kernel()
def grant_until(horizon_us, key, due, row, row_first, following, free_us, served, bus, out):
    """Read all that is read before the horizon; returns how many events that are.

    A row can be read from when its first event is due and its dead time over. Of the rows that
    can when the bus is free, that with the least draw is, with all of its events that are due.

    `free_us` (H,), `served` (H,) and `bus` (1,) are what is known from before, and are changed.
    `out` are times and places of the events that are read.
    """
    rows = len(row_first)
    names = np.arange(rows).astype(np.uint64)
    asking = np.empty(rows), np.empty(rows, np.int64)
    ready = np.empty(rows), np.empty(rows, np.int64)
    n_asking, n_ready, n = 0, 0, 0
    for r in range(rows):
        if row_first[r] >= 0:
            at = max(due[row_first[r]], free_us[r])
            n_asking = push(asking[0], asking[1], n_asking, at, r, names)
    while True:
        while n_asking > 0 and asking[0][0] <= bus[0]:
            r = asking[1][0]
            n_asking = pop(asking[0], asking[1], n_asking, names)
            draw = uniform(key, (names[r] << _ROW_SHIFT) | np.uint64(served[r]))
            n_ready = push(ready[0], ready[1], n_ready, draw, r, names)
        if n_ready == 0:
            if n_asking == 0 or asking[0][0] >= horizon_us:
                break
            bus[0] = asking[0][0]
            continue
        if bus[0] >= horizon_us:
            break
        r = ready[1][0]
        n_ready = pop(ready[0], ready[1], n_ready, names)
        now, before, i = bus[0], n, row_first[r]
        while i >= 0 and due[i] <= now:
            out[0][n], out[1][n] = now, i
            n += 1
            i = following[i]
        row_first[r] = i
        free_us[r] = now + ROW_DEAD_US
        served[r] += 1
        bus[0] = now + (n - before) * EVENT_US
        if i >= 0:
            at = max(due[i], free_us[r])
            n_asking = push(asking[0], asking[1], n_asking, at, r, names)
    return n
