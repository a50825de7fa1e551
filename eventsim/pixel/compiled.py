"""How every kernel of the pixel is compiled.

No ``fastmath``: it would let the compiler reorder sums, and the events would then
depend on the processor. ``error_model="numpy"`` divides without a check for zero,
which the vector instructions need.
"""

import functools

from numba import njit

kernel = functools.partial(njit, nogil=True, error_model="numpy")
"""Decorator of a function that the kernels call."""
