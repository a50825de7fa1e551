"""What the tasks of still images share: ranges of image sets, read one by one."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from eventsim.errors import SourceError
from eventsim.pipeline.fingerprints import place_in, without_place
from eventsim.pipeline.reasons import reason_of
from eventsim.stills.image_sets import open_image_set
from eventsim.stills.labeled_images import ImageSet, LabeledImage


@dataclass(frozen=True)
class ImageInput:
    """A set of still images, and what is known of all of them.

    Attributes
    ----------
    path : str
        As `eventsim.stills.image_sets.open_image_set` takes it.
    split : str
        Only images of this split: train, val or test; "" is all. Where the set has no splits, all
        of its images are taken and get this one.
    label, group : str
        Of all its images; "" leaves the label of each.
    """

    path: str
    split: str = ""
    label: str = ""
    group: str = ""


@dataclass(frozen=True)
class ImageRange:
    """Images [start, stop) of an input.

    Attributes
    ----------
    input : ImageInput
    start, stop : int
    first : int
        Place of the first of them in the whole plan, of which its seed is a function.
    """

    input: ImageInput
    start: int
    stop: int
    first: int

    def __len__(self) -> int:
        return self.stop - self.start


@dataclass(frozen=True)
class PlacedImage:
    """An image that was read, or why it was not.

    Attributes
    ----------
    index : int
        In the whole plan.
    source : str
        Where it lies.
    group : str
    image : LabeledImage or None
        With label and split as the input has them.
    reason : str
        One line, if there is no image.
    """

    index: int
    source: str
    group: str
    image: LabeledImage | None
    reason: str = ""


@lru_cache(maxsize=2)
def open_input(given: ImageInput) -> ImageSet:
    """Open the set of an input, once in a process: archives are unpacked, folders are walked.

    The parts of a plan follow the order of its inputs, so two are kept. Planning forgets them.

    Raises
    ------
    SourceError
        If it holds no images, or none of the split.
    """
    try:
        return open_image_set(given.path, split=given.split)
    except SourceError:
        if not given.split:
            raise
        whole = _open_without_splits(given.path)
        if whole is None:
            raise
        return whole


def _open_without_splits(path: str) -> ImageSet | None:
    """Open a set in which no image has a split, or None."""
    try:
        whole = open_image_set(path)
    except SourceError:
        return None  # the reason is that of the caller
    return None if any(whole.split(i) for i in range(len(whole))) else whole


def read_images(ranges: tuple[ImageRange, ...], dataset: Path) -> Iterator[PlacedImage]:
    """Read the images of a part in order.

    Parameters
    ----------
    ranges : tuple of ImageRange
    dataset : Path
        Sources are named as they lie from the folder that it lies in.

    Yields
    ------
    PlacedImage
        One for each place, also where there is no image.

    Raises
    ------
    StoreError
        If the disk is full.
    """
    for some in ranges:
        given = some.input
        home = place_in(dataset, given.path)
        try:
            images = open_input(given)
            if len(images) < some.stop:
                raise SourceError(
                    f"{given.path} held {some.stop} images when it was looked at, and now "
                    f"{len(images)}. Put them back, or start over."
                )
        except Exception as error:
            reason = without_place(reason_of(error), given.path, home)
            for k in range(len(some)):
                source = f"{home}#{some.start + k}"
                yield PlacedImage(some.first + k, source, given.group, None, reason)
            continue
        place = place_in(dataset, images.path)  # a folder may hold one set, in a file or a folder
        for k in range(len(some)):
            yield _read(images, some, k, home, place)


def _read(images: ImageSet, some: ImageRange, k: int, home: str, place: str) -> PlacedImage:
    given = some.input
    try:
        image = images[some.start + k]
    except Exception as error:
        source = f"{home}#{some.start + k}"
        reason = without_place(reason_of(error), given.path, home)
        return PlacedImage(some.first + k, source, given.group, None, reason)
    source = _place(place, image.name)
    image = replace(image, label=given.label or image.label, split=given.split or image.split)
    return PlacedImage(some.first + k, source, given.group, image)


def _place(path: str, name: str) -> str:
    """Path of an image: below the folder, or that of the file itself."""
    where = Path(path)
    folder = where.parent if name.partition("#")[0].partition(":")[0] == where.name else where
    return (folder / name).as_posix()
