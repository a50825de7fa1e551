"""What to convert: from paths and folders, or from a table, to a list of inputs.

A table is CSV or Parquet with the columns of `COLUMNS`; only `path` must be there. Paths in it are
seen from the folder that it lies in.
"""

import csv
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from eventsim.distributions import is_distribution
from eventsim.errors import ConfigError, SourceError, nearest
from eventsim.pipeline.inputs import Input
from eventsim.sources.folder_walk import SPLITS
from eventsim.sources.remote import is_url
from eventsim.sources.video_folders import find_videos, is_corpus

COLUMNS = ("path", "id", "label", "split", "group", "start_s", "stop_s", "settings")
"""Of a table. `settings` are those of the pixel, as a JSON object of names and numbers."""


def gather(paths: Sequence[str | Path], label: str = "") -> tuple[list[Input], list[str]]:
    """Inputs of paths: a folder of videos or of folders is a corpus, all else one input.

    Parameters
    ----------
    paths : sequence of path
    label : str
        Of all of them; "" takes that of each.

    Returns
    -------
    inputs : list of Input
    notes : list of str
        What was left out.

    Raises
    ------
    SourceError
        If there is no video in a folder, or it cannot be listed.
    """
    inputs: list[Input] = []
    notes: list[str] = []
    for path in map(Path, paths):
        if not is_corpus(path):
            inputs.append(Input(str(path), label=label))
            continue
        try:
            videos, said = find_videos(path)
        except OSError as error:
            raise SourceError(f"{path} cannot be listed: {error.strerror}.") from error
        if not videos:
            raise SourceError(
                f"expected videos, or folders of images, in {path}, found none. Check the path."
            )
        notes += said
        for video in videos:
            inputs.append(
                Input(
                    str(video.path),
                    label=label or video.label,
                    split=video.split,
                    group=video.group,
                    id=video.id,
                )
            )
    return inputs, notes


def read_manifest(path: str | Path) -> list[Input]:
    """Inputs of a table, a row each.

    Parameters
    ----------
    path : path
        Ends with .csv or .parquet.

    Returns
    -------
    list of Input

    Raises
    ------
    ConfigError
        If it cannot be read, or a column or value is wrong; names the row.
    """
    path = Path(path)
    rows = _parquet_rows(path) if path.suffix.lower() == ".parquet" else _csv_rows(path)
    inputs = []
    for number, row in enumerate(rows, 1):
        try:
            inputs.append(_input_of(row, path.parent))
        except ValueError as error:
            raise ConfigError(f"{path}, row {number}: {error}") from error
    if not inputs:
        raise ConfigError(f"{path} has no rows. A row is an input; the header names columns.")
    return inputs


def assign_splits(inputs: Iterable[Input], shares: Sequence[float]) -> list[Input]:
    """Give a split to all inputs that have none, the same to all of a group.

    Parameters
    ----------
    inputs : iterable of Input
    shares : (3,) sequence of float
        Of train, val and test; they are 1 together.

    Returns
    -------
    list of Input

    Raises
    ------
    ConfigError
        If the shares are none.

    Notes
    -----
    The first 8 bytes of the SHA-256 of the group (of the id, where there is none), as a share of
    2**64, lie in one of three intervals. So it stays when other inputs are added.
    """
    if len(shares) != 3 or min(shares) < 0 or abs(sum(shares) - 1) > 1e-6:
        raise ConfigError(
            "a split must be three shares that are 1 together, such as 0.8/0.1/0.1, found "
            f"{'/'.join(f'{share:g}' for share in shares)}."
        )
    given = []
    for one in inputs:
        digest = hashlib.sha256((one.group or one.id).encode("utf-8", "surrogateescape")).digest()
        place = int.from_bytes(digest[:8], "big") / 2**64
        split = SPLITS[(place >= shares[0]) + (place >= shares[0] + shares[1])]
        if not shares[2] and split == "test":  # what rounding leaves over
            split = SPLITS[1] if shares[1] else SPLITS[0]
        given.append(one if one.split else replace(one, split=split))
    return given


def choose_split(inputs: Sequence[Input], split: str | Sequence[float] | None) -> list[Input]:
    """Inputs of one split, or all with splits by shares.

    Parameters
    ----------
    inputs : sequence of Input
    split : {"train", "val", "test"}, (3,) sequence of float, or None
        As `assign_splits`, if they are shares; None leaves the inputs as they are.

    Raises
    ------
    ConfigError
        If no input has that split, or there is no such split.
    """
    if split is None:
        return list(inputs)
    if not isinstance(split, str):
        return assign_splits(inputs, split)
    if split not in SPLITS:
        raise ConfigError(f"there is no split {split!r}. {nearest(split, SPLITS)}")
    kept = [one for one in inputs if one.split == split]
    if not kept:
        raise ConfigError(f"no input has the split {split!r}. Check the folders or the table.")
    return kept


def with_ids(inputs: Iterable[Input], taken: Iterable[str] = ()) -> list[Input]:
    """Give each input an id that no other has: its own, or the name of its file.

    Parameters
    ----------
    inputs : iterable of Input
    taken : iterable of str
        Ids of others that are there already.

    Raises
    ------
    ConfigError
        If two were given the same id.
    """
    inputs = list(inputs)
    others = set(taken)
    counts = Counter(one.id for one in inputs if one.id)
    twice = [name for name, n in counts.items() if n > 1 or name in others]
    if twice:
        raise ConfigError(
            f"each input must have an id of its own, but {twice[0]!r} is that of two or more."
        )
    others |= set(counts)
    numbers: Counter[str] = Counter()
    named = []
    for one in inputs:
        stem = name = one.id or Path(one.path).stem or one.path
        while not one.id and name in others:
            numbers[stem] += 1
            name = f"{stem}-{numbers[stem] + 1}"
        others.add(name)
        named.append(replace(one, id=name))
    return named


def _csv_rows(path: Path) -> list[dict[str, Any]]:
    try:
        with path.open(newline="", encoding="utf-8-sig", errors="surrogateescape") as file:
            reader = csv.DictReader(file, strict=True)
            _check_columns(reader.fieldnames or (), path)
            rows: list[dict[str, Any]] = list(reader)
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from error
    except csv.Error as error:
        raise ConfigError(f"{path} is not a CSV file: {error}.") from error
    for number, row in enumerate(rows, 1):
        if None in row or None in row.values():
            raise ConfigError(f"{path}, row {number}: it has fewer or more values than the header.")
    return rows


def _parquet_rows(path: Path) -> list[dict[str, Any]]:
    try:
        from pyarrow import ArrowException, parquet
    except ImportError as error:
        raise ConfigError(
            f"reading {path} needs pyarrow: pip install pyarrow. Or give the table as CSV."
        ) from error
    try:
        table = parquet.read_table(path)
    except (OSError, ArrowException) as error:
        words = " ".join(str(error).split())[:200]
        raise ConfigError(f"{path} is not a Parquet file: {words}") from error
    _check_columns(table.column_names, path)
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


def _check_columns(names: Sequence[str], path: Path) -> None:
    unknown = [name for name in names if name not in COLUMNS]
    if unknown or "path" not in names:
        found = f"{unknown[0]!r}" if unknown else "none called path"
        raise ConfigError(f"{path} may have the columns {', '.join(COLUMNS)}, found {found}.")


def _input_of(row: Mapping[str, Any], home: Path) -> Input:
    """Make an input of a row; a ValueError says what is wrong."""
    texts = {name: row.get(name) for name in ("path", "id", "label", "split", "group")}
    words = {name: "" if value is None else str(value).strip() for name, value in texts.items()}
    if not words["path"]:
        raise ValueError("it has no path.")
    path = words["path"] if is_url(words["path"]) else str(home / words["path"])
    settings = row.get("settings") or "{}"
    if isinstance(settings, str):
        try:
            settings = json.loads(settings)
        except ValueError:
            settings = None
    if not isinstance(settings, dict) or not all(
        is_distribution(v) or (isinstance(v, int | float) and not isinstance(v, bool))
        for v in settings.values()
    ):
        raise ValueError(
            'settings must be names and numbers as JSON, such as {"leak_rate_hz": 0.2}, found '
            f"{row.get('settings')!r}."
        )
    return Input(
        path,
        label=words["label"],
        split=words["split"],
        group=words["group"],
        id=words["id"],
        start_s=_seconds(row, "start_s"),
        stop_s=_seconds(row, "stop_s"),
        settings=tuple(sorted(settings.items())),
    )


def _seconds(row: Mapping[str, Any], name: str) -> float | None:
    value = row.get(name)
    if value is None or value == "":
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be a number of seconds, found {value!r}.") from None
