"""What the columns of a table are called, and what their numbers mean.

Names are those of v2e, ESIM, vid2e, e2vid, DSEC, MVSEC, N-ImageNet, tonic, Metavision and evlib.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError, SourceError
from eventsim.formats.file import Block, Layout, TimeUnit

NAMES = {
    "t": ("t", "ts", "time", "times", "timestamp", "timestamps", "t_us", "time_us", "timestamp_us"),
    "x": ("x", "xs", "x_px"),
    "y": ("y", "ys", "y_px"),
    "p": ("p", "ps", "pol", "polarity", "polarities", "on"),
    "kind": ("kind",),
}
"""Names of each column, in lower case."""

US_EACH = {"s": 1e6, "ms": 1e3, "us": 1.0, "ns": 1e-3}
"""Microseconds in a unit of time."""
LATEST_US = float(1 << 62)


def find_columns(names: Sequence[str]) -> dict[str, str] | None:
    """Names of the columns t, x, y, p (and kind, if it is there) among some; None if one lacks."""
    lower = {name.lower(): name for name in names}
    found = {
        column: next((lower[alias] for alias in aliases if alias in lower), None)
        for column, aliases in NAMES.items()
    }
    if None in (found["t"], found["x"], found["y"], found["p"]):
        return None
    return {column: name for column, name in found.items() if name is not None}


def order_of(layout: Layout, otherwise: str = "txyp") -> str:
    """Order of columns without names, such as ``txyp``.

    Raises
    ------
    ConfigError
        If it does not name each of t, x, y and p once.
    """
    order = layout.columns or otherwise
    if sorted(order) != sorted("txyp") and sorted(order) != sorted("txypk"):
        raise ConfigError(
            f"columns must name each of t, x, y and p once (and k, the kind, if it is there), such "
            f"as txyp, found {order!r}."
        )
    return order


def as_block(
    columns: Mapping[str, NDArray[Any]], path: Path, unit: TimeUnit | None, bytes_read: int = 0
) -> Block:
    """Columns of any type of number as a block.

    Parameters
    ----------
    columns : mapping
        t, x, y, p, and kind if it is there.
    path : Path
        For errors.
    unit : {"s", "ms", "us", "ns"} or None
        Of the times; None is seconds for floats, and microseconds for whole numbers.
    bytes_read : int

    Raises
    ------
    SourceError
        If a column holds no whole numbers, or times that 64 bits cannot hold.
    """
    p = columns["p"]
    kind = columns.get("kind")
    return Block(
        times_us(columns["t"], path, unit),
        _whole(columns["x"], path, "x"),
        _whole(columns["y"], path, "y"),
        p if p.dtype == np.bool_ else np.asarray(p > 0),
        bytes_read,
        None if kind is None else _kinds(kind, path),
    )


def times_us(t: NDArray[Any], path: Path, unit: TimeUnit | None) -> NDArray[np.int64]:
    """Times in microseconds, rounded to the nearest."""
    if t.dtype.kind not in "iuf":
        raise SourceError(f"{path}: times must be numbers, found {t.dtype}.")
    if unit is None:
        unit = "s" if t.dtype.kind == "f" else "us"
    each = US_EACH[unit]
    if t.dtype.kind in "iu" and each >= 1:
        if len(t) and max(abs(float(t.max())), abs(float(t.min()))) * each >= LATEST_US:
            raise SourceError(
                f"{path}: times of {t.max()} {unit} are too large. Check --time-unit."
            )
        whole = t.astype(np.int64)
        return whole if each == 1 else whole * int(each)
    if t.dtype.kind in "iu":
        whole, rest = np.divmod(t, 1000)
        return np.asarray(whole.astype(np.int64) + (rest >= 500))
    scaled = t.astype(np.float64) * each
    if not (np.abs(scaled) < LATEST_US).all():  # also what is no number
        raise SourceError(f"{path}: a time is {_strange(scaled)} us. Check --time-unit.")
    return np.rint(scaled).astype(np.int64)


def _strange(values: NDArray[np.float64]) -> float:
    return float(values[~(np.abs(values) < LATEST_US)][0])


def _whole(column: NDArray[Any], path: Path, name: str) -> NDArray[Any]:
    if column.dtype.kind in "iu":
        return column.astype(np.int64) if column.dtype == np.uint64 else column
    if column.dtype.kind != "f":
        raise SourceError(f"{path}: {name} must be numbers, found {column.dtype}.")
    with np.errstate(invalid="ignore"):
        whole = column.astype(np.int64)
    if not (whole == column).all():
        bad = column[whole != column][0]
        raise SourceError(f"{path}: {name} must be whole numbers of pixels, found {bad}.")
    return whole


def _kinds(column: NDArray[Any], path: Path) -> NDArray[np.uint8]:
    from eventsim.events import exactly

    try:
        return exactly(np.asarray(column), "kind")
    except ValueError as error:
        raise SourceError(f"{path}: {error}") from None
