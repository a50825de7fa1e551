"""Check the files of a dataset against what it says of them. See `eventsim.store.verify`."""

import json
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_PIECE = 16 << 20


def check_node(file: Path, name: str, *, empty: bool = False) -> Iterator[str]:
    """Name what is wrong with a group, whose attributes are sealed or must be empty.

    Parameters
    ----------
    file : Path
        Its ``zarr.json``.
    name : str
        For the sentence.
    empty : bool
        It has no attributes, in place of sealed ones.

    Yields
    ------
    str
    """
    try:
        node: Any = json.loads(file.read_text("utf-8"))
        attributes = node.pop("attributes")
        group = node == {"zarr_format": 3, "node_type": "group"}
        whole = attributes == {} if empty else _seal(attributes) == attributes.get("crc32")
    except (OSError, ValueError, KeyError, AttributeError, TypeError, RecursionError):
        group = whole = False
    if not group or not whole:
        yield f"{name} is not as it was written: it does not match its checksum."


def check_files(folder: Path, files: object, name: str) -> Iterator[str]:
    """Name the files of a folder that are missing, changed, or not among those listed.

    Parameters
    ----------
    folder : Path
    files : dict of str to [bytes, crc32]
        By path under the folder.
    name : str
        For the sentences.

    Yields
    ------
    str
    """
    if not isinstance(files, Mapping):
        yield f"{name} has no list of its files."
        return
    found = {
        entry.relative_to(folder).as_posix(): entry
        for entry in sorted(folder.rglob("*"))
        if entry.is_file()
    }
    for path in sorted(found.keys() | files.keys()):
        if path not in found:
            yield f"{name}: {path} is missing."
        elif path not in files:
            own = path == "zarr.json" or path.startswith("commit/")  # holds the list itself
            if not own and not path.endswith(".partial"):
                yield f"{name}: {path} is not one of its files."
        elif _describe(found[path]) != files[path]:
            yield f"{name}: {path} does not match its checksum."


def _seal(attributes: Mapping[str, Any]) -> int:
    content = {key: value for key, value in attributes.items() if key != "crc32"}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return zlib.crc32(text.encode("ascii"))


def _describe(file: Path) -> list[int]:
    size = crc = 0
    with file.open("rb") as opened:
        while piece := opened.read(_PIECE):
            size += len(piece)
            crc = zlib.crc32(piece, crc)
    return [size, crc]
