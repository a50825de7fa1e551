"""Correlation of recordings, against NumPy's."""

import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.realism.correlation import correlations


def test_correlation_is_pearsons():
    a = np.random.default_rng(0).random((3, 2, 2, 4, 4)).astype(np.float32)
    b = a + np.random.default_rng(1).random(a.shape).astype(np.float32)
    expected = [np.corrcoef(x.ravel(), y.ravel())[0, 1] for x, y in zip(a, b, strict=True)]
    assert np.allclose(correlations(a, b), expected)
    assert np.allclose(correlations(a, 3 * a + 1), 1)
    assert np.isnan(correlations(a, 0 * a)).all()
    with pytest.raises(ConfigError, match="one shape"):
        correlations(a, a[:2])
