"""Replace a dataset by a new one that is made inside it, so that one of the two is always whole.

The new one grows in the folder `NEXT` of the old one. When it is finished, the old root is taken
away first (from here on nobody can mistake the one for the other), then parts and table are
exchanged, and the new root is put in its place. Each step is one rename. A process that is killed
between two of them leaves what `exchange` brings to its end.
"""

import re
import shutil
from pathlib import Path

from eventsim.store.dataset import read_attributes, writing
from eventsim.store.layout import CARD_FILES
from eventsim.store.places import as_path, is_remote, remove_tree

NEXT = ".replacement"
"""Folder of the dataset that is to replace the one it lies in."""
OLD = ".replaced"
"""Folder of what was replaced and will be deleted."""
ROOT = "zarr.json"
CONTENTS = ("samples", "manifest", "parts", *CARD_FILES)
"""What a dataset consists of, beside its root."""
_OURS = re.compile(r"zarr\.json|\d{5,}")
"""What the parts of a dataset are called."""


def was_cut_off(path: str | Path) -> bool:
    """Whether the exchange of a dataset was begun and not ended."""
    path = as_path(path)
    if (path / ROOT).exists():
        return False
    return bool((read_attributes(path / NEXT) or {}).get("finished"))


def exchange(path: str | Path) -> None:
    """Put the finished dataset in `NEXT` in the place of the one that it lies in.

    Parameters
    ----------
    path : path
        Of the old dataset. Files that are none of a dataset's stay where they are.

    Raises
    ------
    StoreError
        If the system refuses.
    """
    path = as_path(path)
    next_, old = path / NEXT, path / OLD
    with writing(path):
        old.mkdir(exist_ok=True)
        if (path / ROOT).exists():
            (path / ROOT).replace(old / ROOT)
        for name in CONTENTS:
            # What lies in `old` says how far an exchange came that was cut off: it holds something
            # of every name, also of one that the old dataset did not have.
            if not (old / name).exists():
                if (path / name).exists():
                    (path / name).rename(old / name)
                else:
                    (old / name).mkdir()
            if (next_ / name).exists():
                (next_ / name).rename(path / name)
        (next_ / ROOT).replace(path / ROOT)
        discard(path)


def void(path: str | Path) -> None:
    """Take the parts of a dataset away: what was committed no longer counts."""
    path = as_path(path)
    with writing(path):
        if is_remote(path):
            for name in CONTENTS:
                remove_tree(path / name)
                (path / name).unlink(missing_ok=True)
            return
        discard(path)
        (path / OLD).mkdir()
        for name in CONTENTS:
            if (path / name).exists():
                (path / name).rename(path / OLD / name)


def discard(path: str | Path) -> None:
    """Delete what was replaced, and a replacement that will not be; strangers are kept."""
    path = as_path(path)
    if is_remote(path):
        return  # nothing is replaced there
    with writing(path):
        parts = path / OLD / "parts"
        for entry in parts.iterdir() if parts.is_dir() else ():
            if not _OURS.fullmatch(entry.name):
                (path / "parts").mkdir(exist_ok=True)
                entry.rename(path / "parts" / entry.name)
        for name in (OLD, NEXT):
            if (path / name).is_dir():
                shutil.rmtree(path / name)
