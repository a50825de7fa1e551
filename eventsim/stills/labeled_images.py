"""What an image with a label is, what a set of them promises, and sets that are in memory."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import SourceError

MOST_CLASSES = 1_000_000
"""Labels must be below this: no set has more classes, and each gets a name. Chosen by eye."""


@dataclass(frozen=True)
class LabeledImage:
    """A still image and what is known of it.

    Attributes
    ----------
    values : (H, W) or (H, W, 3) ndarray of uint8 or uint16
    label : str
        Name of its class, "" if there is none.
    name : str
        Its place in the set, such as ``cat/a.png`` or ``train-images-idx3-ubyte.gz#17``.
    split : str
        train, val, test or "".
    notes : tuple of str
        What was converted or left out when it was read.
    """

    values: NDArray[np.generic]
    label: str
    name: str
    split: str
    notes: tuple[str, ...] = ()


class ImageSet(Protocol):
    """A sequence of labeled images; cheap to pickle: the other side opens the path again."""

    @property
    def path(self) -> str:
        """Where it was opened."""

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes, in the order of their numbers; () if there are no labels."""

    @property
    def notes(self) -> list[str]:
        """What was skipped, one sentence each."""

    def __len__(self) -> int:
        """Count the images."""

    def __getitem__(self, index: int) -> LabeledImage:
        """Read one image; `SourceError` if it cannot be read."""

    def label(self, index: int) -> str:
        """Label of an image, without reading it."""

    def split(self, index: int) -> str:
        """Split of an image, without reading it."""


class ArrayImages:
    """Images that are in memory, as one array a part.

    Parameters
    ----------
    opener : callable
        ``opener(path, wanted)`` makes the same again, in another process.
    path : Path
    wanted : str
        The split that was asked for.
    parts : sequence of (name, split, images, labels)
        Images (N, H, W) or (N, H, W, 3) of uint8 or uint16, labels (N,) of integers or None.
    classes : sequence of str
        Names of the labels 0, 1, ...
    notes : sequence of str
    """

    def __init__(
        self,
        opener: Callable[[Path, str], "ArrayImages"],
        path: Path,
        wanted: str,
        parts: Sequence["ArrayPart"],
        classes: Sequence[str],
        notes: Sequence[str] = (),
    ) -> None:
        self.path = str(path)
        self.classes = tuple(classes)
        self.notes = list(notes)
        self._opener, self._wanted = opener, wanted
        self._parts = list(parts)
        self._starts = np.cumsum([0, *(len(part.images) for part in parts)])

    def __reduce__(self) -> tuple[object, ...]:
        return self._opener, (Path(self.path), self._wanted)

    def __len__(self) -> int:
        """Count the images."""
        return int(self._starts[-1])

    def __getitem__(self, index: int) -> LabeledImage:
        """Image at a place; a view of the array."""
        part, place = self._find(index)
        values = part.images[place]
        return LabeledImage(values, self.label(index), f"{part.name}#{place}", part.split)

    def label(self, index: int) -> str:
        """Label of an image."""
        part, place = self._find(index)
        return "" if part.labels is None else self.classes[int(part.labels[place])]

    def split(self, index: int) -> str:
        """Split of an image."""
        return self._find(index)[0].split

    def _find(self, index: int) -> tuple["ArrayPart", int]:
        if not 0 <= index < len(self):
            raise IndexError(
                f"image {index} does not exist; {self.path} holds {len(self)}, from 0."
            )
        k = int(np.searchsorted(self._starts, index, side="right")) - 1
        return self._parts[k], index - int(self._starts[k])


@dataclass(frozen=True)
class ArrayPart:
    """Images of one file: a name, a split, (N, H, W[, 3]) numbers and (N,) labels or None."""

    name: str
    split: str
    images: NDArray[np.generic]
    labels: NDArray[np.integer] | None

    def __post_init__(self) -> None:
        shape, dtype = self.images.shape, self.images.dtype
        shaped = len(shape) == 3 or (len(shape) == 4 and shape[3] == 3)
        if not shaped or 0 in shape[1:3] or dtype not in (np.uint8, np.uint16):
            raise SourceError(
                f"{self.name} must hold uint8 or uint16 images of (N, H, W) or (N, H, W, 3), found "
                f"{dtype} {shape}. Convert them."
            )
        if self.labels is not None and self.labels.shape != shape[:1]:
            raise SourceError(
                f"{self.name} must have a label per image, found {shape[0]} images and labels of "
                f"the shape {self.labels.shape}. Check that the files belong together."
            )


def number_labels(labels: Sequence[tuple[str, NDArray[np.integer] | None]]) -> list[str]:
    """Names of numbered classes: 0, 1, ... up to the largest label.

    Parameters
    ----------
    labels : sequence of (name, (N,) integers or None)
        The name is that of the file, for the message.

    Raises
    ------
    SourceError
        If a label is negative, or far too large for the number of a class.
    """
    most = -1
    for name, some in labels:
        if some is None or not len(some):
            continue
        low, high = int(some.min()), int(some.max())
        if low < 0 or high >= MOST_CLASSES:
            raise SourceError(
                f"labels in {name} must be from 0 to {MOST_CLASSES - 1}, found "
                f"{low if low < 0 else high}. Leave out images without a class, and number the "
                "classes from 0."
            )
        most = max(most, high)
    return [str(number) for number in range(most + 1)]
