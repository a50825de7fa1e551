"""The compiled kernels of upsampling: which vectors hold, and pictures between two pictures.

All kernels are in this file: Numba's cache does not see changes in other ones.
"""

import functools

import numpy as np
from numba import njit

kernel = functools.partial(njit, nogil=True, error_model="numpy", cache=True, _nrt=False)
"""No fastmath: bits must not depend on the processor. And nothing here makes an array, so
references to arrays need not be counted, which would cost as much as the work on a pixel."""

f32 = np.float32

TRUST_SHARE, TRUST_PX2 = f32(0.01), f32(0.5)
"""There and back, a vector may miss its beginning by ``0.01 (|F|**2 + |B|**2) + 0.5`` px squared
(Sundaram, Brox and Keutzer, "Dense point trajectories by GPU-accelerated large displacement
optical flow", ECCV 2010, eq. 5)."""

SEARCHES = 5
"""Most steps towards the pixel whose vector leads here; where motion is smooth, each step is closer
by the factor by which motion differs from one pixel to the next. Chosen by eye."""
ROW_SEARCHES = 3
"""Steps that all pixels of a row take; those that are not there then go on alone."""
CLOSE_PX2 = f32(0.0025)
"""A step of a twentieth of a pixel is the last; chosen by eye."""
FOUND_PX2 = f32(0.25)
"""A pixel whose vector leads within half a pixel of here has been found; chosen by eye."""
STILL_PX2 = f32(0.0004)
"""Vectors below a fiftieth of a pixel are none, since the flow of a still picture is not exactly 0;
chosen by eye."""
HALF_SEEN = f32(0.001)
"""Weight of a pixel that only one of the two frames shows, where another one is seen by both;
chosen by eye."""

_ZERO, _HALF, _ONE = f32(0), f32(0.5), f32(1)
_U0, _U1, _U2 = np.uintp(0), np.uintp(1), np.uintp(2)


@kernel(inline="always")
def _clip(v, most):
    return min(max(v, _ZERO), most)


@kernel(inline="always")
def _index(v):
    """A place that is not negative, as an index for which nobody has to look whether it is."""
    return np.uintp(np.int32(v))


@kernel()
def bilinear(plane, y, x):
    """Value of a plane between its pixels; beyond its border as at the border."""
    height, width = plane.shape
    y, x = _clip(y, f32(height - 1)), _clip(x, f32(width - 1))
    r, c = _index(y), _index(x)
    below, right = min(r + _U1, np.uintp(height - 1)), min(c + _U1, np.uintp(width - 1))
    v, u = y - f32(r), x - f32(c)
    upper = plane[r, c] + (plane[r, right] - plane[r, c]) * u
    lower = plane[below, c] + (plane[below, right] - plane[below, c]) * u
    return upper + (lower - upper) * v


@kernel()
def vector(vectors, y, x):
    """As `bilinear`, of a field of vectors (H, W, 2): its (x, y)."""
    height, width = vectors.shape[:2]
    y, x = _clip(y, f32(height - 1)), _clip(x, f32(width - 1))
    r, c = _index(y), _index(x)
    below, right = min(r + _U1, np.uintp(height - 1)), min(c + _U1, np.uintp(width - 1))
    v, u = y - f32(r), x - f32(c)
    a, b = vectors[r, c, _U0], vectors[r, right, _U0]
    d, e = vectors[below, c, _U0], vectors[below, right, _U0]
    upper, lower = a + (b - a) * u, d + (e - d) * u
    at_x = upper + (lower - upper) * v
    a, b = vectors[r, c, _U1], vectors[r, right, _U1]
    d, e = vectors[below, c, _U1], vectors[below, right, _U1]
    upper, lower = a + (b - a) * u, d + (e - d) * u
    return at_x, upper + (lower - upper) * v


@kernel()
def cubic(plane, y, x):
    """As `bilinear`, with less blur: Catmull and Rom's cubic, inside the four nearest values."""
    height, width = plane.shape
    if y < _ONE or x < _ONE or y >= f32(height - 2) or x >= f32(width - 2):
        return bilinear(plane, y, x)
    r, c = _index(y), _index(x)
    v, u = y - f32(r), x - f32(c)
    a0 = u * (-_HALF + u * (_ONE - _HALF * u))
    a1 = _ONE + u * u * (f32(1.5) * u - f32(2.5))
    a2 = u * (_HALF + u * (f32(2) - f32(1.5) * u))
    a3 = u * u * (_HALF * u - _HALF)
    b0 = v * (-_HALF + v * (_ONE - _HALF * v))
    b1 = _ONE + v * v * (f32(1.5) * v - f32(2.5))
    b2 = v * (_HALF + v * (f32(2) - f32(1.5) * v))
    b3 = v * v * (_HALF * v - _HALF)
    q, s, t, w = r - _U1, r, r + _U1, r + _U2
    g, h, i, j = c - _U1, c, c + _U1, c + _U2
    total = b0 * (a0 * plane[q, g] + a1 * plane[q, h] + a2 * plane[q, i] + a3 * plane[q, j])
    total += b1 * (a0 * plane[s, g] + a1 * plane[s, h] + a2 * plane[s, i] + a3 * plane[s, j])
    total += b2 * (a0 * plane[t, g] + a1 * plane[t, h] + a2 * plane[t, i] + a3 * plane[t, j])
    total += b3 * (a0 * plane[w, g] + a1 * plane[w, h] + a2 * plane[w, i] + a3 * plane[w, j])
    least = min(min(plane[s, h], plane[s, i]), min(plane[t, h], plane[t, i]))
    most = max(max(plane[s, h], plane[s, i]), max(plane[t, h], plane[t, i]))
    return min(max(total, least), most)


@kernel()
def trust(forth, back, first, last, out):
    """Whether vectors come back to where they began; rows `first` to `last`.

    Parameters
    ----------
    forth, back : (H, W, 2) ndarray of float32
        Motion (x, y) from a frame to another one, and from that one to the first, px.
    out : (H, W) ndarray of float32
        1 where the vector of `forth` holds, else 0: what it moves is hidden in the other frame.
    """
    height, width = out.shape
    for r in range(first, last):
        for c in range(width):
            u, v = forth[r, c, 0], forth[r, c, 1]
            y, x = f32(r) + v, f32(c) + u
            inside = (
                y >= -_HALF and x >= -_HALF and y <= f32(height) - _HALF and x <= f32(width) - _HALF
            )
            if not inside:  # or unknown
                out[r, c] = _ZERO
                continue
            p, q = vector(back, y, x)
            off = (u + p) * (u + p) + (v + q) * (v + q)
            out[r, c] = (
                _ONE if off <= TRUST_SHARE * (u * u + v * v + p * p + q * q) + TRUST_PX2 else _ZERO
            )


@kernel()
def turn(given, far, nearest, other):
    """Vectors of the other frame: each pixel gets back what the nearest thing on it brought along.

    Parameters
    ----------
    given : (H, W, 2) ndarray of float32
        Motion from a frame to the other one, px; NaN is unknown.
    far : (H, W) ndarray of float32
        How far away what a pixel of the frame shows is.
    nearest : (H, W) ndarray of float32
        Of the other frame; infinite, and filled.
    other : (H, W, 2) ndarray of float32
        NaN, and filled: with ``-given`` of the pixel that falls there.
    """
    height, width = far.shape
    for r in range(height):
        for c in range(width):
            u, v = given[r, c, 0], given[r, c, 1]
            y, x = f32(r) + v, f32(c) + u
            if not (
                y > -_HALF and x > -_HALF and y < f32(height) - _HALF and x < f32(width) - _HALF
            ):
                continue
            i, j = np.int64(y + _HALF), np.int64(x + _HALF)
            if far[r, c] < nearest[i, j]:
                nearest[i, j] = far[r, c]
                other[i, j, 0], other[i, j, 1] = -u, -v


@kernel()
def fill_row_gaps(vectors, far):
    """Give pixels whose vector is not known that of the next known one to the left or right.

    Of both the one that is as far away as the pixel itself: what is hidden soon goes with what it
    belongs to. Rows without any known vector stay.

    Parameters
    ----------
    vectors : (H, W, 2) ndarray of float32
        Px; NaN is unknown, and filled.
    far : (H, W) ndarray of float32
        How far away what a pixel shows is; NaN where that is not known.
    """
    height, width = far.shape
    for r in range(height):
        c = 0
        while c < width:
            if vectors[r, c, 0] == vectors[r, c, 0]:
                c += 1
                continue
            end = c
            while end < width and vectors[r, end, 0] != vectors[r, end, 0]:
                end += 1
            left, right = c - 1, end
            for i in range(c, end):
                if left < 0 and right == width:
                    break
                take = right if left < 0 else left
                if left >= 0 and right < width:
                    near, further = abs(far[r, i] - far[r, left]), abs(far[r, i] - far[r, right])
                    if far[r, i] != far[r, i]:  # what is hidden is behind
                        near, further = -far[r, left], -far[r, right]
                    if further < near:
                        take = right
                vectors[r, i, 0], vectors[r, i, 1] = vectors[r, take, 0], vectors[r, take, 1]
            c = end


@kernel()
def search(forth, r, c, share):
    """The place whose vector, shortened to a share, leads to pixel (r, c).

    Returns
    -------
    y, x : float32
        The place, px.
    u, v : float32
        The whole vector there, to the right and down, px.
    found : bool
        Whether the steps came to rest.
    """
    u, v = forth[r, c, 0], forth[r, c, 1]
    off = _ZERO
    for _ in range(SEARCHES):
        a, b = u, v
        u, v = vector(forth, f32(r) - share * b, f32(c) - share * a)
        off = share * share * ((u - a) * (u - a) + (v - b) * (v - b))
        if off <= CLOSE_PX2:
            break
    return f32(r) - share * v, f32(c) - share * u, u, v, off <= FOUND_PX2


@kernel(inline="always")
def rests(vectors, r, c):
    """Whether a pixel moves by less than anybody sees."""
    u, v = vectors[r, c, 0], vectors[r, c, 1]
    return u * u + v * v < STILL_PX2


@kernel()
def seen_from(near, far, forth, holds, r, c, share):
    """What a pixel shows by the vectors of one frame.

    Parameters
    ----------
    near, far : (H, W) ndarray of float32
        The frame whose vectors they are, and the other one.
    forth : (H, W, 2) ndarray of float32
        From `near` to `far`.
    holds : (H, W) ndarray of float32
    r, c : int
    share : float32
        Of the way from `near` to `far`.

    Returns
    -------
    value, weight : float32
        The weight is 1 where both frames show it, little where one does, 0 where none does.
    """
    y, x, u, v, found = search(forth, r, c, share)
    if not found:
        return _ZERO, _ZERO
    rest = _ONE - share
    value = cubic(near, y, x)
    if bilinear(holds, y, x) <= _HALF:
        return value, HALF_SEEN * rest
    other = cubic(far, f32(r) + rest * v, f32(c) + rest * u)
    return value + (other - value) * share, _ONE


@kernel()
def blend_both(value, sure, other, weight, blended):
    """One value of those that two frames give, by their weights; else the blend in place."""
    total = sure + weight
    return (value * sure + other * weight) / total if total > _ZERO else blended


@kernel()
def search_row(forth, r, share, places, vectors, found):
    """`search` for all pixels of a row, in a fixed number of steps.

    Steps run over the row one after the other, so that the processor need not wait for one pixel.

    Parameters
    ----------
    forth : (H, W, 2) ndarray of float32
    r : int
    share : float32
    places, vectors : (2, W) ndarray of float32
        Filled with (y, x) and (x, y).
    found : (W,) ndarray of uint8
        Filled with 1 or 0.
    """
    width = forth.shape[1]
    y, x, u, v = places[0], places[1], vectors[0], vectors[1]
    for c in range(width):
        u[c], v[c] = forth[r, c, 0], forth[r, c, 1]
    for step in range(ROW_SEARCHES):
        for c in range(width):
            y[c], x[c] = f32(r) - share * v[c], f32(c) - share * u[c]
        last = step == ROW_SEARCHES - 1
        for c in range(width):
            a, b = vector(forth, y[c], x[c])
            if last:
                off = share * share * ((a - u[c]) * (a - u[c]) + (b - v[c]) * (b - v[c]))
                found[c] = np.uint8(off <= CLOSE_PX2)
            u[c], v[c] = a, b
    for c in range(width):
        y[c], x[c] = f32(r) - share * v[c], f32(c) - share * u[c]


@kernel()
def fill_between(
    before, after, forth, back, holds, share, first, last, out, places, vectors, found
):
    """The picture between two pictures; rows `first` to `last`.

    Parameters
    ----------
    before, after : (H, W) ndarray of float32
        The two pictures.
    forth, back : (H, W, 2) ndarray of float32
        Motion from `before` to `after`, and from `after` to `before`, px.
    holds : (2, H, W) ndarray of float32
        Of `trust`, for both.
    share : float32
        Of the way, 0 to 1.
    out : (H, W) ndarray of float32
    places, vectors : (2, W) ndarray of float32
    found : (W,) ndarray of uint8
        Room to work in.
    """
    if share > _HALF:  # from the nearer frame
        before, after, forth, back = after, before, back, forth
        near_holds, far_holds, share = holds[1], holds[0], _ONE - share
    else:
        near_holds, far_holds = holds[0], holds[1]
    rest = _ONE - share
    width = out.shape[1]
    for r in range(first, last):
        moves = False
        for c in range(width):
            moves |= not (rests(forth, r, c) and rests(back, r, c))
        if not moves:
            for c in range(width):
                out[r, c] = before[r, c] + (after[r, c] - before[r, c]) * share
            continue
        search_row(forth, r, share, places, vectors, found)
        for c in range(width):
            out[r, c] = cubic(before, places[0, c], places[1, c])
        for c in range(width):
            y, x = f32(r) + rest * vectors[1, c], f32(c) + rest * vectors[0, c]
            out[r, c] += (cubic(after, y, x) - out[r, c]) * share
        for c in range(width):
            if found[c] and bilinear(near_holds, places[0, c], places[1, c]) > _HALF:
                continue
            value, sure = seen_from(before, after, forth, near_holds, r, c, share)
            if sure < _ONE:
                other, weight = seen_from(after, before, back, far_holds, r, c, rest)
                blended = before[r, c] + (after[r, c] - before[r, c]) * share
                value = blend_both(value, sure, other, weight, blended)
            out[r, c] = value


@kernel()
def nearest_id(ids, y, x):
    """The id of the pixel that a place is in; beyond the border as at the border."""
    height, width = ids.shape
    r = np.int64(_clip(y, f32(height - 1)) + _HALF)
    c = np.int64(_clip(x, f32(width - 1)) + _HALF)
    return ids[r, c]


@kernel()
def move_ids(before, after, forth, back, holds, share, first, last, out):
    """Which object each pixel shows between two pictures; rows `first` to `last`.

    As `fill_between`, but that one pixel decides: of both frames that which sees more of it, and of
    equals the nearer one.

    Parameters
    ----------
    before, after, out : (H, W) ndarray of uint16
    forth, back, holds, share
        As `fill_between`.
    """
    rest = _ONE - share
    for r in range(first, last):
        for c in range(out.shape[1]):
            y0, x0, _, _, found0 = search(forth, r, c, share)
            y1, x1, _, _, found1 = search(back, r, c, rest)
            weight0 = weight1 = _ZERO
            if found0:
                weight0 = rest + f32(bilinear(holds[0], y0, x0) > _HALF)
            if found1:
                weight1 = share + f32(bilinear(holds[1], y1, x1) > _HALF)
            if weight0 == _ZERO and weight1 == _ZERO:
                out[r, c] = before[r, c] if share < _HALF else after[r, c]
            elif weight0 >= weight1:
                out[r, c] = nearest_id(before, y0, x0)
            else:
                out[r, c] = nearest_id(after, y1, x1)
