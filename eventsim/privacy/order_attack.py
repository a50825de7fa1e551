"""The attack on an order of pixels that stays: neighbors fire together, and so they are found."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, shortest_path

from eventsim.events import Events, SensorSize

BIN_US = 20_000
"""Within which events count as together: longer than an edge takes from a pixel to the next one,
and shorter than what is seen stays alike. Chosen by measurement, of 5 to 40 ms."""
_NEAREST = 8
"""Pixels that touch one."""
_ROUNDS = 4
_ALIKE = 0.25
"""Share of the surroundings that two neighbors have in common, at least; chosen by measurement."""
_ANGLES = 45
_BENDS = 6
"""All chosen by measurement."""

Table = NDArray[np.int64]


def find_order(events: Events) -> Table:
    """Guess where each address of a permuted stream was before; knows nothing but the events.

    Addresses whose events go together are taken as neighbors, and those that have no neighbors in
    common are not. The shortest ways between neighbors give a map of the plane, by classical
    scaling (as Isomap, Tenenbaum et al., Science 2000), which is turned upright and laid on the
    grid of pixels.

    Parameters
    ----------
    events : Events
        A few thousand a pixel, of something that moves everywhere.

    Returns
    -------
    (H W,) ndarray of int64
        For each address the pixel that it was, up to a mirror image or quarter turn.
    """
    size = events.size
    together = _correlations(events)
    near = _neighbors(together)
    _, part = connected_components(csr_matrix(near), directed=False)
    inside = part == np.bincount(part).argmax()
    if inside.sum() < 4:
        return np.arange(size.width * size.height)
    plane = np.zeros((len(inside), 2))
    plane[inside] = _scaled(together, near, inside)
    known = np.flatnonzero(inside)
    for address in np.flatnonzero(~inside):
        best = known[np.argsort(-together[address, known])[:4]]
        plane[address] = plane[best].mean(axis=0)
    grid = np.indices((size.height, size.width)).reshape(2, -1)[::-1].T
    upright = _upright(plane, size)
    order = _laid(upright, grid)
    for _ in range(_BENDS):  # the map is a little bent, which shows in where it was laid
        terms = _cubic(upright)
        order = _laid(terms @ np.linalg.lstsq(terms, grid[order], rcond=None)[0], grid)
    return order


def recovered_share(guess: Table, table: Table, size: SensorSize) -> tuple[float, float]:
    """How many addresses were found, exactly and to within a pixel, in the best of eight turns.

    Parameters
    ----------
    guess : (H W,) ndarray of int64
        Of `find_order`.
    table : (H W,) ndarray of int64
        Where each pixel was sent to, which an attacker does not know.
    size : SensorSize
    """
    came_from = np.argsort(table)
    truth = np.stack([came_from % size.width, came_from // size.width], axis=1)
    place = np.stack([guess % size.width, guess // size.width], axis=1)
    best = (0.0, 0.0)
    for turn in range(8):
        seen = place.copy()
        if turn & 1:
            seen[:, 0] = size.width - 1 - seen[:, 0]
        if turn & 2:
            seen[:, 1] = size.height - 1 - seen[:, 1]
        if turn & 4:
            seen = seen[:, ::-1]
        apart = np.abs(seen - truth).max(axis=1)
        best = max(best, (float((apart == 0).mean()), float((apart <= 1).mean())))
    return best


def _correlations(events: Events) -> NDArray[np.float64]:
    """(H W, H W) float64: how much the signed events of two addresses go together over time."""
    width, height = events.size
    start_us = int(events.t[0]) if len(events) else 0
    bins = (events.t - start_us) // BIN_US
    count = int(bins[-1]) + 1 if len(bins) else 1
    place = (events.y.astype(np.int64) * width + events.x) * count + bins
    sums = np.bincount(place, np.where(events.p, 1.0, -1.0), width * height * count)
    rows = sums.reshape(width * height, count)
    rows = np.sign(rows) * np.sqrt(np.abs(rows))
    rows = rows - rows.mean(axis=1, keepdims=True)
    rows = rows / np.maximum(rows.std(axis=1, keepdims=True), 1e-9)
    together: NDArray[np.float64] = rows @ rows.T / count
    np.fill_diagonal(together, 0.0)
    return together


def _neighbors(together: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Pairs that name each other among their nearest, and whose surroundings are the same."""
    n = len(together)
    nearest = np.argsort(-together, axis=1)[:, :_NEAREST]
    named = np.zeros((n, n), np.bool_)
    named[np.arange(n)[:, None], nearest] = True
    near: NDArray[np.bool_] = named & named.T & (together > 0)
    for _ in range(_ROUNDS):
        links = near.astype(np.float32)
        common = links @ links
        near = near & (common >= 2)
        around = ((common > 0) | near).astype(np.float32)
        shared, sizes = around @ around, around.sum(axis=1)
        union = np.maximum(sizes[:, None] + sizes[None, :] - shared, 1.0)
        near = near & (shared / union > _ALIKE)
    return near


def _scaled(
    together: NDArray[np.float64], near: NDArray[np.bool_], inside: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """(n, 2) float64: places in a plane whose distances are about those along the neighbors."""
    # A correlation that falls as a Gaussian gives the distance by the root of its logarithm.
    steps = np.where(near, np.sqrt(-np.log(np.clip(together, 1e-3, 0.999))), 0.0)
    ways = shortest_path(csr_matrix(steps), directed=False)[np.ix_(inside, inside)]
    square = ways**2
    square -= square.mean(axis=0, keepdims=True)
    square -= square.mean(axis=1, keepdims=True)
    values, vectors = np.linalg.eigh(-0.5 * square)
    places: NDArray[np.float64] = vectors[:, -2:] * np.sqrt(np.maximum(values[-2:], 0.0))
    return places


def _laid(places: NDArray[np.float64], grid: NDArray[np.int64]) -> Table:
    """(n,) int64: the pixel of the grid for each place, each once, as near as can be in all."""
    order: Table = linear_sum_assignment(((places[:, None] - grid[None]) ** 2).sum(axis=-1))[1]
    return order


def _cubic(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, 10) float64: all products of the coordinates up to the third power."""
    x, y = (places / max(float(places.max()), 1.0)).T
    return np.stack([x**i * y**j for i in range(4) for j in range(4 - i)], axis=1)


def _upright(plane: NDArray[np.float64], size: SensorSize) -> NDArray[np.float64]:
    """The plane, turned so that its upright box is as small as can be, and made to fit the grid."""
    best = None
    for angle in np.linspace(0, np.pi / 2, _ANGLES, endpoint=False):
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        turned = plane @ turn
        low, high = np.percentile(turned, [1, 99], axis=0)
        area = float(np.prod(high - low))
        if best is None or area < best[0]:
            best = (area, turned, low, high)
    if best is None:
        return plane
    _, turned, low, high = best
    wide, tall = high - low
    if (wide > tall) != (size.width > size.height) and size.width != size.height:
        turned, low, high = turned[:, ::-1], low[::-1], high[::-1]
    fitted: NDArray[np.float64] = (turned - low) / np.maximum(high - low, 1e-9)
    fitted *= np.array(size) - 1
    return fitted
