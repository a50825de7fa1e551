"""Images in folders: a folder per class (ImageNet's layout), a plain folder, or one file."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import SourceError
from eventsim.sources.checks import is_image, scale_complaint
from eventsim.sources.folder_walk import left_out, split_folders, walk
from eventsim.sources.pictures import read_picture
from eventsim.stills.labeled_images import LabeledImage


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
            for folder, split in split_folders(path, self.notes):
                if not wanted or split == wanted:
                    self._list_classes(folder, split)
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

    def _list_classes(self, root: Path, split: str) -> None:
        others: list[str] = []
        for folder, _, names in walk(root, self.notes):
            inside = folder.relative_to(root).parts
            label = inside[0] if inside else ""
            for name in names:
                path = folder / name
                if is_image(path):
                    self._files.append((path, label, split))
                else:
                    others.append(name)
        self.notes += left_out(others, "image", root)


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
