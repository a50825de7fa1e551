"""Events sent to other addresses and back, by tables that change over time."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.transforms.changing import columns_of
from eventsim.transforms.keyed import kernels
from eventsim.transforms.keyed.event_key import EventKey

Table = NDArray[np.int64]
"""(H W,) int64: the pixel that each pixel is sent to, both in raster order."""


def check_rekey(rekey_us: int | None) -> None:
    """Refuse a period that is none.

    Raises
    ------
    ConfigError
    """
    good = rekey_us is None or (isinstance(rekey_us, int) and rekey_us >= 1)
    if not good:
        raise ConfigError(
            f"rekey_us must be a whole number of microseconds from 1, or None for one order of the "
            f"whole recording, found {rekey_us!r}."
        )


def check_block(block_px: int | None, least: int) -> None:
    """Refuse the side of a block that is none.

    Raises
    ------
    ConfigError
    """
    if not isinstance(block_px, int) or block_px < least:
        raise ConfigError(f"block_px must be a whole number from {least}, found {block_px!r}.")


def sent(
    events: Events,
    rekey_us: int | None,
    table_of: Callable[[int], Table],
    *,
    back: bool = False,
) -> Events:
    """Send events to other addresses.

    Parameters
    ----------
    events : Events
    rekey_us : int or None
        Period with its own table, microseconds, counted from time 0; None has one table, number 0.
    table_of : callable
        Gives the table of a period by its number.
    back : bool
        Send them to where they came from.
    """
    width, height = events.size
    pixels = np.arange(width * height)
    addresses = ((pixels // width << 16) | (pixels % width)).astype(np.uint32)
    columns = tuple(columns_of(events))
    room = tuple(np.empty_like(column) for column in columns[1:])
    for number, first, last in _periods(events.t, rekey_us):
        table = table_of(number)
        if back:
            packed = np.empty_like(addresses)
            packed[table] = addresses
        else:
            packed = addresses[table]
        kernels.send(packed, width, first, last, columns, room)
    return Events.from_columns([events.t, *room], events.size)


def shuffled(
    key: EventKey, number: int, items: NDArray[np.int64], bounds: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Items in another order within each of their groups.

    Parameters
    ----------
    key : EventKey
    number : int
        Of the period, which is the nonce.
    items : (n,) ndarray of int64
    bounds : (g + 1,) ndarray of int64
        Where the groups begin, and the end.
    """
    # A draw is refused less often than once in 2**32 / n; a sixteenth more words is ample.
    count = items.size + items.size // 16 + 64
    while True:
        words = key.stream(number, 4 * count).view("<u4")
        order = items.copy()
        if kernels.shuffle(order, bounds, words):
            return order
        count *= 2


def _periods(t: NDArray[np.int64], rekey_us: int | None) -> Iterator[tuple[int, int, int]]:
    """Number of each period that has events, with its first event and one after its last."""
    if rekey_us is None or not len(t):
        yield 0, 0, len(t)
        return
    first = 0
    while first < len(t):
        number = int(t[first]) // rekey_us
        last = int(np.searchsorted(t, (number + 1) * rekey_us))
        yield number, first, last
        first = last
