"""HDF5: a group of columns, a table of rows, or compound events, as the tools of the field have it.

======================  ===========================================================================
who writes it           where the events lie
======================  ===========================================================================
v2e                     ``events`` (N, 4): t (us), x, y, p
DSEC                    ``events/{t,x,y,p}`` and ``t_offset``, which is added
e2vid's tools           ``events/{ts,xs,ys,ps}``, seconds, and the attribute ``sensor_resolution``
MVSEC                   ``davis/left/events`` (N, 4): x, y, t (s), p
Metavision              ``CD/events``, compound x, y, p, t, and the attribute ``geometry``
evlib, others           ``events/{t,x,y,p}`` under these or other names
======================  ===========================================================================

The first of these that is found is read. Metavision's own compression (ECF) is decoded here; others
need hdf5plugin. Sources: the code and descriptions of these projects.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError, OutsideSensorError, SourceError
from eventsim.events import Events, SensorSize, checked_size
from eventsim.formats.columns import as_block, find_columns, order_of
from eventsim.formats.file import BLOCK_EVENTS, Block, EventFile, Layout, TimeUnit, broken

WRITTEN = {"t": "<i8", "x": "<u2", "y": "<u2", "p": "u1", "kind": "u1"}
CHUNK_EVENTS = 1 << 17
"""Of a chunk that we write: 1 MB of times; chosen by eye."""
_ECF_EVENT = np.dtype([("x", "<u2"), ("y", "<u2"), ("p", "?"), ("t", "<i8")])
_PLACES = ("CD/events", "events", "davis/left/events")
"""Where events are looked for first."""
MOST_DEPTH, MOST_NODES = 4, 1000
"""Of groups that are looked into; chosen by eye."""
_SIDES = ("sensor_resolution", "sensor_size", "geometry", "resolution")
"""Attributes that may hold a size."""
_HEIGHT_FIRST = ("sensor_resolution",)
"""Of these those that name rows before columns (events_contrast_maximization's tools)."""

Chunk = Callable[[int, int], dict[str, NDArray[Any]]]
"""Columns of the events from one number to another."""


def _h5py() -> Any:
    try:
        import h5py
    except ModuleNotFoundError as error:
        raise ConfigError(f"HDF5 needs {error.name}: pip install 'eventsim-dvs[io]'.") from None
    try:
        import hdf5plugin  # noqa: F401 - registers its filters
    except ModuleNotFoundError:
        pass  # files without its filters can be read
    return h5py


def open_hdf5(path: Path, layout: Layout) -> EventFile:
    """Open an HDF5 file.

    Raises
    ------
    ConfigError
        If h5py is not installed.
    SourceError
        If it is broken, or no events are found in it.
    """
    h5py = _h5py()
    try:
        with h5py.File(path, "r") as file:
            found = _find(file, path, layout)
            size = _size(file, path, found.place)
    except (OSError, RuntimeError, KeyError, ValueError, TypeError) as error:
        raise _readable(error, path) from None

    def blocks() -> Iterator[Block]:
        try:
            with h5py.File(path, "r") as file:
                found = _find(file, path, layout)
                total = path.stat().st_size
                for first in range(0, found.total, BLOCK_EVENTS):
                    stop = min(first + BLOCK_EVENTS, found.total)
                    columns = found.chunk(first, stop)
                    used = total * stop // found.total - total * first // found.total
                    block = as_block(columns, path, layout.time_unit or found.unit, used)
                    yield block._replace(t=block.t + found.t0_us) if found.t0_us else block
        except (OSError, RuntimeError, KeyError, ValueError, TypeError) as error:
            raise _readable(error, path) from None

    return EventFile(path, "hdf5", layout.size or size, blocks)


class _Found(NamedTuple):
    """Where the events lie, and how they are got."""

    place: str
    total: int
    chunk: Chunk
    t0_us: int = 0
    unit: TimeUnit | None = None


def _find(file: Any, path: Path, layout: Layout) -> _Found:
    """The first place that holds events."""
    names = [name for name in (*_PLACES, *_walk(file)) if name in file]
    for name in names:
        found = _events_at(file, name, layout)
        if found is not None:
            return found
    there = ", ".join(list(file)[:10]) or "nothing"
    raise SourceError(
        f"{path} must hold events as v2e, DSEC, e2vid, MVSEC, Metavision or evlib have them, found "
        f"{there}."
    )


def _events_at(file: Any, name: str, layout: Layout) -> _Found | None:
    import h5py

    node = file[name]
    if isinstance(node, h5py.Group):
        columns = find_columns([key for key in node if _is_column(node, key)])
        if columns is None:
            return None
        counts = {len(node[key]) for key in columns.values()}
        if len(counts) != 1:
            raise ValueError(f"the columns of {name} have {sorted(counts)} rows")
        offset = file.get("t_offset")
        t0_us = int(offset[()]) if isinstance(offset, h5py.Dataset) and offset.shape == () else 0

        def chunk(first: int, stop: int) -> dict[str, NDArray[Any]]:
            return {column: node[key][first:stop] for column, key in columns.items()}

        return _Found(name, counts.pop(), chunk, t0_us)
    if not isinstance(node, h5py.Dataset):  # a type that has a name
        return None
    if node.dtype.names and node.ndim == 1:
        fields = find_columns(node.dtype.names)
        if fields is None:
            return None
        read = _ecf_reader(node) if _is_ecf(node) else node.__getitem__

        def fields_of(first: int, stop: int) -> dict[str, NDArray[Any]]:
            rows = read(slice(first, stop))
            return {column: rows[key] for column, key in fields.items()}

        return _Found(name, len(node), fields_of)
    if node.ndim != 2 or node.shape[1] != 4 or node.dtype.kind not in "iuf":
        return None
    order = order_of(layout, "xytp" if name.startswith("davis/") else "txyp")

    def rows_of(first: int, stop: int) -> dict[str, NDArray[Any]]:
        rows = node[first:stop]
        return {column: rows[:, k] for k, column in enumerate(order[:4])}

    return _Found(name, len(node), rows_of)


def _is_column(group: Any, key: str) -> bool:
    import h5py

    return isinstance(group.get(key, getlink=True), h5py.HardLink) and (
        isinstance(group[key], h5py.Dataset) and group[key].ndim == 1
    )


def _walk(file: Any) -> list[str]:
    """Names of groups and datasets, down to some depth; links into other files are not followed."""
    import h5py

    names: list[str] = []
    level = [""]
    for _ in range(MOST_DEPTH):
        below: list[str] = []
        for place in level:
            node = file[place] if place else file
            for key in list(node)[:MOST_NODES]:
                if isinstance(node.get(key, getlink=True), h5py.HardLink):
                    name = f"{place}/{key}" if place else key
                    names.append(name)
                    below += [name] if isinstance(file[name], h5py.Group) else []
        level = below[:MOST_NODES]
    return names[:MOST_NODES]


def _is_ecf(dataset: Any) -> bool:
    from eventsim.formats.ecf_kernels import FILTER

    properties = dataset.id.get_create_plist()
    filters = [properties.get_filter(k)[0] for k in range(properties.get_nfilters())]
    return filters == [FILTER]


def _ecf_reader(dataset: Any) -> Callable[[slice], NDArray[np.void]]:
    """Rows of a dataset of Metavision, decoded chunk by chunk."""
    from eventsim.formats.ecf_kernels import MOST_EVENTS, decode_ecf

    rows = int(dataset.chunks[0])
    if not 0 < rows <= MOST_EVENTS:
        raise ValueError(f"a chunk of {rows} events")

    def read(wanted: slice) -> NDArray[np.void]:
        out = np.empty(wanted.stop - wanted.start, _ECF_EVENT)
        t, p = np.empty(rows, np.int64), np.empty(rows, np.bool_)
        x, y = np.empty(rows, np.uint16), np.empty(rows, np.uint16)
        for number in range(wanted.start // rows, -(-wanted.stop // rows)):
            _, content = dataset.id.read_direct_chunk((number * rows,))
            n = decode_ecf(np.frombuffer(content, np.uint8), t, x, y, p)
            first, stop = max(wanted.start, number * rows), min(wanted.stop, (number + 1) * rows)
            if n < stop - number * rows:
                raise ValueError(f"chunk {number} of its events is damaged")
            inside = slice(first - number * rows, stop - number * rows)
            place = slice(first - wanted.start, stop - wanted.start)
            for key, column in (("t", t), ("x", x), ("y", y), ("p", p)):
                out[key][place] = column[inside]
        return out

    return read


def _size(file: Any, path: Path, place: str) -> SensorSize | None:
    """What an attribute of the events, of what holds them or of the file says of the sensor."""
    nodes = [file[place], file[place].parent, file]
    for node in nodes:
        for name in _SIDES:
            value = node.attrs.get(name)
            if value is None:
                continue
            if isinstance(value, str | bytes):
                text = value.decode() if isinstance(value, bytes) else value
                sides = [int(side) for side in text.lower().split("x")]
            else:
                sides = [int(side) for side in np.ravel(value)]
            if len(sides) != 2:
                raise ValueError(f"its attribute {name} is {value!r}")
            return checked_size(
                (sides[1], sides[0]) if name in _HEIGHT_FIRST else (sides[0], sides[1])
            )
    return None


def write_hdf5(file: BinaryIO, pieces: Iterable[Events], size: SensorSize) -> list[str]:
    """Write ``events/{t,x,y,p,kind}``, uncompressed, and the size; nothing is lost."""
    h5py = _h5py()
    with h5py.File(file, "w") as out:
        group = out.create_group("events")
        group.attrs["sensor_size"] = np.array(size, np.int64)
        group["width"], group["height"] = size  # where RVT looks for them
        columns = {
            name: group.create_dataset(name, (0,), dtype, maxshape=(None,), chunks=(CHUNK_EVENTS,))
            for name, dtype in WRITTEN.items()
        }
        count = 0
        for piece in pieces:
            for name, column in columns.items():
                column.resize((count + len(piece),))
                column[count:] = getattr(piece, name)
            count += len(piece)
    return []


def _readable(error: Exception, path: Path) -> Exception:
    """What is said of an error of h5py."""
    if isinstance(error, SourceError | ConfigError | OutsideSensorError):
        return error
    if isinstance(error, FileNotFoundError | PermissionError):
        return error
    words = " ".join(str(error).split())
    if "filter" in words.lower() or "plugin" in words.lower():
        return SourceError(
            f"{path} is compressed with a filter that is not there ({words}): pip install "
            "'eventsim-dvs[io]', or repack the file without it."
        )
    return broken(path, "HDF5 file", f"{words or type(error).__name__}.")
