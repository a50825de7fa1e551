"""A key, and events to hide."""

import numpy as np
import pytest

from eventsim.events import Events
from eventsim.transforms.keyed import EventKey

SECRET = bytes(range(32))
ID = "0123456789abcdef" * 2


@pytest.fixture
def key():
    return EventKey.of(SECRET, ID)


@pytest.fixture(scope="session")
def moving():
    """20,000 events in 100 ms, many of the same microsecond or pixel, before 0 and after."""
    rng = np.random.default_rng(3)
    n, size = 20_000, (37, 23)
    t = np.sort(rng.integers(-30, 70, n)) * 1000 + np.sort(rng.integers(0, 40, n))
    t.sort()
    x, y = rng.integers(0, size[0], n), rng.integers(0, size[1], n)
    return Events.of(t, x, y, rng.random(n) < 0.5, rng.integers(0, 4, n), size=size)
