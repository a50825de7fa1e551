"""Events as lines of text: .csv with a header, .txt as e2vid has it, and what comes near.

A line is an event; columns are parted by commas, blanks, tabs or semicolons. A header names the
columns (``x@346`` gives the size, too); without one the order is that of `Layout.columns`, or t, x,
y, p. A first line of two numbers is the size (e2vid: "width height"). Times with a fraction are
seconds and whole ones microseconds, unless the unit is given. Lines that begin with # or % are left
out. Every decimal number is read exactly.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from eventsim.errors import OutsideSensorError, SourceError
from eventsim.events import Events, Kind, SensorSize, checked_size
from eventsim.formats.columns import find_columns, order_of
from eventsim.formats.file import BLOCK_EVENTS, Block, EventFile, Layout, broken

READ_BYTES = 1 << 22
"""Of the file at a time; chosen by eye."""
HEAD_BYTES = 1 << 16
"""In which the first event must come; chosen by eye."""
_DECIMALS = {"s": 6, "ms": 3, "us": 0, "ns": -3}
"""Power of ten from a unit to microseconds."""
_HEADER = b"t,x,y,p,kind\n"


@dataclass(frozen=True)
class _Head:
    """What stands before the events, and what the first one shows."""

    start: int
    lines: int
    places: tuple[int, ...]
    size: SensorSize | None
    fractions: bool


def open_text(path: Path, layout: Layout) -> EventFile:
    """Open a text.

    Raises
    ------
    SourceError
        If its first lines show no events.
    """
    head = _read_head(path, layout)
    unit = layout.time_unit or ("s" if head.fractions else "us")
    notes: list[str] = []
    if layout.time_unit is None and head.fractions:
        notes.append("its times have fractions, and were taken for seconds (else: --time-unit)")

    def blocks() -> Iterator[Block]:
        yield from _blocks(path, head, _DECIMALS[unit])

    name = "txt" if path.suffix.lower() == ".txt" else "csv"
    return EventFile(path, name, layout.size or head.size, blocks, notes)


def _read_head(path: Path, layout: Layout) -> _Head:
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    size: SensorSize | None = None
    names: list[str] = []
    place = lines = 0
    while place < len(head):
        stop = head.find(b"\n", place)
        row = head[place : stop if stop >= 0 else len(head)].decode("utf-8-sig", "replace")
        words = row.replace(",", " ").replace(";", " ").split()
        is_events = bool(words) and words[0][0] not in "#%"
        if is_events and not names and not _is_number(words[0]):
            names = [word.strip("\"'") for word in words]
        elif is_events and not names and size is None and len(words) == 2:
            size = _size_of(path, words)
        elif is_events:
            order, named_size = _order(path, names, layout)
            fractions = "t" in order and len(words) > order.index("t")
            fractions = fractions and any(c in words[order.index("t")] for c in ".eE")
            places = tuple("txypk".find(letter) for letter in order)
            return _Head(place, lines, places, named_size or size, fractions)
        if stop < 0:
            break
        place, lines = stop + 1, lines + 1
    if len(head) == HEAD_BYTES:
        raise broken(path, "text of events", f"no event comes in its first {HEAD_BYTES} bytes.")
    order, named_size = _order(path, names, layout)
    places = tuple("txypk".find(letter) for letter in order)
    return _Head(len(head), lines, places, named_size or size, False)


def _is_number(word: str) -> bool:
    return word.lstrip("+-.")[:1].isdigit()


def _size_of(path: Path, words: list[str]) -> SensorSize:
    try:
        return checked_size((int(words[0]), int(words[1])))
    except (ValueError, OutsideSensorError):
        raise broken(path, "text of events", f"its first line is {' '.join(words)[:40]}.") from None


def _order(path: Path, names: list[str], layout: Layout) -> tuple[str, SensorSize | None]:
    """Letters of the columns in order, - for those that are something else; and a size in names."""
    if not names or layout.columns:
        return order_of(layout), None
    plain = [name.split("@")[0] for name in names]
    found = find_columns(plain)
    if found is None:
        raise SourceError(
            f"{path} must have columns t, x, y and p, found {', '.join(names)[:80]}. Give their "
            "order: --columns txyp."
        )
    letters = {name: "k" if column == "kind" else column for column, name in found.items()}
    order = "".join(letters.get(name, "-") for name in plain)
    sides = {name.split("@")[0]: name.split("@")[1] for name in names if "@" in name}
    if not {found["x"], found["y"]} <= set(sides):
        return order, None
    return order, _size_of(path, [sides[found["x"]], sides[found["y"]]])


def _blocks(path: Path, head: _Head, decimals: int) -> Iterator[Block]:
    from eventsim.formats.text_kernels import parse_lines

    # What follows the last column that counts need not be looked at.
    places = np.array(head.places[: max(k for k, v in enumerate(head.places) if v >= 0) + 1])
    has_kind = 4 in head.places
    lines, rest = head.lines, b""
    with path.open("rb") as file:
        file.seek(head.start)
        while True:
            data = file.read(READ_BYTES)
            if not data and rest and not rest.endswith(b"\n"):
                data = b"\n"  # the last line may lack its end
            if not data:
                return
            every = np.frombuffer(rest + data, np.uint8)
            done = 0
            while True:
                t, x, y = (np.empty(BLOCK_EVENTS, np.int64) for _ in range(3))
                p = np.empty(BLOCK_EVENTS, np.bool_)
                kind = np.full(BLOCK_EVENTS, Kind.UNKNOWN, np.uint8)
                columns = (t, x, y, p, kind)
                n, used, wrong, seen = parse_lines(every, done, places, decimals, columns)
                if wrong:
                    raise _wrong_line(path, lines + wrong, every[used:])
                lines += seen
                kinds = kind[:n] if has_kind else None
                yield Block(t[:n], x[:n], y[:n], p[:n], used - done, kinds)
                done = used
                if n < BLOCK_EVENTS:
                    break
            rest = every[done:].tobytes()


def _wrong_line(path: Path, number: int, rest: np.ndarray) -> SourceError:
    lines = rest[:2000].tobytes().split(b"\n")
    bad = next((line for line in lines if line.strip() and line.strip()[:1] not in b"#%"), b"")
    words = " ".join(bad.decode("utf-8", "replace").split())[:60]
    return SourceError(
        f"{path}, line {number}: expected a time, a column, a row and a polarity, found {words!r}. "
        "If the columns have another order, give it: --columns xytp."
    )


def write_csv(file: BinaryIO, pieces: Iterable[Events], size: SensorSize) -> list[str]:
    """Write microseconds, column, row, polarity and kind, with a header; the size is lost."""
    file.write(_HEADER)
    _write(file, pieces, seconds=False)
    return [f"the file does not say its size, {size}"]


def write_txt(file: BinaryIO, pieces: Iterable[Events], size: SensorSize) -> list[str]:
    """Write the size, then seconds, column, row and polarity, as e2vid reads them."""
    file.write(f"{size.width} {size.height}\n".encode())
    _write(file, pieces, seconds=True)
    return []


def _write(file: BinaryIO, pieces: Iterable[Events], *, seconds: bool) -> None:
    from eventsim.formats.text_kernels import format_lines

    data = np.empty(READ_BYTES, np.uint8)
    for piece in pieces:
        done = 0
        while done < len(piece):
            n, done = format_lines(
                piece.t, piece.x, piece.y, piece.p, piece.kind, done, seconds, data
            )
            file.write(data[:n].data)
