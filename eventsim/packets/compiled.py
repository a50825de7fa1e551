"""How every kernel of the pixel is compiled.

No ``fastmath``: it would let the compiler reorder sums, and the events would then
depend on the processor. ``error_model="numpy"`` divides without a check for zero,
which the vector instructions need.
"""

import functools

from numba import njit

kernel = functools.partial(njit, nogil=True, error_model="numpy")
"""Decorator of a function that the kernels call."""

bare = functools.partial(kernel, _nrt=False)
"""Decorator of a function with many arrays that is called for every event or pixel, and makes none:
as a `kernel`, counting the references to its arrays would cost more than its work."""
inlined = functools.partial(kernel, inline="always")
"""Decorator of a part of a `bare` function, which becomes bare with it."""
