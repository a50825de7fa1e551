"""The layers of the ziggurat, by which normal numbers are drawn quickly."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

LAYERS = 256
_LAST_EDGE = 3.6541528853610088
_AREA = 0.00492867323399
"""Where the tail begins, and the area of each layer, of 256 (Marsaglia and Tsang 2000; Doornik
2005)."""


@cache
def ziggurat() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Right edges of the layers, from the widest, and the heights of the density there.

    Returns
    -------
    edges : (257,) ndarray of float64
        ``edges[0]`` is so wide that the lowest layer with its tail has the area of the others.
    heights : (257,) ndarray of float64
        ``exp(-edges ** 2 / 2)``; layer k lies between heights k and k + 1.
    """
    edges = np.empty(LAYERS + 1)
    edges[0] = _AREA * np.exp(0.5 * _LAST_EDGE**2)
    edges[1] = _LAST_EDGE
    for k in range(2, LAYERS):
        edges[k] = np.sqrt(-2 * np.log(_AREA / edges[k - 1] + np.exp(-0.5 * edges[k - 1] ** 2)))
    edges[LAYERS] = 0.0
    return edges, np.exp(-0.5 * edges**2)
