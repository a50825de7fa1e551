"""I2E on the CPU: still images to eight planes of events, as bytes, bits or an event list.

An eye that stands still sees by tiny movements. I2E takes eight of them at once: each time plane
compares the image with itself moved by a pixel or two, and where the difference reaches a share
of the image's own range of values, there is an event.

Source: R. Ma, L. Meng, G. Qiao, N. Ning, Y. Liu, S. Hu, "I2E: Real-Time Image-to-Event Conversion
for High-Performance Spiking Neural Networks", AAAI 2026, doi:10.1609/aaai.v40i3.37179.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from eventsim.errors import ConfigError
from eventsim.events import Events, Kind, SensorSize
from eventsim.packets.memory import ColumnMemory
from eventsim.packets.threads import default_threads, spread
from eventsim.planes import event_kernels, kernels
from eventsim.planes.batches import as_images, as_samples
from eventsim.planes.directions import PLANES, Directions, draw_choices, neighbor_pairs
from eventsim.planes.settings import I2ESettings, Padding, make_i2e_settings

PADDINGS = {"replicate": kernels.REPLICATE, "reflect": kernels.REFLECT, "zero": kernels.ZERO}

THREAD_BYTES = 1 << 20
"""A thread gets at least so many bytes of planes: below that, handing over costs more; chosen by
measurement (waking a thread costs about as much as 50 us of conversion)."""


def i2e(  # noqa: PLR0913 - the settings one by one, as users want to write them
    images: ArrayLike,
    ratio: float = 0.12,
    *,
    rate: float | None = None,
    directions: Directions = "default",
    order: int = 4,
    padding: Padding = "replicate",
    seed: int = 0,
    samples: ArrayLike | None = None,
    threads: int | None = None,
    out: NDArray[np.uint8] | None = None,
) -> NDArray[np.uint8]:
    """Turn still images into eight planes of events each.

    Parameters
    ----------
    images : (B, 3, H, W), (B, 1, H, W) or (B, H, W) array of uint8, uint16 or float
        Any scale: only differences, relative to each image's own range, count. uint8 is compared
        in whole numbers, everything else as float32.
    ratio : float
        Threshold as a fraction of the range of values in the image, in (0, 1].
    rate : float, optional
        Event density (fraction of ones) to reach, in (0, 0.5]; replaces `ratio`. Each image gets
        the smallest threshold that gives it no more ones than that.
    directions : {"default", "random"}
        ``random`` draws the shifts of each sample from (seed, sample).
    order : int
        Order of the shifts in time, 0 to 5; see `eventsim.planes.directions.ORDERS`.
    padding : {"replicate", "reflect", "zero"}
        What lies around the image.
    seed : int
        Seed of random directions.
    samples : (B,) array of integer, optional
        Numbers of the samples in [0, 2**32), for random directions. Default: 0, 1, 2, ...
    threads : int, optional
        Default: one for each core, fewer for small batches. Does not change the result.
    out : (B, 8, 2, H, W) ndarray of uint8, optional
        Array to fill and return, so that memory can be reused.

    Returns
    -------
    (B, 8, 2, H, W) ndarray of uint8
        ``planes[b, k, p, y, x]`` is 1 where there is an event of polarity p (0 is OFF, 1 is ON) in
        time plane k. (The authors' code has ON first: ``planes[:, :, ::-1]``.)

    Raises
    ------
    ConfigError
        For images of another shape or type, values that are not finite, or a setting out of range.

    Notes
    -----
    With V the maximum over the channels and (a, b) the neighbors that plane k compares,
    ``ON = V(b) - V(a) >= S`` and ``OFF = V(a) - V(b) >= S``, where ``S = ratio (max V - min V)``
    [1]_. A flat image has S = 0 and no events (the authors' code gives all ones).

    References
    ----------
    .. [1] See the module.

    Examples
    --------
    A bright pixel appears and disappears under each of the eight shifts:

    >>> image = np.zeros((1, 1, 5, 5), np.uint8)
    >>> image[0, 0, 2, 2] = 200
    >>> i2e(image).sum(axis=(0, 3, 4)).tolist()
    [[1, 1], [1, 1], [1, 1], [1, 1], [1, 1], [1, 1], [1, 1], [1, 1]]
    """
    settings = make_i2e_settings(
        ratio=ratio, rate=rate, directions=directions, order=order, padding=padding
    )
    values = as_images(images)
    n, _, height, width = values.shape
    shape = (n, PLANES, 2, height, width)
    if out is None:
        out = np.empty(shape, np.uint8)
    elif out.shape != shape or out.dtype != np.uint8 or not out.flags.c_contiguous:
        raise ConfigError(
            f"out must be a contiguous uint8 array of the shape {shape}, found {out.dtype} "
            f"{out.shape}."
        )
    planes = _scratch(values, width)

    def fill(some: slice, pairs: NDArray[np.uint8], common: tuple[Any, ...]) -> int:
        return int(kernels.fill_dense(values[some], pairs, *common, planes(), out[some]))

    _convert(values, settings, seed, samples, threads, fill)
    return out


def i2e_packed(
    images: ArrayLike,
    settings: I2ESettings | None = None,
    *,
    seed: int = 0,
    samples: ArrayLike | None = None,
    threads: int | None = None,
    align: int = 8,
) -> NDArray[np.uint8]:
    """As `i2e`, but eight pixels per byte.

    Parameters
    ----------
    images, seed, samples, threads
        As in `i2e`.
    settings : I2ESettings, optional
    align : int
        Rows end on a multiple of so many pixels; a multiple of 8.

    Returns
    -------
    (B, 8, 2, H, ceil(W / align) align / 8) ndarray of uint8
        As ``numpy.packbits(i2e(images), axis=-1)`` for `align` 8;
        ``numpy.unpackbits(packed, axis=-1, count=W)`` gives the bytes back.

    Raises
    ------
    ConfigError
        As `i2e`.

    Examples
    --------
    >>> images = np.arange(2 * 5 * 9, dtype=np.uint8).reshape(2, 1, 5, 9)
    >>> packed = i2e_packed(images)
    >>> packed.shape, bool((np.unpackbits(packed, axis=-1, count=9) == i2e(images)).all())
    ((2, 8, 2, 5, 2), True)
    """
    settings = settings or I2ESettings()
    values = as_images(images)
    n, _, height, width = values.shape
    stride = -(-width // align) * align
    out = np.empty((n, PLANES, 2, height, stride // 8), np.uint8)
    planes = _scratch(values, stride)

    def fill(some: slice, pairs: NDArray[np.uint8], common: tuple[Any, ...]) -> int:
        scratch = np.empty((2, kernels.TILE // 8), np.uint64)
        return int(kernels.fill_packed(values[some], pairs, *common, planes(), scratch, out[some]))

    _convert(values, settings, seed, samples, threads, fill)
    return out


def i2e_events(
    images: ArrayLike,
    settings: I2ESettings | None = None,
    *,
    plane_us: int = 1000,
    seed: int = 0,
    samples: ArrayLike | None = None,
    threads: int | None = None,
    memory: ColumnMemory | None = None,
) -> list[Events]:
    """As `i2e`, but as event streams.

    Parameters
    ----------
    images, seed, samples, threads
        As in `i2e`.
    settings : I2ESettings, optional
    plane_us : int
        Time from one plane to the next, microseconds; the first is at 0.
    memory : ColumnMemory, optional
        Pass the same one to every call, and memory is used again as soon as nobody holds the
        events in it: twice as fast for large batches.

    Returns
    -------
    list of Events
        One for each image, sorted.

    Raises
    ------
    ConfigError
        As `i2e`.

    Examples
    --------
    >>> image = np.zeros((1, 1, 1, 4), np.uint8)
    >>> image[0, 0, 0, 2] = 1
    >>> right = i2e_events(image, I2ESettings(order=0))[0].window(0, 1)
    >>> right.x.tolist(), right.p.tolist()  # compared with the pixel to the right
    ([1, 2], [True, False])
    """
    if plane_us < 1:
        raise ConfigError(f"plane_us must be 1 or more, found {plane_us}.")
    values = as_images(images)
    n, _, height, width = values.shape
    packed = i2e_packed(values, settings, seed=seed, samples=samples, threads=threads, align=64)
    words = packed.view("<u8")
    counts = np.empty(n, np.int64)
    event_kernels.count_ones(words.reshape(n, -1), counts)
    stops = np.cumsum(counts)
    total = int(counts.sum())
    columns = (memory or ColumnMemory()).columns(total)
    t, x, y, p, kind = columns
    kind[:] = Kind.SIGNAL
    bounds = np.concatenate([[0], stops])

    def fill(some: slice) -> None:
        for i in range(some.start, some.stop):
            event_kernels.fill_events(words[i], plane_us, bounds[i], t, x, y, p.view(np.uint8))

    _spread(fill, n, packed.nbytes * 8, threads)
    size = SensorSize(width, height)
    return [
        Events.from_columns([column[a:b] for column in columns], size)
        for a, b in pairwise(bounds.tolist())
    ]


def _scratch(values: NDArray[Any], stride: int) -> Callable[[], NDArray[Any]]:
    """Make the copies of the value plane that a thread needs, zeros at first."""
    height = values.shape[2]
    return lambda: np.zeros((3, height + 2, stride), values.dtype)


def _convert(
    values: NDArray[Any],
    settings: I2ESettings,
    seed: int,
    samples: ArrayLike | None,
    threads: int | None,
    fill: Callable[[slice, NDArray[np.uint8], tuple[Any, ...]], int],
) -> None:
    """Hand the images to the threads, with the directions of each."""
    n, _, height, width = values.shape
    choices = draw_choices(settings.directions, seed, as_samples(samples, n))
    pairs = neighbor_pairs(choices, settings.order)
    common = (
        settings.ratio, settings.most_ones(height, width), PADDINGS[settings.padding],
    )  # fmt: skip

    def convert(some: slice) -> None:
        bad = fill(some, pairs[some], common)
        if bad >= 0:
            raise ConfigError(
                f"images must hold finite numbers, but image {some.start + bad} has NaN or inf. "
                "Replace them."
            )

    _spread(convert, n, 2 * PLANES * values[:, 0].size, threads)


def _spread(work: Callable[[slice], None], n: int, n_bytes: int, threads: int | None) -> None:
    """Run work on slices of range(n), on threads where that pays."""
    if threads is not None and threads < 1:
        raise ConfigError(f"threads must be 1 or more, found {threads}.")
    wanted = threads or default_threads()
    pieces = max(1, min(wanted, n, n_bytes // THREAD_BYTES))
    cuts = [n * k // pieces for k in range(pieces + 1)]
    slices = [slice(a, b) for a, b in pairwise(cuts)]
    spread(lambda k: work(slices[k]), pieces, wanted)
