"""Events at random, and by hand."""

import numpy as np
import pytest

from eventsim.events import Events


def make_events(n, *, size=(12, 7), span_us=1000, seed=0):
    """Events everywhere, several in one microsecond, of all kinds."""
    rng = np.random.default_rng(seed)
    return Events.of(
        np.sort(rng.integers(0, span_us, n)) + 50,
        rng.integers(0, size[0], n),
        rng.integers(0, size[1], n),
        rng.random(n) < 0.5,
        rng.integers(0, 4, n),
        size=size,
    )


@pytest.fixture
def events():
    return make_events(600)


@pytest.fixture
def many():
    return make_events(20_000, size=(64, 48), span_us=1_000_000)
