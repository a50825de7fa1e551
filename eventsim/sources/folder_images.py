"""Images in folders: a folder a class (ImageNet's layout), a plain folder, or one file."""

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import SourceError
from eventsim.sources.checks import is_image, scale_complaint
from eventsim.sources.image_files import NAMES_SHOWN, natural_key
from eventsim.sources.labeled_images import SPLITS, LabeledImage
from eventsim.sources.pictures import read_picture

_SPLIT_OF = {
    "train": "train",
    "training": "train",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "test": "test",
    "testing": "test",
}


class FolderImages:
    """Images of a folder, read one by one.

    Parameters
    ----------
    path : Path
        With train/, val/ or test/ in it, these are splits; folders (below) are classes, and images
        may lie deeper in them; without folders the images have no label. Or one image file.
    wanted : str
        Split, "" for all.

    Raises
    ------
    SourceError
        If a folder cannot be listed.
    """

    def __init__(self, path: Path, wanted: str) -> None:
        self.path = str(path)
        self._wanted = wanted
        self.notes: list[str] = []
        self._files: list[tuple[Path, str, str]] = []
        if path.is_file():
            self._files = [] if wanted else [(path, "", "")]
            self._root = path.parent
        else:
            self._root = path
            self._list(path, wanted)
        self.classes = tuple(sorted({label for _, label, _ in self._files if label}))

    @property
    def files(self) -> list[Path]:
        """All its images, in order."""
        return [path for path, _, _ in self._files]

    def __reduce__(self) -> tuple[object, ...]:
        return FolderImages, (Path(self.path), self._wanted)

    def __len__(self) -> int:
        """Count the images."""
        return len(self._files)

    def __getitem__(self, index: int) -> LabeledImage:
        """Read one image."""
        path, label, split = self._files[index]
        values, notes = read_still(path)
        name = path.relative_to(self._root).as_posix()
        return LabeledImage(values, label, name, split, tuple(notes))

    def label(self, index: int) -> str:
        """Label of an image: the name of its folder."""
        return self._files[index][1]

    def split(self, index: int) -> str:
        """Split of an image: the name of the folder above its class."""
        return self._files[index][2]

    def _list(self, root: Path, wanted: str) -> None:
        folders = [entry for entry in root.iterdir() if entry.is_dir() and _is_seen(entry)]
        splits = [folder for folder in folders if folder.name.lower() in _SPLIT_OF]
        others = sorted(folder.name for folder in folders if folder not in splits)
        # Beside other classes, a folder `train` that holds images itself shows trains.
        if others and not all(_has_folders(folder) for folder in splits):
            splits = []
        if splits:
            for folder in sorted(splits, key=_split_order):
                split = _SPLIT_OF[folder.name.lower()]
                if not wanted or split == wanted:
                    self._list_classes(folder, split)
            if others:
                self.notes.append(f"beside the splits, {', '.join(others[:5])} were left out")
        elif not wanted:
            self._list_classes(root, "")

    def _list_classes(self, root: Path, split: str) -> None:
        others: list[str] = []
        known = {_identity(root)}
        # One walk, sorted: so that the order is the same on every file system.
        for folder, below, names in os.walk(root, followlinks=True):
            below[:] = sorted((n for n in below if _is_seen(Path(n))), key=lambda n: _key(n))
            for name in list(below):  # a link may lead back, and then there is no end
                identity = _identity(Path(folder) / name)
                if identity in known:
                    below.remove(name)
                    self.notes.append(
                        f"{Path(folder) / name} is a folder that was read already, and was left out"
                    )
                known.add(identity)
            inside = Path(folder).relative_to(root).parts
            label = inside[0] if inside else ""
            for name in sorted(names, key=lambda n: _key(n)):
                path = Path(folder) / name
                if is_image(path) and _is_seen(path):
                    self._files.append((path, label, split))
                else:
                    others.append(name)
        if others:
            some = ", ".join(others[:NAMES_SHOWN]) + (", ..." if len(others) > NAMES_SHOWN else "")
            words = f"{some} is no image and was" if len(others) == 1 else (
                f"{len(others):,} files that are no images ({some}) were"
            )  # fmt: skip
            self.notes.append(f"{words} left out in {root}")


def read_still(path: Path) -> tuple[NDArray[np.generic], list[str]]:
    """Read an image as gray or RGB.

    Parameters
    ----------
    path : Path

    Returns
    -------
    values : (H, W) or (H, W, 3) ndarray of uint8 or uint16
    notes : list of str
        What was converted or left out: transparency becomes black, a camera's turn is applied, of
        many pages the first is taken.

    Raises
    ------
    SourceError
        If it cannot be read, or is not of 8 or 16 bits.
    """
    picture = read_picture(path)
    if picture.values.dtype not in (np.uint8, np.uint16):
        raise SourceError(
            f"expected an image of 8 or 16 bits, but {path} is of {picture.values.dtype}. "
            "Convert it."
        )
    notes = [*picture.notes]
    if picture.pages > 1:
        notes.append("of many pages the first was taken")
    largest = float(picture.values.max())
    if scale_complaint(largest, picture.values.dtype, "srgb", None):
        white = 255 if picture.values.dtype == np.uint8 else 65535
        notes.append(f"its largest number is {largest:g} of {white}: it may be of another scale")
    return picture.values, notes


def _has_folders(folder: Path) -> bool:
    return any(entry.is_dir() and _is_seen(entry) for entry in folder.iterdir())


def _identity(folder: Path) -> tuple[int, int]:
    found = folder.stat()
    return found.st_dev, found.st_ino


def _is_seen(path: Path) -> bool:
    return not path.name.startswith(".")


def _split_order(folder: Path) -> tuple[int, str]:
    return SPLITS.index(_SPLIT_OF[folder.name.lower()]), folder.name


def _key(name: str) -> tuple[list[tuple[int, str]], str]:
    return natural_key(Path(name)), name
