"""Sets of labeled still images, from any path: MNIST, CIFAR, ImageNet's layout, your own folder."""

from os import PathLike
from pathlib import Path

from eventsim.errors import ConfigError, SourceError
from eventsim.sources.checks import is_image
from eventsim.sources.folder_walk import SPLITS, is_seen
from eventsim.stills.labeled_images import ImageSet


def open_image_set(path: str | PathLike[str], *, split: str = "") -> ImageSet:
    """Open a set of still images.

    Parameters
    ----------
    path : path
        An idx file of images or a folder of them (MNIST, Fashion-MNIST; .gz or not), a CIFAR-10 or
        CIFAR-100 folder or archive (python or binary), a .npz with images and labels, a folder with
        a folder per class (with train/, val/, test/ above them, or without), a folder of images, or
        one image file. A folder that holds nothing but one of these is that one.
    split : {"", "train", "val", "test"}
        Only this part; "" is all.

    Returns
    -------
    ImageSet

    Raises
    ------
    ConfigError
        For an unknown split.
    SourceError
        If the path holds no images, or not of that split, or is damaged.
    """
    path = Path(path)
    if split not in ("", *SPLITS):
        raise ConfigError(f"split must be one of {', '.join(SPLITS)}, found {split!r}.")
    if not path.exists():
        raise SourceError(
            f"expected images, but {path} does not exist. Give a folder of images, an image, an "
            "idx file, a CIFAR archive or a .npz."
        )
    images = _open(path, split)
    if not len(images):
        of_split = f" of the split {split!r}" if split else ""
        raise SourceError(f"expected images, but {path} holds none{of_split}. Check the path.")
    return images


def _open(path: Path, split: str) -> ImageSet:
    from eventsim.stills import cifar, idx

    if path.is_dir():
        path = _one_file_in(path) or _one_folder_in(path) or path
    if idx.is_idx(path):
        return idx.open_idx(path, split)
    if cifar.is_cifar(path):
        return cifar.open_cifar(path, split)
    if path.suffix == ".npz":
        from eventsim.stills.npz import open_npz

        return open_npz(path, split)
    if path.is_dir() or is_image(path):
        from eventsim.stills.folder import FolderImages

        return FolderImages(path, split)
    raise SourceError(
        f"expected images, but {path} is neither a folder, an image, an idx file "
        "(...-images-idx3-ubyte), a CIFAR archive nor a .npz. Check the path."
    )


def _one_file_in(folder: Path) -> Path | None:
    """The .npz of a folder that holds no images beside it.

    Raises
    ------
    SourceError
        If there is more than one.
    """
    entries = [entry for entry in sorted(folder.iterdir()) if is_seen(entry)]
    arrays = [entry for entry in entries if entry.suffix == ".npz"]
    if not arrays or any(entry.is_dir() or is_image(entry) for entry in entries):
        return None
    if len(arrays) > 1:
        names = ", ".join(entry.name for entry in arrays[:5])
        raise SourceError(f"{folder} holds {len(arrays)} sets of images ({names}). Give one.")
    return arrays[0]


def _one_folder_in(folder: Path) -> Path | None:
    """The folder in a folder, if it is alone and holds idx files or CIFAR: torchvision's layout."""
    from eventsim.stills import cifar, idx

    below = [entry for entry in folder.iterdir() if entry.is_dir() and is_seen(entry)]
    if len(below) != 1 or idx.is_idx(folder) or cifar.is_cifar(folder):
        return None
    inside = below[0]
    return inside if idx.is_idx(inside) or cifar.is_cifar(inside) else None
