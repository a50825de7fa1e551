"""Sets of labeled still images, from any path: MNIST, CIFAR, ImageNet's layout, your own folder."""

from os import PathLike
from pathlib import Path

from eventsim.errors import ConfigError, SourceError
from eventsim.sources.checks import is_image
from eventsim.sources.labeled_images import SPLITS, ImageSet


def open_image_set(path: str | PathLike[str], *, split: str = "") -> ImageSet:
    """Open a set of still images.

    Parameters
    ----------
    path : path
        An idx file of images or a folder of them (MNIST, Fashion-MNIST; .gz or not), a CIFAR-10 or
        CIFAR-100 folder or archive (python or binary), a .npz with images and labels, a folder with
        a folder a class (with train/, val/, test/ above them, or without), a folder of images, or
        one image file.
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
    from eventsim.sources import cifar_images, idx_images

    if idx_images.is_idx(path):
        return idx_images.open_idx(path, split)
    if cifar_images.is_cifar(path):
        return cifar_images.open_cifar(path, split)
    if path.suffix == ".npz":
        from eventsim.sources.npz_images import open_npz

        return open_npz(path, split)
    if path.is_dir() or is_image(path):
        from eventsim.sources.folder_images import FolderImages

        return FolderImages(path, split)
    raise SourceError(
        f"expected images, but {path} is neither a folder, an image, an idx file "
        "(...-images-idx3-ubyte), a CIFAR archive nor a .npz. Check the path."
    )
