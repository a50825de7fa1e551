import numpy as np
import pytest

from eventsim.formats.order_kernels import FEW, first_back, in_raster_order, not_back


@pytest.mark.parametrize("n", [1, 2, FEW, FEW + 1, 300])
def test_each_microsecond_is_sorted_and_equal_places_keep_their_order(n):
    rng = np.random.default_rng(n)
    t = np.repeat([3, 4], n)
    x, y = (rng.integers(0, 5, 2 * n).astype(np.uint16) for _ in range(2))
    p, kind = rng.integers(0, 2, 2 * n) > 0, rng.integers(0, 5, 2 * n).astype(np.uint8)
    order = np.lexsort((x, y, t))
    expected = [column[order] for column in (x, y, p, kind)]
    in_raster_order(t, x, y, p, kind)
    for found, wanted in zip((x, y, p, kind), expected, strict=True):
        assert np.array_equal(found, wanted)


def test_where_times_go_back():
    t = np.array([3, 3, 5, 4])
    assert first_back(t, np.int64(0)) == 3
    assert first_back(t, np.int64(4)) == 0
    assert first_back(t[:3], np.int64(3)) == -1
    keep = np.empty(4, bool)
    assert not_back(t, np.int64(0), keep) == 1
    assert keep.tolist() == [True, True, True, False]
