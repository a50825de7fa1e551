"""Check a dataset on disk against every promise of its format.

Written from the description of the format and not from the writer: beyond opening the root it
shares no code and no constants with it, so that a mistake there is not repeated here. Reads
chunk by chunk, in bounded memory.
"""

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import zarr
from numpy.typing import NDArray

from eventsim.errors import StoreError
from eventsim.store.dataset import open_root, readable

_DTYPES = {
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
_NUMBERS = ("start", "stop", "frame_start", "frame_stop", "width", "height", "duration_us", "seed")
_STRINGS = ("label", "split", "group", "source", "status", "notes")
_ROW = {*_NUMBERS, *_STRINGS}
_STEP = 1 << 20
_UNREADABLE = (KeyError, TypeError, ValueError, RuntimeError, OSError)
"""What zarr and the codecs raise on damaged or missing files."""


@dataclass(frozen=True)
class Report:
    """What `verify` found.

    Attributes
    ----------
    recordings, events, parts : int
        Looked at.
    failures : int
        Inputs that the dataset lists as not converted.
    problems : tuple of str
        One sentence each; empty if the dataset keeps its promises.
    """

    recordings: int
    events: int
    parts: int
    failures: int
    problems: tuple[str, ...]


def verify(path: str | Path) -> Report:
    """Check checksums, order, bounds, indices and the sample table of a dataset.

    Parameters
    ----------
    path : path

    Returns
    -------
    Report
        At most one problem of each kind a part: the first, by part, recording and event.

    Raises
    ------
    StoreError
        If it is not an eventsim dataset at all.
    """
    with readable(path):
        return _verify(Path(path))


def _verify(path: Path) -> Report:
    root = open_root(path)
    attributes: dict[str, Any] = dict(root.attrs.asdict())
    problems: list[str] = []
    if not attributes.get("finished"):
        problems.append("The dataset is not finished: run the same conversion again.")
    planned = attributes.get("parts")
    if not isinstance(planned, int):
        raise StoreError(f"{path} does not say how many parts it has. Convert it again.")
    rows: list[dict[str, Any]] = []
    failures: list[Any] = []
    whole = 0
    for part in range(planned):
        record = _commit_record(path, part)
        if record is None:
            problems.append(f"Part {part:05d} has no commit record: it does not count.")
            continue
        whole += 1
        problems.extend(_check_part(root, part, record))
        rows.extend({**r, "part": part} for r in record["recordings"])
        failures.extend(record["failures"])
    problems.extend(_strangers(path, planned))
    if attributes.get("finished"):
        problems.extend(_check_table(root, attributes, rows, failures))
    events = sum(r["stop"] - r["start"] for r in rows)
    return Report(len(rows), events, whole, len(failures), tuple(problems))


def _commit_record(path: Path, part: int) -> dict[str, Any] | None:
    node = path / "parts" / f"{part:05d}" / "commit" / "zarr.json"
    try:
        record = json.loads(node.read_text("utf-8"))["attributes"]
    except (OSError, ValueError, KeyError):
        return None
    needed = {"events", "frames", "crc32", "recordings", "failures"}
    whole = needed <= set(record) and all(_ROW <= set(row) for row in record["recordings"])
    return record if whole else None


def _strangers(path: Path, planned: int) -> Iterator[str]:
    """Name files that no part and no table accounts for."""
    known = {f"{part:05d}" for part in range(planned)} | {"zarr.json"}
    folder = path / "parts"
    for entry in sorted(folder.iterdir()) if folder.is_dir() else []:
        if entry.name not in known:
            yield f"parts/{entry.name} belongs to no planned part."
    for entry in sorted(path.rglob("*.partial")):
        yield f"{entry.relative_to(path)} was left by an interrupted write."


def _check_part(root: zarr.Group, part: int, record: dict[str, Any]) -> Iterator[str]:
    name = f"Part {part:05d}"
    arrays: dict[str, Any] = {}
    for column, dtype in _DTYPES.items():
        try:
            array: Any = root[f"parts/{part:05d}/{column}"]
            arrays[column] = array
            crc = 0
            for start in range(0, array.shape[0], _STEP):
                piece = np.asarray(array[start : start + _STEP]).astype(dtype)
                crc = zlib.crc32(piece.tobytes(), crc)
        except _UNREADABLE as error:
            yield f"{name}: column {column} cannot be read ({type(error).__name__}: {error})."
            return
        if crc != record["crc32"].get(column):
            yield f"{name}: column {column} does not match its checksum."
    lengths = dict.fromkeys(("t", "x", "y", "p", "kind"), record["events"])
    lengths |= dict.fromkeys(("frame_t", "frame_stop"), record["frames"])
    lengths |= dict.fromkeys(("offsets", "frame_offsets"), len(record["recordings"]) + 1)
    wrong = [c for c, n in lengths.items() if arrays[c].shape != (n,)]
    for column in wrong:
        yield f"{name}: column {column} must hold {lengths[column]}, found {arrays[column].shape}."
    if not wrong:
        bounds = list(_check_offsets(name, arrays, record))
        yield from bounds
        if not bounds:
            yield from _check_recordings(name, arrays, record["recordings"])


def _check_offsets(name: str, arrays: dict[str, Any], record: dict[str, Any]) -> Iterator[str]:
    for column, start, stop, total in (
        ("offsets", "start", "stop", record["events"]),
        ("frame_offsets", "frame_start", "frame_stop", record["frames"]),
    ):
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
        found = _first_bad_event(arrays, row) or _first_bad_frame(arrays, row)
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


def _check_table(
    root: zarr.Group,
    attributes: dict[str, Any],
    rows: list[dict[str, Any]],
    failures: list[Any],
) -> Iterator[str]:
    if attributes.get("failures") != failures:
        yield "The failures in the dataset's attributes are not those of the commit records."
    if attributes.get("events") != sum(r["stop"] - r["start"] for r in rows):
        yield f"The attributes say {attributes.get('events')} events; the parts hold others."
    try:
        table: Any = root["samples"]
        for name in ("part", *_NUMBERS):
            yield from _compare(name, np.asarray(table[name][:]).tolist(), [r[name] for r in rows])
        for name in _STRINGS:
            found: list[Any] = _strings(table, name)
            if name == "notes":
                found = [json.loads(text) for text in found]
            yield from _compare(name, found, [r[name] for r in rows])
    except _UNREADABLE as error:
        yield f"The sample table cannot be read ({type(error).__name__}: {error})."


def _compare(name: str, found: list[Any], expected: list[Any]) -> Iterator[str]:
    if len(found) != len(expected):
        yield f"Sample table, {name}: {len(found)} rows for {len(expected)} recordings."
        return
    for i, (a, b) in enumerate(zip(found, expected, strict=True)):
        if a != b:
            yield f"Sample table, {name}, recording {i}: {a!r}, but its record says {b!r}."
            return


def _strings(table: Any, name: str) -> list[str]:
    data: NDArray[np.uint8] = np.asarray(table[name][:])
    offsets = np.asarray(table[f"{name}_offsets"][:]).tolist()
    return [bytes(data[a:b]).decode("utf-8", "surrogateescape") for a, b in pairwise(offsets)]
