"""From the blocks of a file to events that keep all promises: on the sensor, in order of time."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError, OutsideSensorError, SourceError, TimeOrderError
from eventsim.events import COLUMNS, MAX_SIDE_PX, Events, Kind, SensorSize
from eventsim.formats.file import Block, EventFile

MOST_AT_ONCE = 1 << 24
"""Events of one microsecond that may be held together: a sensor of 4096x4096; chosen by eye."""
MOST_SORTED = 100_000_000
"""Events of a file whose times are sorted, in memory: 1.4 GB and twice as much while it works;
chosen by eye."""


@dataclass(frozen=True)
class Care:
    """What is done with events that break a promise.

    Attributes
    ----------
    backwards : {"refuse", "drop", "sort"}
        Events that are earlier than one before them: refuse the file, leave them out, or sort all
        events of the file by time, in memory.
    outside : {"refuse", "drop"}
        Events that are not on the sensor.
    """

    backwards: Literal["refuse", "drop", "sort"] = "refuse"
    outside: Literal["refuse", "drop"] = "refuse"


def checked_pieces(file: EventFile, care: Care = Care()) -> Iterator[tuple[Events, int]]:
    """Yield events piece by piece, each piece later than the one before.

    Parameters
    ----------
    file : EventFile
        Gets notes on what was left out or put in order.
    care : Care

    Yields
    ------
    events : Events
    bytes_read : int
        Of the file, since the piece before.

    Raises
    ------
    ConfigError
        If the file does not say how large its sensor is.
    TimeOrderError, OutsideSensorError
        If an event breaks a promise, and the file is refused for it.
    SourceError
        If the file is broken.
    """
    size = known_size(file)
    blocks = _on_sensor(file, size, care)
    ordered = _sorted(file, blocks) if care.backwards == "sort" else _forwards(file, blocks, care)
    yield from _cut_between_times(file, ordered, size)


def known_size(file: EventFile) -> SensorSize:
    """Size of the sensor of a file.

    Raises
    ------
    ConfigError
        If the file does not say; names the smallest that holds its events.
    """
    if file.size is not None:
        return file.size
    found = smallest_size(file)
    raise ConfigError(
        f"{file.path} does not say how large its sensor is. Give --size WIDTHxHEIGHT "
        f"(size=(width, height) in Python); its events need {found} at least."
    )


def smallest_size(file: EventFile) -> SensorSize:
    """The smallest sensor that holds all events; reads the whole file.

    Raises
    ------
    OutsideSensorError
        If none does.
    """
    width = height = 1
    for block in file.blocks():
        if len(block.t):
            _no_negative(file, block)
            width = max(width, int(block.x.max()) + 1)
            height = max(height, int(block.y.max()) + 1)
    if max(width, height) > MAX_SIDE_PX:
        raise OutsideSensorError(
            f"{file.path} has an event at column {width - 1}, row {height - 1}, and sensors have "
            f"up to {MAX_SIDE_PX} px per side. Check the order of its columns."
        )
    return SensorSize(width, height)


def _no_negative(file: EventFile, block: Block) -> None:
    for name, column in (("x", block.x), ("y", block.y)):
        if column.dtype.kind == "i" and column.min() < 0:
            raise OutsideSensorError(f"{file.path} has an event with {name}={column.min()}.")


def _on_sensor(file: EventFile, size: SensorSize, care: Care) -> Iterator[Block]:
    """Yield blocks with events on the sensor alone."""
    dropped = first = 0
    for block in file.blocks():
        count = len(block.t)
        limits = (block.x, size.width), (block.y, size.height)
        if count and any(c.max() >= n or (c.dtype.kind == "i" and c.min() < 0) for c, n in limits):
            inside = np.ones(count, bool)
            for column, limit in limits:
                inside &= (column >= 0) & (column < limit)
            if care.outside == "refuse":
                i = int(np.argmin(inside))
                raise OutsideSensorError(
                    f"{file.path}: event {first + i} is at x={block.x[i]}, y={block.y[i]}, not on "
                    f"a sensor of {size}. Give the right --size, or --outside drop."
                )
            dropped += count - int(inside.sum())
            kind = None if block.kind is None else block.kind[inside]
            block = Block(
                block.t[inside], block.x[inside], block.y[inside], block.p[inside],
                block.bytes_read, kind,
            )  # fmt: skip
        first += count
        yield block
    if dropped:
        file.notes.append(f"{dropped:,} events outside of {size} were left out")


def _forwards(file: EventFile, blocks: Iterator[Block], care: Care) -> Iterator[Block]:
    """Yield blocks whose times go on, in and between them."""
    from eventsim.formats.order_kernels import first_back, not_back

    before = np.int64(np.iinfo(np.int64).min)
    dropped = first = 0
    for block in blocks:
        t = np.ascontiguousarray(block.t)
        i = int(first_back(t, before))
        if i >= 0 and care.backwards == "refuse":
            latest = max(int(before), int(t[:i].max(initial=before)))
            raise TimeOrderError(
                f"{file.path}: times go backwards, event {first + i} has t={t[i]} us after "
                f"t={latest} us. --backwards sort puts all in order, --backwards drop leaves out "
                "what is late."
            )
        first += len(t)
        if i >= 0:
            keep = np.empty(len(t), bool)
            dropped += int(not_back(t, before, keep))
            kind = None if block.kind is None else block.kind[keep]
            block = Block(
                t[keep], block.x[keep], block.y[keep], block.p[keep], block.bytes_read, kind
            )
        if len(block.t):
            before = np.int64(block.t[-1])
        yield block
    if dropped:
        file.notes.append(f"{dropped:,} events that came late were left out")


def _sorted(file: EventFile, blocks: Iterator[Block]) -> Iterator[Block]:
    """All events in one block, in order of time."""
    every: list[Block] = []
    count = 0
    for block in blocks:
        count += len(block.t)
        if count > MOST_SORTED:
            raise SourceError(
                f"{file.path} has more than {MOST_SORTED:,} events, too many to sort in memory. "
                "Use --backwards drop."
            )
        every.append(block)
    if not every:
        return
    t = np.concatenate([block.t for block in every])
    late = int(np.sum(t[1:] < t[:-1]))
    order = np.argsort(t, kind="stable") if late else slice(None)
    if late:
        file.notes.append(f"events were sorted by time, which went backwards {late:,} times")
    x, y, p = (np.concatenate([block[k] for block in every])[order] for k in (1, 2, 3))
    kind = np.concatenate([_kind(block) for block in every])[order]
    yield Block(t[order], x, y, p, sum(block.bytes_read for block in every), kind)


def _kind(block: Block) -> NDArray[np.uint8]:
    if block.kind is None:
        return np.full(len(block.t), Kind.UNKNOWN, np.uint8)
    return block.kind


def _cut_between_times(
    file: EventFile, blocks: Iterator[Block], size: SensorSize
) -> Iterator[tuple[Events, int]]:
    """Yield pieces that never tear a microsecond apart, its events in raster order."""
    from eventsim.formats.order_kernels import in_raster_order

    held = Events.empty(size)
    waiting = 0
    for block in blocks:
        waiting += block.bytes_read
        if not len(block.t):
            continue
        piece = _joined(held, block, size)
        cut = int(np.searchsorted(piece.t, piece.t[-1]))
        held = piece[cut:]
        if len(held) > MOST_AT_ONCE:
            raise SourceError(
                f"{file.path} has more than {MOST_AT_ONCE:,} events at t={piece.t[-1]} us. "
                "Check its times."
            )
        if cut:
            done = piece[:cut]
            in_raster_order(done.t, done.x, done.y, done.p, done.kind)
            yield done, waiting
            waiting = 0
    if len(held):
        in_raster_order(held.t, held.x, held.y, held.p, held.kind)
    if len(held) or waiting:
        yield held, waiting


def _joined(held: Events, block: Block, size: SensorSize) -> Events:
    """Events that were held and those of a block, in arrays that may be changed."""
    columns = dict(t=block.t, x=block.x, y=block.y, p=block.p, kind=_kind(block))
    joined = []
    for name, dtype in COLUMNS.items():
        old, column = getattr(held, name), columns[name]
        whole: NDArray[Any] = np.empty(len(old) + len(column), dtype)
        whole[: len(old)] = old
        whole[len(old) :] = column
        joined.append(whole)
    return Events.from_columns(joined, size)
