"""Normal numbers by layers: held against the distribution."""

from math import erf, sqrt

import numpy as np
import pytest

from eventsim.transforms import jitter_kernels
from eventsim.transforms.ziggurat import LAYERS, ziggurat


def test_all_layers_have_one_area():
    edges, heights = ziggurat()
    assert edges[LAYERS] == 0
    assert heights[LAYERS] == 1
    areas = edges[1:LAYERS] * np.diff(heights)[1:]
    assert np.allclose(areas, 0.00492867323399, rtol=1e-9)
    assert edges[0] * heights[1] == pytest.approx(0.00492867323399)


def test_numbers_are_normal_also_in_the_tail():
    n, sd = 1_000_000, 1e9
    t = np.full(n + 2, 10**12)
    t[0], t[-1] = 0, 2 * 10**12
    out = np.empty_like(t)
    jitter_kernels.jitter_times(sd, np.uint64(7), ziggurat(), t, out)
    z = (out[1:-1] - 10**12) / sd
    for at in (-4.2, -3.7, -3.0, -1.5, -0.3, 0.0, 0.3, 1.5, 3.0, 3.7, 4.2):
        wanted = 0.5 * (1 + erf(at / sqrt(2)))
        spread = sqrt(wanted * (1 - wanted) / n)
        assert (z < at).mean() == pytest.approx(wanted, abs=4.5 * spread)
    assert np.corrcoef(z[:-1], z[1:])[0, 1] == pytest.approx(0, abs=0.005)
