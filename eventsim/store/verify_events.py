"""Check the recordings of a part: order, bounds, indices and paths. See `eventsim.store.verify`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import zarr
from numpy.typing import NDArray

from eventsim.events import Kind
from eventsim.store.records import kinds_of

DTYPES = {
    "step": "<u8",
    "restart": "<i8",
    "frame_t": "<i8",
    "frame_stop": "<i8",
    "offsets": "<i8",
    "frame_offsets": "<i8",
}
OBJECT_DTYPES = {"object": "<u2"}
PATH_DTYPES = {
    "path_t": "<i8",
    "path_x": "<f8",
    "path_y": "<f8",
    "path_rotation": "<f8",
    "path_zoom": "<f8",
    "path_offsets": "<i8",
}
NUMBERS = (
    *("start", "stop", "frame_start", "frame_stop", "path_start", "path_stop"),
    *("width", "height", "duration_us", "seed", "sample"),
)
STRINGS = ("id", "label", "split", "group", "source", "status", "notes")
NEEDED = {"events", "frames", "files", "recordings", "failures"}
_KINDS = len(Kind)
_STEP = 1 << 20
_MOST_BYTES = 1 << 30
UNREADABLE = (
    *(ArithmeticError, AttributeError, LookupError, NotImplementedError, OSError, RuntimeError),
    *(SystemError, TypeError, ValueError),
)
"""What zarr and the codecs raise on damaged or missing files."""


def columns_of(record: dict[str, Any]) -> dict[str, list[Any]] | None:
    """Properties of the recordings of a part, or None if the record lacks some."""
    rows = record["recordings"]
    names = (*NUMBERS, *STRINGS)
    if not NEEDED <= set(record) or not all(set(names) <= set(row) for row in rows):
        return None
    return {name: [row[name] for row in rows] for name in names}


def count_events(columns: dict[str, list[Any]]) -> int:
    """Events of the recordings."""
    return int(sum(columns["stop"]) - sum(columns["start"]))


def promises(array: Any, shape: tuple[int, ...], dtype: str, folder: Path) -> str:
    """Say what an array must be and is not, or "".

    An array that says that it is longer than its files can hold would be read as fill values
    without end, and one of huge chunks takes all of the memory.
    """
    if not isinstance(array, zarr.Array) or len(array.shape) != len(shape):
        return f"hold {shape[0]}, found {getattr(array, 'shape', 'no array')}"
    if array.shape[1:] != shape[1:] or shape[0] not in (array.shape[0], ANY_LENGTH):
        return f"hold {shape[0]}, found {array.shape}"
    if array.dtype != np.dtype(dtype):
        return f"be of {dtype}, found {array.dtype}"
    piece = (array.shards or array.chunks)[0]
    if max(piece, array.chunks[0]) * array.dtype.itemsize > _MOST_BYTES:
        return f"have smaller chunks, found {piece}"
    files = sum(1 for _ in (folder / "c").iterdir()) if (folder / "c").is_dir() else 0
    rows = array.shape[0]
    return f"have files for {rows}, found {files}" if rows > files * piece else ""


ANY_LENGTH = -1
"""Of an array that is as long as it is."""


def check_part(path: Path, root: zarr.Group, part: int, record: dict[str, Any]) -> Iterator[str]:
    """Name what is wrong with the arrays of a part, one sentence each.

    Parameters
    ----------
    path : Path
        Of the dataset.
    root : zarr.Group
    part : int
    record : dict
        Its commit record.

    Yields
    ------
    str
    """
    name = f"Part {part:05d}"
    folder = path / "parts" / f"{part:05d}"
    arrays: dict[str, Any] = {}
    has_paths = any(row["path_stop"] for row in record["recordings"])
    recordings = len(record["recordings"])
    shapes: dict[str, tuple[int, ...]] = {
        "step": (record["events"],),
        "restart": (ANY_LENGTH, 3),
        "frame_t": (record["frames"],),
        "frame_stop": (record["frames"],),
        "offsets": (recordings + 1,),
        "frame_offsets": (recordings + 1,),
    }
    if root.attrs.get("objects") is True:
        shapes["object"] = (record["events"],)
    if has_paths:
        nodes = record["recordings"][-1]["path_stop"]
        shapes |= dict.fromkeys(PATH_DTYPES, (nodes,))
        shapes["path_offsets"] = (recordings + 1,)
    wrong = False
    for column, shape in shapes.items():
        try:
            array: Any = root[f"parts/{part:05d}/{column}"]
            found = promises(
                array, shape, (DTYPES | OBJECT_DTYPES | PATH_DTYPES)[column], folder / column
            )
            if found:
                wrong = True
                yield f"{name}: {column} must {found}."
                continue
            arrays[column] = array if column == "step" else np.asarray(array[:])
        except UNREADABLE as error:
            yield f"{name}: {column} cannot be read ({type(error).__name__}: {error})."
            return
    if wrong:
        return
    bounds = list(_check_offsets(name, arrays, record))
    yield from bounds
    if bounds:
        return
    try:
        yield from _check_recordings(name, arrays, record["recordings"])
    except UNREADABLE as error:
        yield f"{name}: step cannot be read ({type(error).__name__}: {error})."


def _check_offsets(name: str, arrays: dict[str, Any], record: dict[str, Any]) -> Iterator[str]:
    nodes = arrays["path_t"].shape[0] if "path_t" in arrays else 0
    for column, start, stop, total in (
        ("offsets", "start", "stop", record["events"]),
        ("frame_offsets", "frame_start", "frame_stop", record["frames"]),
        ("path_offsets", "path_start", "path_stop", nodes),
    ):
        if column not in arrays:
            continue
        offsets = arrays[column]
        if offsets[0] != 0 or offsets[-1] != total or (np.diff(offsets) < 0).any():
            yield f"{name}: {column} must rise from 0 to {total}, found {offsets.tolist()[:8]}."
        for i, row in enumerate(record["recordings"]):
            if (row[start], row[stop]) != (offsets[i], offsets[i + 1]):
                yield (
                    f"{name}, recording {i}: its record says {row[start]} to {row[stop]}, but "
                    f"{column} says {offsets[i]} to {offsets[i + 1]}."
                )
                break


def _check_recordings(
    name: str, arrays: dict[str, Any], rows: list[dict[str, Any]]
) -> Iterator[str]:
    steps = _Steps(arrays["step"])
    restarts = arrays["restart"]
    expected = 0
    for i, row in enumerate(rows):
        a, b = np.searchsorted(restarts[:, 0], [row["start"], row["stop"]])
        found = (
            _first_bad_restart(restarts[a:b], row, steps.chunk)
            or _first_bad_frame(arrays, row)
            or _first_bad_event(steps, restarts[a:b], arrays, row)
            or _first_bad_node(arrays, row)
        )
        if found or a != expected:
            found = found or "rows of the table of restarts before it belong to no recording."
            yield f"{name}, recording {i} ({row['source']}): {found}"
            return
        expected = b
    if expected != len(restarts):
        yield f"{name}: the last rows of the table of restarts belong to no recording."


class _Steps:
    """Steps of a part, read in order and in large pieces."""

    def __init__(self, array: Any) -> None:
        self.chunk: int = array.chunks[0]
        self._array = array
        self._first = 0
        self._held = np.empty(0, np.uint64)

    def read(self, start: int, stop: int) -> NDArray[np.uint64]:
        if not self._first <= start <= stop <= self._first + len(self._held):
            self._first = start - start % self.chunk
            end = max(stop, self._first + _STEP)
            self._held = np.asarray(self._array[self._first : end]).astype(np.uint64)
        return self._held[start - self._first : stop - self._first]


def _first_bad_restart(restarts: NDArray[np.int64], row: dict[str, Any], chunk: int) -> str | None:
    """Say which row of the table of restarts first breaks a promise, and how."""
    start, stop = row["start"], row["stop"]
    if (np.diff(restarts[:, 0]) <= 0).any():
        return "the events in the table of restarts must rise."
    needed = {start, *range(start - start % chunk + chunk, stop, chunk)} if stop > start else set()
    missing = needed - set(restarts[:, 0].tolist())
    if missing:
        return f"event {min(missing) - start} must be in the table of restarts."
    beyond = (restarts[:, 2] < 0) | (restarts[:, 2] >= row["width"] * row["height"])
    if beyond.any():
        event, _, pixel = restarts[int(np.argmax(beyond))].tolist()
        return (
            f"event {event - start}: pixel {pixel} is outside a sensor of "
            f"{row['width']}x{row['height']}."
        )
    return None


def _first_bad_event(
    steps: _Steps, restarts: NDArray[np.int64], arrays: dict[str, Any], row: dict[str, Any]
) -> str | None:
    """Say which event, or which frame's index, first breaks a promise, and how."""
    start, area = row["start"], row["width"] * row["height"]
    span = slice(row["frame_start"], row["frame_stop"])
    frame_t, frame_stop = arrays["frame_t"][span], arrays["frame_stop"][span]
    expected = np.zeros(len(frame_t), np.int64)
    last = (-(2**63), 0)
    kinds, on = np.zeros(8, np.int64), 0
    ends = [*restarts[1:, 0].tolist(), row["stop"]][: len(restarts)]
    for (first, t_us, pixel), end in zip(restarts.tolist(), ends, strict=True):
        piece = steps.read(first, end)
        if (t_us, pixel) < last:
            return f"event {first - start}: t={t_us} us, pixel {pixel} comes after a later event."
        moves = piece >> np.uint64(4)
        if moves[0]:
            return f"event {first - start}: it is a restart, but its difference is {moves[0]}."
        kind = (piece >> np.uint64(1)).astype(np.uint8) & 7
        if (kind >= _KINDS).any():
            bad = int(np.argmax(kind >= _KINDS))
            return f"event {first - start + bad}: kind={kind[bad]} is not one of 0 to {_KINDS - 1}."
        keys = np.cumsum(moves) + np.uint64(pixel)
        far = (moves >= 2**60) | (np.cumsum(moves.astype(np.float64)) > 2.0**60)
        if far.any() or t_us + int(keys[-1]) // area >= 2**63:
            return f"event {first - start + int(np.argmax(far))}: its time is out of range."
        t = (keys // np.uint64(area)).astype(np.int64) + t_us
        expected += np.searchsorted(t, frame_t, side="right")
        kinds += np.bincount(kind, minlength=8)
        on += int((piece & np.uint64(1)).sum())
        last = int(t[-1]), int(keys[-1] % np.uint64(area))
    if (expected != frame_stop).any():
        k = int(np.argmax(expected != frame_stop))
        return (
            f"frame {k} (t={frame_t[k]} us): its index says {frame_stop[k]} events up to it, "
            f"the events say {expected[k]}."
        )
    found = (kinds[:_KINDS].tolist(), on)
    said = (kinds_of(row), row["on"])
    if found != said:
        return f"its events are of kinds and ON {found}, but its record says {said}."
    return None


def _first_bad_frame(arrays: dict[str, Any], row: dict[str, Any]) -> str | None:
    """Say which frame first breaks a promise, and how."""
    n = row["stop"] - row["start"]
    span = slice(row["frame_start"], row["frame_stop"])
    frame_t, stop = arrays["frame_t"][span], arrays["frame_stop"][span]
    if not len(frame_t):
        return f"no frame, but {n} events." if n else None
    if (np.diff(frame_t) <= 0).any():
        return f"frame {int(np.argmax(np.diff(frame_t) <= 0)) + 1}: its time does not rise."
    # Events of rows that were taken late may come after the last frame; each is counted below.
    if stop[0] < 0 or (np.diff(stop) < 0).any() or stop[-1] > n:
        return f"the frames' index must rise to {n}, the number of events."
    if int(frame_t[-1] - frame_t[0]) != row["duration_us"]:
        return f"duration_us is {row['duration_us']}, but the frames span another time."
    return None


def _first_bad_node(arrays: dict[str, Any], row: dict[str, Any]) -> str | None:
    """Say which node of a path first breaks a promise, and how."""
    span = slice(row["path_start"], row["path_stop"])
    if span.start == span.stop:
        return None
    t, *poses = (arrays[c][span] for c in PATH_DTYPES if c != "path_offsets")
    if (np.diff(t) <= 0).any():
        return f"node {int(np.argmax(np.diff(t) <= 0)) + 1} of its path: its time does not rise."
    bad = ~np.isfinite(poses).all(axis=0) | ~(poses[3] > 0)
    if bad.any():
        k = int(np.argmax(bad))
        found = ", ".join(f"{pose[k]:g}" for pose in poses)
        return (
            f"node {k} of its path: x, y, rotation and zoom must be finite, and zoom above 0, "
            f"found {found}."
        )
    return None
