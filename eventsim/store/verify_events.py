"""Check the recordings of a part: order, bounds, indices and paths. See `eventsim.store.verify`."""

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import zarr

DTYPES = {
    "t": "<i8",
    "x": "<u2",
    "y": "<u2",
    "p": "|u1",
    "kind": "|u1",
    "frame_t": "<i8",
    "frame_stop": "<i8",
    "offsets": "<i8",
    "frame_offsets": "<i8",
}
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
    *("width", "height", "duration_us", "seed"),
)
STRINGS = ("label", "split", "group", "source", "status", "notes")
NEEDED = {"events", "frames", "crc32", "recordings", "failures"}
_STEP = 1 << 20
_MOST_BYTES = 1 << 30
UNREADABLE = (
    *(ArithmeticError, AttributeError, LookupError, NotImplementedError, OSError, RuntimeError),
    *(SystemError, TypeError, ValueError),
)
"""What zarr and the codecs raise on damaged or missing files."""


def columns_of(record: dict[str, Any]) -> dict[str, list[Any]] | None:
    """Properties of the recordings of a part, or None if the record lacks some.

    Recordings of earlier versions say nothing of a path, and have none.
    """
    rows = [{"path_start": 0, "path_stop": 0, **row} for row in record["recordings"]]
    names = (*NUMBERS, *STRINGS)
    if not NEEDED <= set(record) or not all(set(names) <= set(row) for row in rows):
        return None
    record["recordings"] = rows
    return {name: [row[name] for row in rows] for name in names}


def count_events(columns: dict[str, list[Any]]) -> int:
    """Events of the recordings."""
    return int(sum(columns["stop"]) - sum(columns["start"]))


def promises(array: Any, rows: int, dtype: str, folder: Path) -> str:
    """Say what an array must be and is not, or "".

    An array that says that it is longer than its files can hold would be read as fill values
    without end, and one of huge chunks takes all of the memory.
    """
    if not isinstance(array, zarr.Array) or array.ndim != 1 or array.shape != (rows,):
        return f"hold {rows}, found {getattr(array, 'shape', 'no array')}"
    if array.dtype != np.dtype(dtype):
        return f"be of {dtype}, found {array.dtype}"
    piece = (array.shards or array.chunks)[0]
    if max(piece, array.chunks[0]) * array.dtype.itemsize > _MOST_BYTES:
        return f"have smaller chunks, found {piece}"
    files = sum(1 for _ in (folder / "c").iterdir()) if (folder / "c").is_dir() else 0
    return f"have files for {rows}, found {files}" if rows > files * piece else ""


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
    dtypes = DTYPES | (PATH_DTYPES if has_paths else {})
    lengths = dict.fromkeys(("t", "x", "y", "p", "kind"), record["events"])
    lengths |= dict.fromkeys(("frame_t", "frame_stop"), record["frames"])
    lengths |= dict.fromkeys(("offsets", "frame_offsets"), len(record["recordings"]) + 1)
    if has_paths:
        nodes = record["recordings"][-1]["path_stop"]
        lengths |= {c: nodes for c in PATH_DTYPES if c != "path_offsets"}
        lengths["path_offsets"] = len(record["recordings"]) + 1
    wrong = []
    for column, dtype in dtypes.items():
        try:
            array: Any = root[f"parts/{part:05d}/{column}"]
            arrays[column] = array
            found = promises(array, lengths[column], dtype, folder / column)
            if found:
                wrong.append(column)
                yield f"{name}: column {column} must {found}."
                continue
            crc = 0
            for start in range(0, array.shape[0], _STEP):
                piece = np.asarray(array[start : start + _STEP]).astype(dtype)
                crc = zlib.crc32(piece.tobytes(), crc)
        except UNREADABLE as error:
            yield f"{name}: column {column} cannot be read ({type(error).__name__}: {error})."
            return
        if crc != record["crc32"].get(column):
            yield f"{name}: column {column} does not match its checksum."
    if not wrong:
        bounds = list(_check_offsets(name, arrays, record))
        yield from bounds
        if not bounds:
            yield from _check_recordings(name, arrays, record["recordings"])


def _check_offsets(name: str, arrays: dict[str, Any], record: dict[str, Any]) -> Iterator[str]:
    nodes = arrays["path_t"].shape[0] if "path_t" in arrays else 0
    for column, start, stop, total in (
        ("offsets", "start", "stop", record["events"]),
        ("frame_offsets", "frame_start", "frame_stop", record["frames"]),
        ("path_offsets", "path_start", "path_stop", nodes),
    ):
        if column not in arrays:
            continue
        offsets = np.asarray(arrays[column][:])
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
    for i, row in enumerate(rows):
        found = (
            _first_bad_event(arrays, row)
            or _first_bad_frame(arrays, row)
            or _first_bad_node(arrays, row)
        )
        if found:
            yield f"{name}, recording {i} ({row['source']}): {found}"
            return


def _first_bad_event(arrays: dict[str, Any], row: dict[str, Any]) -> str | None:
    """Say which event first breaks a promise, and how."""
    before: tuple[int, int, int] = (-(2**63), 0, 0)
    width, height = row["width"], row["height"]
    for a in range(row["start"], row["stop"], _STEP):
        b = min(a + _STEP, row["stop"])
        t, x, y, p, kind = (np.asarray(arrays[c][a:b]) for c in ("t", "x", "y", "p", "kind"))
        # Joined with the last event of the piece before, to see the order over the border.
        t2, y2, x2 = (
            np.concatenate([[last], c.astype(np.int64)])
            for last, c in zip(before, (t, y, x), strict=True)
        )
        same = t2[1:] == t2[:-1]
        raster = y2 * 65_536 + x2
        first_bad: dict[int, str] = {}
        for bad, words in (
            (t2[1:] < t2[:-1], "t={t} us comes after a later event"),
            (same & (raster[1:] < raster[:-1]), "t={t} us is not in raster order (y, x)"),
            (x >= width, f"x={{x}} is outside a sensor {width} wide"),
            (y >= height, f"y={{y}} is outside a sensor {height} high"),
            (p > 1, "p={p} is neither 0 nor 1"),
            (kind > 3, "kind={kind} is not one of 0 to 3"),
        ):
            if bad.any():
                first_bad.setdefault(int(np.argmax(bad)), words)
        if first_bad:
            k = min(first_bad)
            value = {"t": t[k], "x": x[k], "y": y[k], "p": p[k], "kind": kind[k]}
            return f"event {a + k - row['start']}: {first_bad[k].format(**value)}."
        before = (int(t[-1]), int(y[-1]), int(x[-1]))
    return None


def _first_bad_frame(arrays: dict[str, Any], row: dict[str, Any]) -> str | None:
    """Say which frame's index first breaks a promise, and how."""
    n = row["stop"] - row["start"]
    span = slice(row["frame_start"], row["frame_stop"])
    frame_t, stop = (np.asarray(arrays[c][span]) for c in ("frame_t", "frame_stop"))
    if not len(frame_t):
        return f"no frame, but {n} events." if n else None
    if (np.diff(frame_t) <= 0).any():
        return f"frame {int(np.argmax(np.diff(frame_t) <= 0)) + 1}: its time does not rise."
    if stop[0] < 0 or (np.diff(stop) < 0).any() or stop[-1] != n:
        return f"the frames' index must rise to {n}, the number of events."
    if int(frame_t[-1] - frame_t[0]) != row["duration_us"]:
        return f"duration_us is {row['duration_us']}, but the frames span another time."
    for first in range(0, n, _STEP):
        last = min(first + _STEP, n)
        t = np.asarray(arrays["t"][row["start"] + first : row["start"] + last])
        expected = np.searchsorted(t, frame_t, side="right") + first
        # Only frames whose border lies in this piece can be judged by it.
        bad = np.clip(stop, first, last) != expected
        if bad.any():
            k = int(np.argmax(bad))
            return (
                f"frame {k} (t={frame_t[k]} us): its index says {stop[k]} events up to it, "
                f"the events say {expected[k]}."
            )
    return None


def _first_bad_node(arrays: dict[str, Any], row: dict[str, Any]) -> str | None:
    """Say which node of a path first breaks a promise, and how."""
    span = slice(row["path_start"], row["path_stop"])
    if span.start == span.stop:
        return None
    t, *poses = (np.asarray(arrays[c][span]) for c in PATH_DTYPES if c != "path_offsets")
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
