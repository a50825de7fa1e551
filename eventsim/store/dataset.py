"""The root of a dataset on disk: create it, look at it, start it over.

The root's attributes say how the dataset was made and whether it is finished.
"""

import errno
import re
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import zarr

from eventsim.errors import EventSimError, StoreError, StoreExistsError
from eventsim.store.checksums import sealed
from eventsim.store.layout import CONTENTS, EVENTS, FORMAT, FORMAT_VERSION, Content, part_path
from eventsim.store.places import (
    as_path,
    create_group,
    is_remote,
    open_zarr,
    put_attributes,
)
from eventsim.store.records import check_attributes, damaged

_TORN = re.compile(r".*\.[0-9a-f]{32}\.partial")
"""Files that Zarr writes before it gives them their name."""


def is_disk_full(error: BaseException) -> bool:
    """Whether an error says that no more can be written: disk, quota or largest file."""
    full = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return isinstance(error, OSError) and error.errno in full


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold back Ctrl-C until a write is done: it would tear the event loop that Zarr writes in.

    Only in the main thread; elsewhere Python delivers no signal.
    """
    handler = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(handler):
        yield
        return
    came: list[tuple[int, FrameType | None]] = []
    signal.signal(signal.SIGINT, lambda number, frame: came.append((number, frame)))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        if came:
            handler(*came[0])


@contextmanager
def writing(path: str | Path) -> Iterator[None]:
    """Turn what the operating system says about a write into one line for a person.

    Raises
    ------
    StoreError
        In place of any OSError: disk full, no permission, path too long.
    """
    try:
        with uninterrupted():
            yield
    except OSError as error:
        reason = error.strerror or str(error)
        advice = "Check the folder"
        if is_disk_full(error):
            advice = "Free some space (the parts committed so far are safe)"
        raise StoreError(
            f"writing to {path} failed: {reason}. {advice} and run the same command again."
        ) from error


def open_root(path: str | Path) -> zarr.Group:
    """Open the root group of an eventsim dataset, to read.

    Parameters
    ----------
    path : path

    Raises
    ------
    StoreError
        If nothing is there, if it is not an eventsim dataset, or if a newer version wrote it.
    """
    path = as_path(path)
    if not path.exists():
        raise StoreError(f"there is no dataset at {path}. Check the path.")
    with readable(path):
        attributes = read_attributes(path)
        if attributes is None and (path / "zarr.json").is_file():
            # Somebody else's group, or ours with something wrong in it: that is said.
            open_zarr(path)
        if attributes is None:
            raise StoreError(
                f"{path} is not an eventsim dataset (a Zarr group with format {FORMAT!r}). "
                "Pass the .zarr folder that `eventsim convert` wrote."
            )
        version = attributes.get("format_version")
        if type(version) is int and 0 < version < FORMAT_VERSION:
            made_by = attributes.get("version")
            other = f" To read it as it is: pip install eventsim-dvs=={made_by}"
            raise StoreError(
                f"{path} has format version {version}, which this eventsim no longer reads. Make "
                "it again: run the command that made it with --overwrite."
                f"{other if isinstance(made_by, str) and made_by else ''}"
            )
        if type(version) is not int or version > FORMAT_VERSION:
            raise StoreError(
                f"{path} has format version {version}, and this eventsim reads up to "
                f"{FORMAT_VERSION}. Install a newer eventsim: pip install --upgrade eventsim-dvs."
            )
        check_attributes(attributes, path)
        return open_zarr(path)


@contextmanager
def readable(path: str | Path) -> Iterator[None]:
    """Turn what broken metadata or broken chunks raise into one line.

    Raises
    ------
    DamagedStoreError
        Instead of an error of Zarr, of the codec or of a value of the wrong kind.
    """
    try:
        yield
    except (EventSimError, MemoryError, PermissionError):
        raise
    except Exception as error:  # Zarr and its codecs raise whatever they like
        words = " ".join(str(error).split())[:200] or type(error).__name__
        raise damaged(path, f"what is read there does not make sense ({words})") from error


def read_attributes(path: str | Path) -> dict[str, Any] | None:
    """Attributes of the root, or None where no eventsim dataset is.

    Parameters
    ----------
    path : path

    Returns
    -------
    dict or None
    """
    path = as_path(path)
    if not path.is_dir():
        return None
    try:
        root = open_zarr(path)
        attributes: dict[str, Any] = root.attrs.asdict()
    except PermissionError:
        raise
    except Exception:  # no zarr.json, a broken one, or an array: not ours
        return None
    return attributes if attributes.get("format") == FORMAT else None


def content_of(attributes: Mapping[str, Any], path: str | Path) -> Content:
    """Say what the samples of a dataset are; events if its attributes do not say.

    Parameters
    ----------
    attributes : mapping
        Of the root.
    path : path
        For the error.

    Raises
    ------
    StoreError
        For what this version does not know.
    """
    name = attributes.get("content", EVENTS.name)
    if not isinstance(name, str) or name not in CONTENTS:
        raise StoreError(
            f"{path} holds {name!r}, and this eventsim reads {' and '.join(CONTENTS)}. "
            "Install a newer eventsim: pip install --upgrade eventsim-dvs."
        )
    return CONTENTS[name]


def create_dataset(path: str | Path, attributes: Mapping[str, Any], *, parts: int) -> None:
    """Create an empty, unfinished dataset.

    Parameters
    ----------
    path : path
        A folder that does not exist yet, or is empty.
    attributes : mapping
        JSON values: everything needed to make the dataset again; ``content`` is what the
        samples are, ``events`` (if it is not there) or ``planes``.
    parts : int
        Number of parts that will be written.

    Raises
    ------
    StoreExistsError
        If something is there.
    StoreError
        If it cannot be written.
    """
    path = as_path(path)
    with writing(path):
        if path.exists() and not is_empty(path):
            raise StoreExistsError(f"{path} exists already. Choose another output.")
        sweep(path)
        create_group(path, _root_attributes(attributes, parts))


def is_empty(path: str | Path) -> bool:
    """Whether a folder holds nothing, or nothing but what a killed write left in it."""
    path = as_path(path)
    return path.is_dir() and all(_is_torn(entry) for entry in path.iterdir())


def sweep(path: str | Path) -> None:
    """Delete what killed writes left beside the parts."""
    if is_remote(path):
        return  # an object is written whole or not at all
    with writing(path):
        for folder in (Path(path), Path(path) / "parts"):
            for entry in folder.glob("*.partial"):
                if _is_torn(entry):
                    entry.unlink(missing_ok=True)


def _is_torn(entry: Path) -> bool:
    """Whether a file is a write of Zarr that was killed; a user's own may end like it."""
    return _TORN.fullmatch(entry.name) is not None and entry.is_file()


def reset_attributes(path: str | Path, attributes: Mapping[str, Any], *, parts: int) -> None:
    """Say again how a dataset is made; its parts must have been taken away before.

    Raises
    ------
    StoreError
        If it cannot be written.
    """
    with writing(path):
        put_attributes(as_path(path), _root_attributes(attributes, parts))
    sweep(path)


def add_attributes(path: str | Path, more: Mapping[str, Any]) -> None:
    """Say more of a dataset that is there; what it says already under these names is replaced.

    Raises
    ------
    StoreError
        If it is no dataset, or cannot be written.
    """
    attributes = open_root(path).attrs.asdict()
    with writing(path):
        put_attributes(as_path(path), sealed({**attributes, **more}))


def committed_parts(path: str | Path, planned: int | None = None) -> set[int]:
    """List the numbers of the parts that are whole.

    Parameters
    ----------
    path : path
    planned : int, optional
        Only parts below this; by default those that the attributes of the root promise.

    Raises
    ------
    StoreError
        As `open_root`.
    """
    if planned is None:
        planned = int(str(open_root(path).attrs["parts"]))
    folder = as_path(path) / "parts"
    names = {entry.name for entry in folder.iterdir()} if folder.is_dir() else set()
    return {
        part
        for part in range(planned)
        if Path(part_path(part)).name in names
        and (as_path(path) / part_path(part) / "commit" / "zarr.json").is_file()
    }


def has_parts(path: str | Path) -> bool:
    """Whether a part is whole, in whatever format."""
    return any(True for _ in (as_path(path) / "parts").glob("*/commit/zarr.json"))


def _root_attributes(attributes: Mapping[str, Any], parts: int) -> dict[str, Any]:
    return sealed(
        {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "finished": False,
            "parts": parts,
            **attributes,
        }
    )
