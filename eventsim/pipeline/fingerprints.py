"""What an input is, apart from where it lies: so that a run resumes elsewhere, and notices changes.

A fingerprint of a file is its name, its size and a hash of its first and last bytes; that of a
folder is made of those of its files. Where there are very many, the bytes of some are looked at,
evenly spread, and of all others the name and the size.
"""

import functools
import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from eventsim.camera import Camera
from eventsim.pixel.device import find_device_map
from eventsim.sources.remote import is_url
from eventsim.store.layout import DRAWN
from eventsim.store.places import is_remote
from eventsim.store.replacing import NEXT

ENDS_BYTES = 64 << 10
"""Of the head and of the tail of a file that are hashed. Headers and indexes lie there."""
FILES_READ = 10_000
"""Files of a folder whose bytes are looked at: half a second. Both chosen by eye."""


def fingerprint(path: str | Path, files: Iterable[Path] | None = None, *, ends: bool = True) -> str:
    """SHA-256 of what can be seen of an input without reading all of it.

    Parameters
    ----------
    path : path
        A file or a folder; what is not there has a fingerprint, too.
    files : iterable of Path, optional
        Those of the folder that count, in order. Default: all that lie below it.
    ends : bool
        Whether the first and last bytes are looked at, or the size alone.

    Returns
    -------
    str
        Does not depend on the folder that the input lies in.
    """
    path = Path(path)
    total = hashlib.sha256(os.fsencode(path.name))
    if not path.is_dir():
        total.update(_ends(path) if ends else _size(path))
        return total.hexdigest()
    listed = list(files or sorted(p for p in path.rglob("*") if p.is_file()))
    step = max(1, -(-len(listed) // FILES_READ))
    for k, file in enumerate(listed):
        total.update(os.fsencode(os.path.relpath(file, path)) + b"\0")
        total.update(_ends(file) if ends and k % step == 0 else _size(file))
    return total.hexdigest()


def file_identity(path: str | Path) -> dict[str, str]:
    """Name and hash of a file or a folder that belongs to the settings: times, a network, labels.

    Raises
    ------
    OSError
        If it cannot be read.
    """
    if Path(path).is_dir():
        return {"name": Path(path).name, "sha256": fingerprint(path)}
    seen = Path(path).stat()
    return {
        "name": Path(path).name,
        "sha256": _whole(str(path), seen.st_size, seen.st_mtime_ns),
    }


@functools.lru_cache(maxsize=8)
def _whole(path: str, size: int, changed_ns: int) -> str:
    """SHA-256 of a file, read once however many parts ask; a network may be large."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def camera_attributes(camera: Camera) -> dict[str, Any]:
    """What a dataset says of its camera; a device map by its name and hash, wherever it lies."""
    settings = camera.values
    said: dict[str, Any] = {"sensor": camera.name, "noise": camera.noise, "settings": settings}
    if settings.get("device_map"):
        said["device_map"] = file_identity(find_device_map(settings["device_map"]))
        settings["device_map"] = said["device_map"]["name"]
    return said


def drawn_notes(camera: Camera, seed: int) -> list[str]:
    """What a recording drew, as a note of it; `eventsim.store.reader.Recording.drawn` reads it."""
    values = camera.drawn_values(seed)
    return [DRAWN + json.dumps(values, sort_keys=True)] if values else []


def absolute(path: str) -> str:
    """Name an input as it is found from any folder; a URL is left."""
    return path if is_url(path) else str(Path(path).absolute())


def place_in(dataset: Path, path: str) -> str:
    """Where an input lies, seen from the folder that a dataset lies in.

    Parameters
    ----------
    dataset : Path
        Or the replacement that is made inside it.
    path : str
        As it was given.

    Returns
    -------
    str
        With forward slashes; on Windows an absolute path if it lies on another drive. The name
        alone, if the dataset lies in an object store: where it lies on this machine is nobody's
        business there.
    """
    if is_url(path):
        return path
    if is_remote(dataset):
        return Path(path).name
    home = dataset.parent.parent if dataset.name == NEXT else dataset.parent
    try:
        return Path(os.path.relpath(path, home)).as_posix()
    except ValueError:
        return Path(path).as_posix()


def place_to_retry(dataset: Path, path: str) -> str:
    """As `place_in`; as it was given, if the dataset lies in an object store.

    The manifest must lead to an input that failed.
    """
    return path if is_remote(dataset) else place_in(dataset, path)


def without_place(text: str, path: str, place: str) -> str:
    """Name an input in a message as the dataset does, and not by where it lies on this machine.

    Parameters
    ----------
    text : str
    path : str
        As it was given. A bare name is left: it says nothing of the machine, and may be a word.
    place : str
        From `place_in`.

    Returns
    -------
    str
    """
    return text if Path(path).name == path else text.replace(path, place)


def _size(path: Path) -> bytes:
    try:
        return str(path.stat().st_size).encode()
    except OSError:
        return b"none"


def _ends(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(0)
            head = file.read(ENDS_BYTES)
            file.seek(max(len(head), size - ENDS_BYTES))
            tail = file.read(ENDS_BYTES)
    except OSError:
        return b"none"
    return hashlib.sha256(f"{size} ".encode() + head + tail).digest()
