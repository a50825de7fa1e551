"""The compiled kernels of the learned filter: its inputs, and its 2,001 numbers at work."""

import functools

import numpy as np
from numba import njit

kernel = functools.partial(njit, nogil=True, error_model="numpy", cache=True, _nrt=False)
RADIUS = 3
SIDE = 2 * RADIUS + 1
PATCH = SIDE * SIDE
HIDDEN = 20


@kernel(inline="always")
def _look(inverse, last_us, last_sign, now, row, column, sign, inputs):
    """Write the ages and the polarities of the patch around an event into `inputs`."""
    for dy in range(SIDE):
        for dx in range(SIDE):
            age = (now - last_us[row + dy, column + dx]) * inverse
            place = dy * SIDE + dx
            fresh = age < 1.0
            inputs[place] = np.float32(1.0 - age) if fresh else np.float32(0.0)
            seen = last_sign[row + dy, column + dx] * sign
            inputs[PATCH + place] = seen if fresh else np.float32(0.0)
    inputs[PATCH + PATCH // 2] = sign


@kernel()
def fill_inputs(window_us, last_us, last_sign, t, x, y, p, inputs):
    """Inputs of each event, (N, 98), and enter it; as `find_scores` has them."""
    inverse = 1.0 / window_us
    for i in range(t.size):
        now, row, column = np.float64(t[i]), np.int64(y[i]), np.int64(x[i])
        sign = np.float32(1.0) if p[i] else np.float32(-1.0)
        _look(inverse, last_us, last_sign, now, row, column, sign, inputs[i])
        last_us[row + RADIUS, column + RADIUS] = now
        last_sign[row + RADIUS, column + RADIUS] = sign


@kernel()
def find_scores(window_us, weights, last_us, last_sign, room, t, x, y, p, scores):
    """Logit of each event. `room` is (98 + 20,) float32; `weights` are w1, b1, w2 and b2."""
    w1, b1, w2, b2 = weights
    inverse = 1.0 / window_us
    inputs, hidden = room[: 2 * PATCH], room[2 * PATCH :]
    for i in range(t.size):
        now, row, column = np.float64(t[i]), np.int64(y[i]), np.int64(x[i])
        sign = np.float32(1.0) if p[i] else np.float32(-1.0)
        _look(inverse, last_us, last_sign, now, row, column, sign, inputs)
        for k in range(HIDDEN):
            hidden[k] = b1[k]
        for j in range(2 * PATCH):
            value = inputs[j]
            if value != np.float32(0.0):  # most pixels were silent for long
                for k in range(HIDDEN):
                    hidden[k] += value * w1[j, k]
        total = b2
        for k in range(HIDDEN):
            total += w2[k] * (hidden[k] if hidden[k] > np.float32(0.0) else np.float32(0.0))
        scores[i] = total
        last_us[row + RADIUS, column + RADIUS] = now
        last_sign[row + RADIUS, column + RADIUS] = sign
