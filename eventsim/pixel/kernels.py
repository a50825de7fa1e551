"""The entry points of the compiled code, and when it is compiled again."""

import contextlib
import functools
import hashlib
from collections.abc import Callable
from pathlib import Path
from types import FunctionType
from typing import Any, NamedTuple

from numba import njit

from eventsim import random
from eventsim.packets import compiled
from eventsim.packets.sorting import sort_events, sort_frame
from eventsim.pixel.birth import begin_noise, draw_thresholds, uniforms
from eventsim.pixel.plain import run_codes, run_planes, set_quiet, write_log
from eventsim.pixel.step import run_tile

FOLDERS = Path(__file__).parent, Path(compiled.__file__).parent
"""Whose files kernels are made of."""


class Kernels(NamedTuple):
    """The compiled entry points; see the functions of these names."""

    draw_thresholds: Callable[..., Any]
    begin_noise: Callable[..., Any]
    uniforms: Callable[..., Any]
    run_tile: Callable[..., Any]
    sort_events: Callable[..., Any]
    run_codes: Callable[..., Any]
    run_planes: Callable[..., Any]
    set_quiet: Callable[..., Any]
    write_log: Callable[..., Any]
    sort_frame: Callable[..., Any]


@functools.cache
def kernels() -> Kernels:
    """The kernels, compiled once on a machine and kept on disk beside this package.

    Numba's cache only looks at the file of the function itself: it would run an old kernel after
    an edit of one of the files that it calls, and fail where a type in its index is gone, as
    after an update of the package. So the names of its files hold a fingerprint of all of them.
    """
    files = [*(path for folder in FOLDERS for path in sorted(folder.glob("*.py")))]
    text = b"".join(path.read_bytes() for path in [*files, Path(random.__file__)])
    fingerprint = hashlib.sha256(text).hexdigest()[:12]
    forget_others(FOLDERS, fingerprint)
    return Kernels(
        *(
            cached(kernel.py_func, fingerprint)
            for kernel in (
                draw_thresholds, begin_noise, uniforms, run_tile, sort_events, run_codes,
                run_planes, set_quiet, write_log, sort_frame,
            )
        )
    )  # fmt: skip


def cached(function: FunctionType, fingerprint: str) -> Callable[..., Any]:
    """A function, compiled and kept on disk in files whose names hold the fingerprint."""
    named = FunctionType(function.__code__, function.__globals__, function.__name__)
    named.__qualname__ = f"{function.__qualname__}-{fingerprint}"
    named.__module__ = function.__module__
    made: Callable[..., Any] = njit(nogil=True, error_model="numpy", cache=True)(named)
    return made


def forget_others(folders: tuple[Path, ...], fingerprint: str) -> None:
    """Delete the kernels that an earlier version of the files left."""
    for folder in folders:
        for path in (folder / "__pycache__").glob("*.nb[ic]"):
            # kernels.kernels.* are those of version 0.8.0
            ours = any(f".{name}-" in path.name for name in Kernels._fields)
            if (ours and fingerprint not in path.name) or path.name.startswith("kernels.kernels."):
                with contextlib.suppress(OSError):  # of another user, or gone already
                    path.unlink()
