"""How every kernel of a format is compiled."""

import functools

from numba import njit

kernel = functools.partial(njit, nogil=True, error_model="numpy", cache=True)
"""Decorator."""
