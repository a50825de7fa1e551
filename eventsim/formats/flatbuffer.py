"""FlatBuffers, as far as AEDAT4 needs them: fields of one table, and vectors of bytes or structs.

A table begins with the distance back to its vtable, which lists where each field lies; a field that
is not there has its default. Every offset is checked, so that a damaged file is an error and never
a read beyond its end. Source: the page "FlatBuffers Internals" of the FlatBuffers documentation.
"""

import struct
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


class FlatbufferError(ValueError):
    """What is read is no such table."""


class Table:
    """The root table of a buffer that begins with its size.

    Parameters
    ----------
    buffer : bytes
    identifier : bytes
        Four bytes that say what it is.

    Raises
    ------
    FlatbufferError
        If it is none.
    """

    def __init__(self, buffer: bytes, identifier: bytes) -> None:
        self._buffer = buffer
        if buffer[8:12] != identifier:
            words = f"expected {identifier.decode()}, found {bytes(buffer[8:12])!r}"
            raise FlatbufferError(words)
        self._place = 4 + self._number("<I", 4)
        self._vtable = self._place - self._number("<i", self._place)
        self._vtable_bytes = self._number("<H", self._vtable)

    def number(self, field: int, code: str, default: int = 0) -> int:
        """A field that is a number, of a `struct` code such as ``<q``."""
        place = self._field(field)
        return default if place is None else self._number(code, place)

    def vector(self, field: int, dtype: np.dtype[Any] | type) -> NDArray[Any]:
        """A field that is a vector of numbers or structs; empty if it is not there."""
        place = self._field(field)
        if place is None:
            return np.empty(0, dtype)
        place += self._number("<I", place)
        count = self._number("<I", place)
        if count * np.dtype(dtype).itemsize > len(self._buffer) - place - 4:
            raise FlatbufferError("a vector reaches beyond the end")
        return np.frombuffer(self._buffer, dtype, count, place + 4)

    def text(self, field: int) -> str:
        """A field that is a text; "" if it is not there."""
        return self.vector(field, np.uint8).tobytes().decode("utf-8", "replace")

    def _field(self, field: int) -> int | None:
        at = 4 + 2 * field
        if at + 2 > self._vtable_bytes:
            return None
        offset = self._number("<H", self._vtable + at)
        return self._place + offset if offset else None

    def _number(self, code: str, place: int) -> int:
        if place < 0:
            raise FlatbufferError("an offset leads before the beginning")
        try:
            (value,) = struct.unpack_from(code, self._buffer, place)
        except struct.error:
            raise FlatbufferError("an offset leads beyond the end") from None
        return int(value)


def build_table(identifier: bytes, fields: Sequence[tuple[int, bytes, int]]) -> bytes:
    """A buffer, with its size before it, of one table.

    Parameters
    ----------
    identifier : bytes
    fields : sequence of (field, content, items)
        In order of their numbers. `items` -1 is a number, stored in the table; else content is a
        vector of so many items.
    """
    last = max(field for field, _, _ in fields)
    vtable_bytes = 4 + 2 * (last + 1)
    start = 12 + vtable_bytes + (-(12 + vtable_bytes) % 8)  # of the table, from the size on
    places, inline = [0] * (last + 1), 4
    for field, content, items in fields:
        width = len(content) if items < 0 else 4
        inline += -inline % width
        places[field] = inline
        inline += width
    table = bytearray(inline)
    struct.pack_into("<i", table, 0, start - (start - vtable_bytes))
    tail = b""
    end = start + inline
    for field, content, items in fields:
        if items < 0:
            table[places[field] : places[field] + len(content)] = content
            continue
        # Of vectors the items are aligned, to 8 bytes, and not the number before them.
        tail += bytes(-(end + len(tail) + 4) % 8)
        here = end + len(tail)
        struct.pack_into("<I", table, places[field], here - start - places[field])
        tail += struct.pack("<I", items) + content
    vtable = struct.pack(f"<HH{last + 1}H", vtable_bytes, inline, *places)
    head = struct.pack("<I", start - 4) + identifier
    body = head.ljust(start - vtable_bytes - 4, b"\0") + vtable + bytes(table) + tail
    return struct.pack("<I", len(body)) + body
