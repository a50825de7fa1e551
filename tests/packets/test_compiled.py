"""How kernels are compiled: free of the GIL, without reordered sums, never raising."""

import numpy as np

from eventsim.packets.compiled import kernel


@kernel
def quotient(a, b):
    return a / b


@kernel
def sum_in_order(values):
    total = np.float32(0)
    for value in values:
        total += value
    return total


def test_options():
    options = quotient.targetoptions
    assert options["nogil"]
    assert options["error_model"] == "numpy"
    assert not options.get("fastmath")


def test_division_by_zero_does_not_raise():
    assert quotient(1.0, 0.0) == np.inf
    assert np.isnan(quotient(0.0, 0.0))


def test_sums_keep_their_order():
    # In order the ones are lost beside 1e8; reordered they would add up to 64.
    values = np.array([1e8] + [1.0] * 64 + [-1e8], np.float32)
    assert sum_in_order(values) == 0
