"""Folders of a corpus: splits, classes below them, and a walk that ends and is always the same."""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from eventsim.sources.image_files import NAMES_SHOWN, natural_key

SPLITS = ("train", "val", "test")
"""Splits of a corpus, in order."""

SPLIT_OF = {
    "train": "train",
    "training": "train",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "test": "test",
    "testing": "test",
}
"""What folders of splits are called, in lower case."""


def split_folders(root: Path, notes: list[str]) -> list[tuple[Path, str]]:
    """Folders of splits in a folder, in order; or the folder itself, as that of no split.

    Parameters
    ----------
    root : Path
    notes : list of str
        What is left out is added, one sentence each.

    Returns
    -------
    list of (folder, split)
        ``[(root, "")]`` where there are no splits.

    Raises
    ------
    OSError
        If the folder cannot be listed.
    """
    folders = [entry for entry in root.iterdir() if entry.is_dir() and is_seen(entry)]
    splits = [folder for folder in folders if folder.name.lower() in SPLIT_OF]
    others = sorted(folder.name for folder in folders if folder not in splits)
    # Beside other classes, a folder `train` that holds files itself shows trains.
    if not splits or (others and not all(_has_folders(folder) for folder in splits)):
        return [(root, "")]
    if others:
        notes.append(f"beside the splits, {', '.join(others[:5])} were left out")
    found = [(folder, SPLIT_OF[folder.name.lower()]) for folder in splits]
    return sorted(found, key=lambda pair: (SPLITS.index(pair[1]), pair[0].name))


def walk(root: Path, notes: list[str]) -> Iterator[tuple[Path, list[str], list[str]]]:
    """Go through a folder and all below it, links too, each once.

    Parameters
    ----------
    root : Path
    notes : list of str
        Folders that were read already are added.

    Yields
    ------
    folder : Path
    below : list of str
        Names of its folders; what is removed is not gone into.
    names : list of str
        Of its files, in natural order. Hidden ones are left out.
    """
    known = {_identity(root)}
    # Sorted, so that the order is the same on every file system.
    for folder, below, names in os.walk(root, followlinks=True):
        below[:] = sorted((n for n in below if is_seen(Path(n))), key=_key)
        for name in list(below):  # a link may lead back, and then there is no end
            path = Path(folder) / name
            identity = _identity(path)
            if identity in known:
                below.remove(name)
                notes.append(f"{path} is a folder that was read already, and was left out")
            known.add(identity)
        yield Path(folder), below, sorted((n for n in names if is_seen(Path(n))), key=_key)


def left_out(names: list[str], what: str, root: Path) -> list[str]:
    """Say which files were left out, because they are no images, say; nothing if none were."""
    if not names:
        return []
    some = ", ".join(names[:NAMES_SHOWN]) + (", ..." if len(names) > NAMES_SHOWN else "")
    if len(names) == 1:
        article = "an" if what[0] in "aeiou" else "a"
        return [f"{some} is not {article} {what} and was left out in {root}"]
    return [f"{len(names):,} files that are not {what}s ({some}) were left out in {root}"]


def short_names(paths: Sequence[Path], has_ending: Callable[[Path], bool]) -> list[str]:
    """Paths without their endings, where that leaves them different.

    Parameters
    ----------
    paths : sequence of Path
        Seen from the folder of the corpus.
    has_ending : callable
        Whether what follows the last dot of a name is an ending.
    """
    short = [(p.with_suffix("") if has_ending(p) else p).as_posix() for p in paths]
    counts = Counter(short)
    return [
        name if counts[name] == 1 else path.as_posix()
        for name, path in zip(short, paths, strict=True)
    ]


def is_seen(path: Path) -> bool:
    """Whether a file or folder is not hidden."""
    return not path.name.startswith(".")


def _has_folders(folder: Path) -> bool:
    return any(entry.is_dir() and is_seen(entry) for entry in folder.iterdir())


def _identity(folder: Path) -> tuple[int, int]:
    found = folder.stat()
    return found.st_dev, found.st_ino


def _key(name: str) -> tuple[list[tuple[int, str]], str]:
    return natural_key(Path(name)), name
