"""The entry points of the compiled code, and when it is compiled again."""

import functools
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from numba import njit

from eventsim import random
from eventsim.packets import compiled
from eventsim.packets.sorting import sort_events, sort_frame
from eventsim.pixel.birth import begin_noise, draw_thresholds, uniforms
from eventsim.pixel.plain import run_codes, run_planes, set_quiet, write_log
from eventsim.pixel.step import run_tile


class Kernels(NamedTuple):
    """The compiled entry points; see the functions of their names."""

    thresholds: Callable[..., Any]
    noise: Callable[..., Any]
    uniform: Callable[..., Any]
    tile: Callable[..., Any]
    sort: Callable[..., Any]
    codes: Callable[..., Any]
    planes: Callable[..., Any]
    quiet: Callable[..., Any]
    log: Callable[..., Any]
    sort_frame: Callable[..., Any]


@functools.cache
def kernels() -> Kernels:
    """The kernels, compiled once on a machine and kept on disk beside this package.

    Numba's cache only looks at the file of the function itself, and would run an old kernel
    after an edit of one of the files that it calls. A fingerprint of all of them in a closure
    variable is part of the cache's key.
    """
    folders = Path(__file__).parent, Path(compiled.__file__).parent
    files = [path for folder in folders for path in sorted(folder.glob("*.py"))]
    files.append(Path(random.__file__))
    text = b"".join(path.read_bytes() for path in files)
    fingerprint = int.from_bytes(hashlib.sha256(text).digest()[:7], "big")

    @njit(nogil=True, error_model="numpy", cache=True)
    def thresholds(blocks, pixels, nominal, mismatch, keys, least):  # type: ignore[no-untyped-def]
        if fingerprint < 0:
            return
        draw_thresholds(blocks, pixels, nominal, mismatch, keys, least)

    @njit(nogil=True, error_model="numpy", cache=True)
    def noise(blocks, pixels, nominal, rates, keys, factor, rare):  # type: ignore[no-untyped-def]
        if fingerprint < 0:
            return
        begin_noise(blocks, pixels, nominal, rates, keys, factor, rare)

    @njit(nogil=True, error_model="numpy", cache=True)
    def uniform(key, n, first, count, out):  # type: ignore[no-untyped-def]
        if fingerprint < 0:
            return
        uniforms(key, n, first, count, out)

    @njit(nogil=True, error_model="numpy", cache=True)
    def tile(blocks, pixels, states, intervals, physics, rare, light, desk, out):  # type: ignore[no-untyped-def]
        if fingerprint < 0:
            return out, 0
        return run_tile(blocks, pixels, states, intervals, physics, rare, light, desk, out)

    @njit(nogil=True, error_model="numpy", cache=True)
    def sort(rooms, used, start_us, bits, first, last, room, width, columns):  # type: ignore[no-untyped-def]
        if fingerprint < 0:
            return room
        return sort_events(rooms, used, start_us, bits, first, last, room, width, columns)

    @njit(nogil=True, error_model="numpy", cache=True)
    def codes(blocks, pixels, states, intervals, ladder, quiet, frames, desk, out, ends):  # type: ignore[no-untyped-def]
        if fingerprint < 0:
            return out
        return run_codes(blocks, pixels, states, intervals, ladder, quiet, frames, desk, out, ends)

    @njit(nogil=True, error_model="numpy", cache=True)
    def planes(blocks, pixels, states, intervals, frames, desk, out, ends):  # type: ignore[no-untyped-def]
        if fingerprint < 0:
            return out
        return run_planes(blocks, pixels, states, intervals, frames, desk, out, ends)

    @njit(nogil=True, error_model="numpy", cache=True)
    def quiet(pixels, states, ladder, kept, frame, desk):  # type: ignore[no-untyped-def]
        if fingerprint < 0:
            return
        set_quiet(pixels, states, ladder, kept, frame, desk)

    @njit(nogil=True, error_model="numpy", cache=True)
    def log(pixels, states, ladder, kept):  # type: ignore[no-untyped-def]
        if fingerprint < 0:
            return
        write_log(pixels, states, ladder, kept)

    @njit(nogil=True, error_model="numpy", cache=True)
    def one_frame(rooms, cuts, f, dt_us, slices, start_us, desk, width, to, columns):  # type: ignore[no-untyped-def]
        if fingerprint < 0:
            return desk
        return sort_frame(rooms, cuts, f, dt_us, slices, start_us, desk, width, to, columns)

    return Kernels(thresholds, noise, uniform, tile, sort, codes, planes, quiet, log, one_frame)
