"""Checkpoints: a part that is written for long, kept half, so that a killed run resumes in it.

They lie beside the attempts and outlive them. A checkpoint is named after what it is one of: who
does the very same work may go on from it, whoever wrote it; all others never look at it.
"""

import contextlib
import json
import shutil
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim.store.dataset import writing
from eventsim.store.places import is_remote
from eventsim.store.writer import PartWriter

CHECKPOINTS = ".checkpoints"
_ARRAYS, _STATE, _FILES = "arrays.npz", "state.json", "files"


@dataclass(frozen=True)
class Checkpoint:
    """A part that was kept half.

    Attributes
    ----------
    folder : Path
    state : dict
        Of the writer.
    arrays : dict of str to ndarray
        Of the writer.
    frames : int
        Of the recording that is open, that were written.
    pixels : dict of str to ndarray
        What the pixels were after these frames.
    """

    folder: Path
    state: dict[str, Any]
    arrays: dict[str, NDArray[Any]]
    frames: int
    pixels: dict[str, NDArray[Any]]

    @property
    def sample(self) -> int:
        """Number of the recording that is open."""
        return int(self.state["open"]["sample"])

    def restore(self, writer: PartWriter) -> None:
        """Let a new writer of the same part go on.

        Raises
        ------
        OSError, ValueError, KeyError, TypeError
            If it is not whole. The writer is of no use then.
        """
        writer.restore(self.state, self.arrays, self.folder / _FILES)


def write_checkpoint(
    dataset: Path,
    identity: str,
    writer: PartWriter,
    frames: int,
    pixels: Mapping[str, NDArray[Any]],
) -> None:
    """Keep a part half; earlier checkpoints of the same work are deleted.

    Parameters
    ----------
    dataset : Path
    identity : str
        Of the work: the same for nothing else.
    writer : PartWriter
        With a recording that is open.
    frames : int
        Of it, that were written.
    pixels : mapping of str to ndarray

    Raises
    ------
    StoreError
        If it cannot be written.
    """
    if is_remote(dataset):
        return  # a part that was killed is made again
    home = dataset / CHECKPOINTS / identity
    with writing(dataset):
        before = list(home.iterdir()) if home.is_dir() else []
        torn = home / f"{uuid.uuid4().hex}.partial"
        torn.mkdir(parents=True)
        state, arrays = writer.save(torn / _FILES)
        named = {f"writer {name}": array for name, array in arrays.items()}
        named |= {f"pixels {name}": array for name, array in pixels.items()}
        np.savez(torn / _ARRAYS, **named)  # type: ignore[arg-type]
        (torn / _STATE).write_text(json.dumps({"frames": frames, "writer": state}))
        sample = state["open"]["sample"]
        torn.rename(home / f"{sample:020d}-{frames:012d}-{uuid.uuid4().hex}")
        for old in before:
            shutil.rmtree(old, ignore_errors=True)


def read_checkpoint(dataset: Path, identity: str) -> Checkpoint | None:
    """Read the checkpoint of some work that is farthest; None if there is none that is whole."""
    if is_remote(dataset):
        return None
    home = dataset / CHECKPOINTS / identity
    names = sorted((e.name for e in home.iterdir()), reverse=True) if home.is_dir() else []
    for name in names:
        if name.endswith(".partial"):
            continue
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            return _read(home / name)
    return None


def discard_checkpoints(dataset: Path, identity: str | None = None) -> None:
    """Delete the checkpoints of some work, or all."""
    if is_remote(dataset):
        return
    home = dataset / CHECKPOINTS
    shutil.rmtree(home / identity if identity else home, ignore_errors=True)


def _read(folder: Path) -> Checkpoint:
    found = json.loads((folder / _STATE).read_text())
    with np.load(folder / _ARRAYS, allow_pickle=False) as loaded:
        named = dict(loaded)
    parts: dict[str, dict[str, NDArray[Any]]] = {"writer": {}, "pixels": {}}
    for name, array in named.items():
        kind, _, rest = name.partition(" ")
        parts[kind][rest] = array
    return Checkpoint(
        folder, found["writer"], parts["writer"], int(found["frames"]), parts["pixels"]
    )
