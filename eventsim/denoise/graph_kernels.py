"""The compiled kernels of the graph denoiser: who is whose neighbor, and the network at work.

Each event is a node. Its neighbors are the latest events of the pixels around, at most 16, its own
pixel's last among them. What an edge says: how old the neighbor is, where it lies, whether it has
the same polarity. What a node says: its polarity, how busy its pixel is, and its neighborhood.

    message   m_ij = relu(W1 e_ij + b1)
    state     h_i  = relu(U [mean_j m_ij, max_j m_ij, n_i] + c)
    reply     r_ij = relu(W2 [e_ij, h_j] + b2)
    attention o_i  = sum_j softmax_j(q_i . r_ij) r_ij,  q_i = Q h_i + d, one for each head
    logit     s_i  = w . relu(V [o_i, h_i, n_i] + f) + g

A state is that of the moment its event came: all arrows point back in time.
"""

import functools

import numpy as np
from numba import njit

kernel = functools.partial(njit, nogil=True, error_model="numpy", cache=True, _nrt=False)
RADIUS = 3
"""7 x 7 px, as of MLPF."""
SIDE = 2 * RADIUS + 1
NEIGHBORS = 16
EDGE = 5
NODE = 7
WIDTH = 16
HEADS = 2
"""Neighbors of an event, numbers of an edge, a node and a state, and heads of the attention; chosen
by eye, so that a stream of a camera can be followed."""
WINDOW_US, LONG_US, SHORT_US = 1_000_000.0, 100_000.0, 10_000.0
"""Ages up to which an event is a neighbor, and over which ages are added; 100 ms is that of MLPF,
the others were chosen by eye."""
_TICK_US = 64.0
_OCTAVES = 14.0
"""An age is told by its octaves of 64 us, 14 of which are the window: so it is from 0 to 1. The
divisors of the numbers of a node bring these near to 1, too; all chosen by eye."""
_ZERO = np.float32(0.0)


@kernel(inline="always")
def _latest(last_us, last_sign, now, row, column, sign, found_us, found_at, node):
    """Find the latest events around; returns how many there are, latest first.

    In passing the ages around are added, as `AgePolarity` does: of the event's polarity and of the
    other, over a long and a short time.
    """
    n = 0
    for k in range(3, NODE):
        node[k] = _ZERO
    for dy in range(SIDE):
        for dx in range(SIDE):
            seen = last_us[row + dy, column + dx]
            age = now - seen
            if age > WINDOW_US:
                continue
            if age < LONG_US and not (dy == RADIUS and dx == RADIUS):
                at = 3 if last_sign[row + dy, column + dx] == sign else 5
                node[at] += np.float32((1.0 - age / LONG_US) / 8.0)
                if age < SHORT_US:
                    node[at + 1] += np.float32((1.0 - age / SHORT_US) / 8.0)
            if n == NEIGHBORS and seen <= found_us[n - 1]:
                continue
            k = n if n < NEIGHBORS else NEIGHBORS - 1
            while k > 0 and found_us[k - 1] < seen:
                found_us[k], found_at[k] = found_us[k - 1], found_at[k - 1]
                k -= 1
            found_us[k], found_at[k] = seen, dy * SIDE + dx
            n += n < NEIGHBORS
    return n


@kernel(inline="always")
def _describe_edge(age_us, place, sign, other, edge):
    """What an edge says; `place` is in the patch."""
    dy, dx = place // SIDE - RADIUS, place % SIDE - RADIUS
    edge[0] = np.float32(np.log2(1.0 + age_us / _TICK_US) / _OCTAVES)
    edge[1] = np.float32(dx / RADIUS)
    edge[2] = np.float32(dy / RADIUS)
    edge[3] = np.float32((dx * dx + dy * dy) / (2 * RADIUS * RADIUS))
    edge[4] = sign * other


@kernel(inline="always")
def _describe_node(counts, last_us, now, row, column, sign, node):
    """What a node says; returns the faded count of its pixel, this event included."""
    around = 0.0
    for dy in range(RADIUS - 1, RADIUS + 2):
        for dx in range(RADIUS - 1, RADIUS + 2):
            count = counts[row + dy, column + dx]
            if count > 0.0 and not (dy == RADIUS and dx == RADIUS):
                around += count * np.exp((last_us[row + dy, column + dx] - now) / WINDOW_US)
    own = counts[row + RADIUS, column + RADIUS]
    if own > 0.0:
        own *= np.exp((last_us[row + RADIUS, column + RADIUS] - now) / WINDOW_US)
    own += 1.0
    node[0] = sign
    node[1] = np.float32(np.log(own) / 4.0)
    node[2] = np.float32(np.log(1.0 + around / 8.0) / 4.0)
    return own


@kernel()
def find_neighbors(memory, room, t, x, y, p, numbers, neighbors, edges, nodes, found):
    """What the network is told of each event, for training; enters the events.

    `memory` is last_us, last_sign and counts, (H + 6, W + 6); `numbers` the number of the last
    event of each pixel. Filled are neighbors (N, 16), edges (N, 16, 5), nodes (N, 7), found (N,).
    """
    last_us, last_sign, counts = memory
    found_us, found_at = room
    for i in range(t.size):
        now, row, column = np.float64(t[i]), np.int64(y[i]), np.int64(x[i])
        sign = np.float32(1.0) if p[i] else np.float32(-1.0)
        n = _latest(last_us, last_sign, now, row, column, sign, found_us, found_at, nodes[i])
        for k in range(n):
            dy, dx = found_at[k] // SIDE, found_at[k] % SIDE
            neighbors[i, k] = numbers[row + dy, column + dx]
            other = last_sign[row + dy, column + dx]
            _describe_edge(now - found_us[k], found_at[k], sign, other, edges[i, k])
        found[i] = n
        own = _describe_node(counts, last_us, now, row, column, sign, nodes[i])
        last_us[row + RADIUS, column + RADIUS] = now
        last_sign[row + RADIUS, column + RADIUS] = sign
        counts[row + RADIUS, column + RADIUS] = own
        numbers[row + RADIUS, column + RADIUS] = i


@kernel(inline="always")
def _add(value, row, total):
    """Add a multiple of a row of weights: the product of a vector and a matrix, row by row."""
    for a in range(total.size):
        total[a] += value * row[a]


@kernel(inline="always")
def _begin(row, total):
    for a in range(total.size):
        total[a] = row[a]


@kernel(inline="always")
def _rectify(total):
    for a in range(total.size):
        total[a] = total[a] if total[a] > _ZERO else _ZERO


@kernel(inline="always")
def _attend(n, states, row, column, weights, room):
    """Replies of the neighbors, and what each head gathers of them, into `out`."""
    w2, b2 = weights
    found_at, edges, query, replies, logits, out = room
    for k in range(n):
        dy, dx = found_at[k] // SIDE, found_at[k] % SIDE
        state, reply = states[row + dy, column + dx], replies[k]
        _begin(b2, reply)
        for j in range(EDGE):
            _add(edges[k, j], w2[j], reply)
        for j in range(WIDTH):
            _add(state[j], w2[EDGE + j], reply)
        _rectify(reply)
    for a in range(HEADS * WIDTH):
        out[a] = _ZERO
    for head in range(HEADS):
        largest = np.float32(-np.inf)
        for k in range(n):
            total = _ZERO
            for a in range(WIDTH):
                total += query[head * WIDTH + a] * replies[k, a]
            logits[k] = total
            largest = total if total > largest else largest
        whole = _ZERO
        for k in range(n):
            logits[k] = np.exp(logits[k] - largest)
            whole += logits[k]
        for k in range(n):
            _add(logits[k] / whole, replies[k], out[head * WIDTH : (head + 1) * WIDTH])


@kernel()
def find_scores(memory, states, room, weights, t, x, y, p, scores):
    """Logit of each event. `states` is (H + 6, W + 6, 16): of the last event of each pixel."""
    last_us, last_sign, counts = memory
    found_us, found_at, edges, node, replies, logits, h, mean, most, query, out, tail = room
    w1, b1, u, c, w2, b2, q, d, v, f, w, g = weights
    for i in range(t.size):
        now, row, column = np.float64(t[i]), np.int64(y[i]), np.int64(x[i])
        sign = np.float32(1.0) if p[i] else np.float32(-1.0)
        n = _latest(last_us, last_sign, now, row, column, sign, found_us, found_at, node)
        for a in range(WIDTH):
            mean[a] = most[a] = _ZERO
        for k in range(n):
            dy, dx = found_at[k] // SIDE, found_at[k] % SIDE
            other = last_sign[row + dy, column + dx]
            _describe_edge(now - found_us[k], found_at[k], sign, other, edges[k])
            _begin(b1, tail)
            for j in range(EDGE):
                _add(edges[k, j], w1[j], tail)
            _rectify(tail)
            for a in range(WIDTH):
                mean[a] += tail[a]
                most[a] = tail[a] if tail[a] > most[a] else most[a]
        own = _describe_node(counts, last_us, now, row, column, sign, node)
        _begin(c, h)
        for j in range(WIDTH):
            _add(mean[j] / np.float32(NEIGHBORS), u[j], h)
        for j in range(WIDTH):
            _add(most[j], u[WIDTH + j], h)
        for j in range(NODE):
            _add(node[j], u[2 * WIDTH + j], h)
        _rectify(h)
        _begin(d, query)
        for j in range(WIDTH):
            _add(h[j], q[j], query)
        _attend(n, states, row, column, (w2, b2), (found_at, edges, query, replies, logits, out))
        _begin(f, tail)
        for j in range(HEADS * WIDTH):
            _add(out[j], v[j], tail)
        for j in range(WIDTH):
            _add(h[j], v[HEADS * WIDTH + j], tail)
        for j in range(NODE):
            _add(node[j], v[(HEADS + 1) * WIDTH + j], tail)
        total = g
        for a in range(WIDTH):
            total += w[a] * (tail[a] if tail[a] > _ZERO else _ZERO)
        scores[i] = total
        _begin(h, states[row + RADIUS, column + RADIUS])
        last_us[row + RADIUS, column + RADIUS] = now
        last_sign[row + RADIUS, column + RADIUS] = sign
        counts[row + RADIUS, column + RADIUS] = own
