"""Apache Parquet, a column each: evlib's layout (t in microseconds, x, y, polarity), and others.

Columns may have any name of `eventsim.formats.columns`; times may be numbers, durations or times of
day.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from eventsim.errors import ConfigError, SourceError
from eventsim.events import Events, SensorSize, checked_size
from eventsim.formats.columns import as_block, find_columns
from eventsim.formats.file import BLOCK_EVENTS, Block, EventFile, Layout, broken

_SIZE = b"sensor_size"
"""Key of the file's metadata under which we keep the size, such as 346x260."""


def _parquet() -> Any:
    try:
        from pyarrow import parquet
    except ModuleNotFoundError:
        raise ConfigError("Parquet needs pyarrow: pip install 'eventsim-dvs[parquet]'.") from None
    return parquet


def open_parquet(path: Path, layout: Layout) -> EventFile:
    """Open a Parquet file.

    Raises
    ------
    ConfigError
        If pyarrow is not installed.
    SourceError
        If it is broken, or has not these columns.
    """
    parquet = _parquet()
    try:
        with parquet.ParquetFile(path) as file:
            names = file.schema_arrow.names
            count = file.metadata.num_rows
            words = (file.schema_arrow.metadata or {}).get(_SIZE, b"").decode("latin-1")
        size = None
        if words:
            width, height = (int(side) for side in words.split("x"))
            size = checked_size((width, height))
    except Exception as error:
        raise _broken(path, error) from None
    columns = find_columns(names)
    if columns is None:
        raise SourceError(
            f"{path} must have columns t, x, y and p, found {', '.join(names)[:80]}. Rename them."
        )

    def blocks() -> Iterator[Block]:
        width_bytes = path.stat().st_size / max(1, count)
        try:
            with parquet.ParquetFile(path) as file:
                for batch in file.iter_batches(BLOCK_EVENTS, columns=list(columns.values())):
                    arrays = {c: _as_numpy(batch.column(name)) for c, name in columns.items()}
                    used = int(width_bytes * len(batch))
                    yield as_block(arrays, path, layout.time_unit, used)
        except Exception as error:
            raise _broken(path, error) from None

    return EventFile(path, "parquet", layout.size or size, blocks)


def _broken(path: Path, error: Exception) -> Exception:
    """What is said of an error of pyarrow, which may be of many types."""
    if isinstance(error, SourceError | FileNotFoundError | PermissionError | MemoryError):
        return error
    words = " ".join(str(error).split())[:200]
    return broken(path, "Parquet file", f"{words or type(error).__name__}.")


def _as_numpy(column: Any) -> np.ndarray[Any, Any]:
    """A column as numbers; times of day and durations as microseconds."""
    array: np.ndarray[Any, Any] = column.to_numpy(zero_copy_only=False)
    if array.dtype.kind in "mM":
        unit = "timedelta64[us]" if array.dtype.kind == "m" else "datetime64[us]"
        return array.astype(unit).astype(np.int64)
    return array


def write_parquet(file: BinaryIO, pieces: Iterable[Events], size: SensorSize) -> list[str]:
    """Write t, x, y, polarity and kind, compressed with zstd, and the size; nothing is lost."""
    parquet = _parquet()
    import pyarrow

    schema = pyarrow.schema(
        [("t", "int64"), ("x", "int16"), ("y", "int16"), ("polarity", "int8"), ("kind", "uint8")],
        metadata={_SIZE: str(size).encode()},
    )
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for piece in pieces:
            for first in range(0, len(piece), BLOCK_EVENTS):
                some = piece[first : first + BLOCK_EVENTS]
                columns = (
                    some.t, some.x.view(np.int16), some.y.view(np.int16), some.p.view(np.int8),
                    some.kind,
                )  # fmt: skip
                arrays = [pyarrow.array(column) for column in columns]
                writer.write_table(pyarrow.Table.from_arrays(arrays, schema=schema))
    return []
