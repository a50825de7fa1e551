"""Images of any dataset as arrays: what users pass to `ImageEvents` and `IndexedImages`."""

from collections.abc import Sequence
from os import PathLike
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from eventsim.errors import ConfigError
from eventsim.stills.image_sets import open_image_set
from eventsim.stills.labeled_images import ImageSet, LabeledImage
from eventsim.stills.resizing import StillFit, resize_image

Images = str | PathLike[str] | ImageSet | Sequence[Any]


class Samples:
    """Images with their labels, all of one size.

    Parameters
    ----------
    images : path, ImageSet, or map-style dataset
        A path is opened by `eventsim.stills.image_sets.open_image_set`. Items of any other dataset
        are (image, label) or an image: an array (H, W), (H, W, 3) or (3, H, W), a PIL image, or a
        tensor as torchvision makes them.
    split : str
        Of a path.
    size : (width, height), optional
        Images are brought to it. Default: as they are.
    fit : {"stretch", "crop"}
    """

    def __init__(
        self,
        images: Images,
        *,
        split: str = "",
        size: tuple[int, int] | None = None,
        fit: StillFit = "stretch",
    ) -> None:
        if isinstance(images, str | PathLike):
            images = open_image_set(images, split=split)
        elif split:
            raise ConfigError(f"split can be used with a path only, found {split!r}.")
        self._images = images
        self._size = size
        self._fit: StillFit = fit
        self.classes: tuple[str, ...] = tuple(getattr(images, "classes", ()))
        self._numbers = {name: k for k, name in enumerate(self.classes)}
        self._first: tuple[int, ...] | None = None

    def __len__(self) -> int:
        """Count the images."""
        return len(self._images)

    def read(self, index: int) -> tuple[NDArray[Any], int]:
        """Read one image and its label.

        Returns
        -------
        values : (H, W) or (H, W, 3) ndarray
        label : int
            Number of its class, or what the dataset gave; -1 if there is none.

        Raises
        ------
        ConfigError
            If an image has another shape than (H, W), (H, W, 3) or (3, H, W).
        SourceError
            If it cannot be read.
        """
        item = self._images[index]
        if isinstance(item, LabeledImage):
            values: NDArray[Any] = item.values
            label = self._numbers.get(item.label, -1)
        else:
            image, given = item if isinstance(item, tuple | list) else (item, -1)
            values, label = as_array(image, index), int(given)
        if self._size is not None:
            if values.dtype not in (np.uint8, np.uint16):
                raise ConfigError(
                    f"only uint8 and uint16 images are resized, but image {index} is of "
                    f"{values.dtype}. Resize it in the dataset, or leave out size."
                )
            values = resize_image(values, self._size, fit=self._fit)
        self._check_size(values.shape, index)
        return values, label

    def _check_size(self, shape: tuple[int, ...], index: int) -> None:
        """Refuse images that cannot be put into one batch."""
        if self._first is None:
            self._first = shape[:2]
        if shape[:2] != self._first:
            raise ConfigError(
                f"images must be of one size, but image {index} is {shape[1]}x{shape[0]} after "
                f"{self._first[1]}x{self._first[0]}. Give a size to bring them to."
            )


def as_array(image: Any, index: int) -> NDArray[Any]:
    """Turn an image of another library into an array with the channels last.

    Parameters
    ----------
    image : array, tensor or PIL image
    index : int
        For the error.

    Raises
    ------
    ConfigError
        As `Samples.read`.
    """
    if isinstance(image, torch.Tensor):
        values = image.detach().cpu().numpy()
    elif hasattr(image, "convert"):  # of PIL
        values = np.asarray(image if image.mode in ("L", "RGB") else image.convert("RGB"))
    else:
        values = np.asarray(image)
    if values.ndim == 3 and values.shape[2] not in (1, 3) and values.shape[0] in (1, 3):
        values = values.transpose(1, 2, 0)
    if values.ndim == 3 and values.shape[2] == 1:
        values = values[:, :, 0]
    if not (values.ndim == 2 or (values.ndim == 3 and values.shape[2] == 3)) or not values.size:
        raise ConfigError(
            f"an image must be (H, W), (H, W, 3) or (3, H, W), found {values.shape} at {index}. "
            "Convert it."
        )
    return values
