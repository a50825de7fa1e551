"""What every format gives and takes: an event file that is open, and columns a block at a time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import SourceError
from eventsim.events import SensorSize

BLOCK_EVENTS = 1 << 20
"""Most events of a block: 14 MB of columns; chosen by eye."""

TimeUnit = Literal["s", "ms", "us", "ns"]


class Block(NamedTuple):
    """Columns of a piece of a file, as they lie in it.

    Attributes
    ----------
    t : (N,) ndarray of int64
        Time, microseconds.
    x, y : (N,) ndarray of integer
        Column from the left and row from the top, px.
    p : (N,) ndarray of bool
        True is ON.
    bytes_read : int
        Of the file, for this block.
    kind : (N,) ndarray of uint8 or None
        None where the file does not say.
    """

    t: NDArray[np.int64]
    x: NDArray[Any]
    y: NDArray[Any]
    p: NDArray[np.bool_]
    bytes_read: int = 0
    kind: NDArray[np.uint8] | None = None


@dataclass(frozen=True)
class Layout:
    """What must be said of files that do not say it.

    Attributes
    ----------
    size : SensorSize or None
        Of the sensor; where the file says it too, this counts.
    time_unit : {"s", "ms", "us", "ns"} or None
        Of the times of a table or text; None takes what the format is known for.
    columns : str
        Order of the columns of a text, such as ``txyp``; "" takes its header, or ``txyp``.
    transpose : bool
        Whether rows and columns are exchanged; the size is that of the result.
    """

    size: SensorSize | None = None
    time_unit: TimeUnit | None = None
    columns: str = ""
    transpose: bool = False


@dataclass(frozen=True)
class EventFile:
    """An event file that is open.

    Attributes
    ----------
    path : Path
    format : str
        Its name, such as ``evt3``.
    size : SensorSize or None
        None if the file does not say.
    blocks : callable
        Gives the blocks in order; may be called again to read the file again.
    notes : list of str
        What was skipped or assumed; complete when the blocks are read.
    """

    path: Path
    format: str
    size: SensorSize | None
    blocks: Callable[[], Iterator[Block]]
    notes: list[str] = field(default_factory=list)


def broken(path: Path, what: str, words: str) -> SourceError:
    """The error of a file that is not what it must be: ``broken(path, "EVT3 file", "...")``."""
    return SourceError(f"{path} is no whole {what}: {words}")
