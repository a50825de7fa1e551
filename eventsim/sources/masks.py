"""Which object each pixel of an image shows: PNG masks beside the images, or a COCO file."""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from eventsim.errors import SourceError
from eventsim.sources.limits import check_unpacked

MOST_ID = 65_535
FINER = 4
"""Outlines are filled on so many times as many rows and columns, of which the middle ones count:
OpenCV fills every pixel that an outline touches."""
ENDINGS = (".png", ".tif", ".tiff", ".bmp")

Ids = NDArray[np.uint16]


@dataclass
class Masks:
    """Ids of the objects of images, by the name of the image.

    Parameters
    ----------
    path : Path
        A folder with an image of ids for each image, of the same name but for its ending: gray of 8
        or 16 bits, or a palette, whose numbers count; 0 is none. Or a COCO file (.json), whose
        objects are painted, the smaller ones on top: ids are ``track_id``, or ``instance_id``, and
        without them the place of the annotation among those of its image, from 1.

    Raises
    ------
    SourceError
        If it is neither.
    """

    path: Path
    missing: int = 0
    _files: dict[str, Path] = field(default_factory=dict)
    _images: dict[str, dict[str, Any]] = field(default_factory=dict)
    _names: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.path.is_dir():
            found = [p for p in self.path.iterdir() if p.suffix.lower() in ENDINGS]
            self._files = {file.stem: file for file in sorted(found)}
            if not self._files:
                raise SourceError(f"expected masks (.png) in {self.path}, found none.")
        elif self.path.suffix.lower() == ".json" and self.path.is_file():
            self._images, self._names = _read_coco(self.path)
        else:
            raise SourceError(
                f"labels must be a folder of masks or a COCO file (.json), found {self.path}."
            )

    def ids(self, name: str, size: tuple[int, int]) -> Ids:
        """Ids of the image of a name.

        Parameters
        ----------
        name : str
            File name of the image.
        size : (width, height)
            Of the image, px.

        Returns
        -------
        (H, W) ndarray of uint16
            0 where there is nothing, or no mask at all, which is counted in `missing`.

        Raises
        ------
        SourceError
            If the mask has another size, or ids above 65,535.
        """
        stem = Path(name).stem
        width, height = size
        if stem in self._files:
            return _read_mask(self._files[stem], size)
        known = self._images.get(stem)
        if known is None:
            self.missing += 1
            return np.zeros((height, width), np.uint16)
        return _painted(known, size, self.path)

    @property
    def names(self) -> dict[int, str]:
        """What objects are, by their ids: categories of a COCO file."""
        return dict(self._names)

    @property
    def notes(self) -> list[str]:
        """What was not there."""
        return [f"{self.missing} images have no labels"] if self.missing else []


def _read_mask(path: Path, size: tuple[int, int]) -> Ids:
    try:
        with Image.open(path) as image:
            check_unpacked(4 * image.size[0] * image.size[1], str(path), picture=True)
            values = np.asarray(image)
    except SourceError:
        raise
    except Exception as error:  # an image library raises whatever it likes
        words = (str(error) or type(error).__name__).splitlines()[0]
        raise SourceError(f"expected a mask, but {path} cannot be read: {words}.") from error
    if values.ndim != 2:
        raise SourceError(
            f"a mask must hold one number a pixel, but {path} is {values.shape}. Save it as gray "
            "or with a palette."
        )
    if values.shape != (size[1], size[0]):
        raise SourceError(
            f"a mask must be as large as its image, {size[0]}x{size[1]}, but {path} is "
            f"{values.shape[1]}x{values.shape[0]}."
        )
    if values.size and (values.min() < 0 or values.max() > MOST_ID):
        raise SourceError(f"ids must be 0 to {MOST_ID}, but {path} has {values.max()}.")
    return values.astype(np.uint16)


def boxes_of_ids(ids: Ids) -> dict[int, tuple[int, int, int, int]]:
    """Boxes (x0, y0, x1, y1) of objects, px, ``x0 <= x < x1``, by their ids.

    Parameters
    ----------
    ids : (H, W) ndarray of uint16
        0 is none.
    """
    found: dict[int, tuple[int, int, int, int]] = {}
    for number in np.unique(ids[ids > 0]).tolist():
        there = ids == number
        columns, rows = np.flatnonzero(there.any(0)), np.flatnonzero(there.any(1))
        found[number] = (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    return found


def _read_coco(path: Path) -> tuple[dict[str, dict[str, Any]], dict[int, str]]:
    """Images of a COCO file by the stem of their names, with annotations; categories by id."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        categories = {one["id"]: str(one["name"]) for one in content.get("categories", [])}
        names: dict[int, str] = {}
        annotations: Mapping[Any, list[Any]] = defaultdict(list)
        for one in content["annotations"]:
            known = annotations[one["image_id"]]
            known.append(one)
            names[_number(one, len(known))] = categories.get(one.get("category_id"), "")
        images = {
            Path(image["file_name"]).stem: {**image, "annotations": annotations[image["id"]]}
            for image in content["images"]
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise SourceError(
            f"expected a COCO file with images and annotations, but {path} cannot be read: "
            f"{type(error).__name__} {error}."
        ) from error
    return images, {number: name for number, name in names.items() if name}


def _number(annotation: Mapping[str, Any], place: int) -> int:
    """Id of the object of an annotation, which has a place among those of its image."""
    return int(annotation.get("track_id", annotation.get("instance_id", place)))


def _painted(image: Mapping[str, Any], size: tuple[int, int], path: Path) -> Ids:
    """Objects of an image of a COCO file, the smaller ones on top."""
    objects = []
    for k, one in enumerate(image["annotations"], 1):
        try:
            number, shown = _number(one, k), _shown(one, size)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            raise SourceError(
                f"annotation {k} of {image['file_name']} in {path} has neither a segmentation nor "
                f"a bbox that can be read: {type(error).__name__} {error}."
            ) from error
        if not 0 < number <= MOST_ID:
            raise SourceError(f"ids must be 1 to {MOST_ID}, but {path} has {number}.")
        objects.append((int(shown.sum()), number, shown))
    ids = np.zeros((size[1], size[0]), np.uint16)
    for _, number, shown in sorted(objects, key=lambda one: -one[0]):
        ids[shown] = number
    return ids


def _shown(annotation: Mapping[str, Any], size: tuple[int, int]) -> NDArray[np.bool_]:
    """Where an object is, (H, W): its run lengths, its polygons, or its box."""
    drawn = annotation.get("segmentation")
    if isinstance(drawn, dict):
        return _of_runs(drawn, size)
    shown = np.zeros((size[1], size[0]), bool)
    for outline in _outlines(annotation):
        _fill(shown, outline)
    return shown


def _of_runs(coded: Mapping[str, Any], size: tuple[int, int]) -> NDArray[np.bool_]:
    """A mask in run lengths: of zeros and of ones in turn, down the columns.

    Lengths are numbers, or a text of them in groups of five bits with an offset of 48, each from
    the fourth on as the difference to the one before the last (COCO API, ``maskApi.c:
    rleFrString``).
    """
    counts = coded["counts"]
    runs = [int(n) for n in counts] if isinstance(counts, list) else _lengths(str(counts))
    height, width = (int(n) for n in coded["size"])
    if (width, height) != size or min(runs, default=0) < 0 or sum(runs) != width * height:
        raise ValueError(f"its runs are not those of {size[0]}x{size[1]} px")
    values = np.arange(len(runs)) % 2 == 1
    return np.repeat(values, runs).reshape(width, height).T


def _lengths(text: str) -> list[int]:
    runs: list[int] = []
    value = shift = 0
    for character in text:
        bits = ord(character) - 48
        value |= (bits & 31) << shift
        shift += 5
        if bits & 32:
            continue
        if bits & 16:  # negative
            value -= 1 << shift
        runs.append(value + (runs[-2] if len(runs) > 2 else 0))
        value = shift = 0
    return runs


def _fill(shown: NDArray[np.bool_], outline: NDArray[np.float32]) -> None:
    """Mark the pixels whose centers lie in an outline."""
    height, width = shown.shape
    left, top = np.clip(np.floor(outline.min(0)), 0, (width, height)).astype(int)
    right, bottom = np.clip(np.ceil(outline.max(0)), 0, (width, height)).astype(int)
    if right <= left or bottom <= top:
        return
    fine = np.zeros((FINER * (bottom - top), FINER * (right - left)), np.uint8)
    corners = np.rint((outline - (left, top)) * FINER - 0.5).astype(np.int32)
    cv2.fillPoly(fine, [corners], 1)
    inside = fine[FINER // 2 :: FINER, FINER // 2 :: FINER] > 0
    shown[top:bottom, left:right] |= inside


def _outlines(annotation: Mapping[str, Any]) -> list[NDArray[np.float32]]:
    """Outlines of an object, px: its polygons, or its box."""
    drawn = annotation.get("segmentation")
    if isinstance(drawn, list) and drawn:
        outlines = [np.array(outline, np.float32).reshape(-1, 2) for outline in drawn]
    else:
        x, y, width, height = (float(number) for number in annotation["bbox"])
        right, bottom = x + width, y + height
        outlines = [np.array([[x, y], [right, y], [right, bottom], [x, bottom]], np.float32)]
    if not all(np.isfinite(outline).all() and len(outline) for outline in outlines):
        raise ValueError("corners must be finite")
    return outlines
