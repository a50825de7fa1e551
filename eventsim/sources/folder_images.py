"""Images in folders: a folder a class (ImageNet's layout), a plain folder, or one file."""

import os
import warnings
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from eventsim.errors import SourceError
from eventsim.sources.checks import WHITE_UINT16, is_image
from eventsim.sources.image_files import natural_key, read_image
from eventsim.sources.labeled_images import SPLITS, LabeledImage

_SPLIT_OF = {
    "train": "train",
    "training": "train",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "test": "test",
    "testing": "test",
}
# Those that Pillow reads better than OpenCV: half a JPEG is an error, and a camera's turn is known.
_BY_PILLOW = frozenset({".jpg", ".jpeg", ".bmp", ".webp", ".gif"})
_MODES = {"1": "L", "L": "L", "LA": "RGBA", "PA": "RGBA", "RGBA": "RGBA", "RGBa": "RGBA"}
"""What a Pillow image is converted to; all others to RGB."""


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
        if splits:
            for folder in sorted(splits, key=_split_order):
                split = _SPLIT_OF[folder.name.lower()]
                if not wanted or split == wanted:
                    self._list_classes(folder, split)
            ignored = sorted(folder.name for folder in folders if folder not in splits)
            if ignored:
                self.notes.append(f"beside the splits, {', '.join(ignored[:5])} were left out")
        elif not wanted:
            self._list_classes(root, "")

    def _list_classes(self, root: Path, split: str) -> None:
        others = 0
        # One walk, sorted: so that the order is the same on every file system.
        for folder, below, names in os.walk(root):
            below[:] = sorted((n for n in below if _is_seen(Path(n))), key=lambda n: _key(n))
            inside = Path(folder).relative_to(root).parts
            label = inside[0] if inside else ""
            for name in sorted(names, key=lambda n: _key(n)):
                path = Path(folder) / name
                if is_image(path) and _is_seen(path):
                    self._files.append((path, label, split))
                else:
                    others += 1
        if others:
            words = "1 file that is no image was" if others == 1 else (
                f"{others:,} files that are no images were"
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
    if path.suffix.lower() in _BY_PILLOW:
        return _by_pillow(path)
    values = read_image(path)
    notes = []
    if path.suffix.lower() in (".tif", ".tiff") and cv2.imcount(str(path)) > 1:
        notes.append("of many pages the first was taken")
    if values.dtype not in (np.uint8, np.uint16):
        raise SourceError(
            f"expected an image of 8 or 16 bits, but {path} is of {values.dtype}. Convert it."
        )
    if values.ndim == 3 and values.shape[2] in (2, 4):
        values = _on_black(values)
        notes.append("transparency became black")
    return (values[:, :, 0] if values.ndim == 3 and values.shape[2] == 1 else values), notes


def _by_pillow(path: Path) -> tuple[NDArray[np.generic], list[str]]:
    notes = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(path) as image:
                if getattr(image, "n_frames", 1) > 1:
                    notes.append("of many pages the first was taken")
                turned = ImageOps.exif_transpose(image)
                if turned.size != image.size or turned.tobytes() != image.tobytes():
                    notes.append("it was turned as its camera says")
                clear = "transparency" in turned.info or _MODES.get(turned.mode) == "RGBA"
                mode = "RGBA" if clear else _MODES.get(turned.mode, "RGB")
                if turned.mode in ("CMYK", "YCCK"):
                    notes.append("CMYK was converted to RGB")
                values = np.asarray(turned.convert(mode))
    except Exception as error:  # an image library raises whatever it likes
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise SourceError(
            f"expected an image, but {path} cannot be read: {reason}. Check that it is whole."
        ) from error
    if mode == "RGBA":
        values = _on_black(values)
        notes.append("transparency became black")
    return values, notes


def _on_black(values: NDArray[np.generic]) -> NDArray[np.generic]:
    """Colors times alpha, the last channel."""
    white = 255.0 if values.dtype == np.uint8 else WHITE_UINT16
    numbers = values.astype(np.float64)
    mixed: NDArray[np.generic] = np.rint(numbers[:, :, :-1] * numbers[:, :, -1:] / white)
    mixed = mixed.astype(values.dtype)
    return mixed[:, :, 0] if mixed.shape[2] == 1 else mixed


def _is_seen(path: Path) -> bool:
    return not path.name.startswith(".")


def _split_order(folder: Path) -> tuple[int, str]:
    return SPLITS.index(_SPLIT_OF[folder.name.lower()]), folder.name


def _key(name: str) -> tuple[list[tuple[int, str]], str]:
    return natural_key(Path(name)), name
