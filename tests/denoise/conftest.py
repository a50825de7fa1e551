"""Noise whose statistics are known, and streams by hand."""

import numpy as np
import pytest

from eventsim.events import Events
from eventsim.scenes.poisson import poisson_noise


@pytest.fixture
def noise():
    return poisson_noise(5.0, seconds=2.0, seed=1)


@pytest.fixture
def stream():
    def made(*rows, size=(12, 9)):
        """Events of rows (t, x, y, p)."""
        return Events.of(*np.array(rows, np.int64).reshape(-1, 4).T, size=size)

    return made
