"""What will be done with still images: by which method, in which parts, with which seeds."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

import eventsim
from eventsim.camera import Camera
from eventsim.errors import ConfigError, SourceError
from eventsim.events import SensorSize
from eventsim.motion.from_settings import PATHS, MotionSettings, make_path
from eventsim.pipeline.fingerprints import (
    absolute,
    camera_attributes,
    file_identity,
    fingerprint,
)
from eventsim.pipeline.i2e_task import I2ETask
from eventsim.pipeline.image_task import ImageInput, ImageRange, open_input
from eventsim.pipeline.plans import as_json, digest
from eventsim.pipeline.saccade_task import SaccadeTask
from eventsim.pipeline.video_plan import check_pixels
from eventsim.planes.settings import I2ESettings
from eventsim.random import recording_seed
from eventsim.stills.labeled_images import ImageSet
from eventsim.stills.resizing import StillFit
from eventsim.store.manifest import Entry

__all__ = ["I2EMethod", "ImageInput", "ImagePlan", "PlannedSet", "SaccadeMethod", "plan_images"]

PART_EVENTS = 4_000_000
"""A part of moved images is closed when about so many events are in it: some seconds of work.
Estimates are low for busy photographs, by a factor of two."""

PART_IMAGES = 4096
PART_BYTES = 64 << 20
"""A part of planes is closed before it has more of either: seconds of work, a handful of files."""

TRIED_IMAGES = 20
"""Images of a set that are tried to find one that can be read; chosen by eye."""

EVENTS_PER_PIXEL_AND_PX = 0.1
"""For estimates only: events per pixel, for each px that the image moves."""


@dataclass(frozen=True)
class I2EMethod:
    """Eight planes of events in one step; see `eventsim.i2e`."""

    settings: I2ESettings


@dataclass(frozen=True)
class SaccadeMethod:
    """The image moves in front of a sensor; see `eventsim.motion.from_settings`."""

    motion: MotionSettings
    camera: Camera


@dataclass(frozen=True)
class PlannedSet:
    """An input that was opened.

    Attributes
    ----------
    input : ImageInput
    count : int
        Images that will be converted.
    classes : tuple of str
    notes : tuple of str
        What the set left out.
    fingerprint : str
        Of its files, wherever they lie.
    """

    input: ImageInput
    count: int
    classes: tuple[str, ...]
    notes: tuple[str, ...]
    fingerprint: str


@dataclass(frozen=True)
class ImagePlan:
    """All sets in order, grouped into parts, and everything that decides the events.

    Attributes
    ----------
    method : I2EMethod or SaccadeMethod
    size : SensorSize or None
        Of planes or sensor; None if each image has its own.
    size_was_asked : bool
    fit : {"stretch", "crop"} or None
        How images are brought to the size of planes.
    seed : int
    sets : tuple of PlannedSet
    parts : tuple of tuple of ImageRange
    estimated_events : int
        In all; of a moved image it may be wrong by a factor of ten. 0 for planes.
    """

    method: I2EMethod | SaccadeMethod
    size: SensorSize | None
    size_was_asked: bool
    fit: StillFit | None
    seed: int
    sets: tuple[PlannedSet, ...]
    parts: tuple[tuple[ImageRange, ...], ...]
    estimated_events: int

    @property
    def part_count(self) -> int:
        """Parts of the dataset."""
        return len(self.parts)

    def entries(self, out: Path) -> list[Entry]:
        """Nothing: sets of images are described by the attributes alone."""
        return []

    @property
    def input_paths(self) -> list[str]:
        """Of all sets."""
        return [found.input.path for found in self.sets]

    def attributes(self) -> dict[str, Any]:
        """Everything needed to make the dataset again, as JSON values."""
        inputs = [{**asdict(s.input), "path": s.fingerprint, "count": s.count} for s in self.sets]
        attributes: dict[str, Any] = {
            "version": eventsim.__version__,
            "seed": self.seed,
            "size": self.size,
            "inputs": {"count": sum(s.count for s in self.sets), "sha256": digest(inputs)},
        }
        if isinstance(self.method, I2EMethod):
            attributes |= {
                "content": "planes",
                "method": "i2e",
                "settings": self.method.settings.model_dump(),
                "fit": self.fit,
            }
        else:
            motion = self.method.motion.model_dump()
            if self.method.motion.path not in PATHS:
                motion["path"] = file_identity(self.method.motion.path)
            attributes |= {
                "method": "saccade",
                **camera_attributes(self.method.camera),
                "motion": motion,
            }
        return as_json(attributes)

    def tasks(
        self,
        out: Path,
        kept: set[int],
        threads: int | None,
        run: str = "",
        *,
        strict: bool = False,
    ) -> list[I2ETask | SaccadeTask]:
        """Tasks of all parts but those that are kept."""
        return [
            replace(
                self._task(out, number, tuple(map(_placed, ranges)), threads),
                run=run,
                strict=strict,
            )
            for number, ranges in enumerate(self.parts)
            if number not in kept
        ]

    def total(self, kept: set[int]) -> int:
        """Images of all parts but those that are kept."""
        return sum(
            len(some)
            for number, ranges in enumerate(self.parts)
            if number not in kept
            for some in ranges
        )

    def _task(
        self, out: Path, number: int, ranges: tuple[ImageRange, ...], threads: int | None
    ) -> I2ETask | SaccadeTask:
        if isinstance(self.method, SaccadeMethod):
            return SaccadeTask(
                out, number, ranges, self.method.motion, self.method.camera, self.size, self.seed,
                threads=1,  # of small images, which threads would only slow down
            )  # fmt: skip
        if self.size is None or self.fit is None:
            raise ConfigError("planes need a size and a fit, found none of one of them.")
        return I2ETask(
            out, number, ranges, self.method.settings, self.size, self.fit, self.size_was_asked,
            self.seed, threads,
        )  # fmt: skip


def _placed(some: ImageRange) -> ImageRange:
    """Name an input as it is found from any folder."""
    return replace(some, input=replace(some.input, path=absolute(some.input.path)))


def plan_images(
    inputs: Sequence[str | Path | ImageInput],
    method: I2EMethod | SaccadeMethod,
    *,
    size: SensorSize | None = None,
    fit: StillFit = "stretch",
    seed: int = 1,
    limit: int | None = None,
) -> ImagePlan:
    """Decide everything about a run beforehand, and look at the first image that can be read.

    Parameters
    ----------
    inputs : sequence of path or ImageInput
        Sets of still images.
    method : I2EMethod or SaccadeMethod
    size : SensorSize, optional
        Of planes or sensor. Default: for planes that of the first image, to which all others are
        brought; for a sensor that of its card, or each image's own.
    fit : {"stretch", "crop"}
        How images are brought to the size of planes.
    seed : int
        Each image gets its own from this and its place.
    limit : int, optional
        Only the first so many images of each input.

    Returns
    -------
    ImagePlan

    Raises
    ------
    ConfigError
        If there is no input, or a number is out of range.
    SourceError
        If an input holds no images, or none of the first ones can be read.
    """
    if not inputs:
        raise ConfigError("there is no input. Give at least one set of images.")
    if limit is not None and limit < 1:
        raise ConfigError(f"limit must be 1 or more, found {limit}.")
    opened = []
    open_input.cache_clear()  # they may have changed since they were last looked at
    for item in inputs:
        given = item if isinstance(item, ImageInput) else ImageInput(str(item))
        opened.append((given, open_input(given)))
    sets = tuple(
        PlannedSet(
            given,
            min(len(s), limit or len(s)),
            tuple(s.classes),
            tuple(s.notes),
            fingerprint(given.path, getattr(s, "files", None)),
        )
        for given, s in opened
    )
    first = _first_size([images for _, images in opened])
    if isinstance(method, I2EMethod):
        asked = size is not None
        chosen = size or first
        check_pixels(chosen, sets[0].input.path)
        bytes_each = 16 * chosen.height * -(-chosen.width // 8)
        most = max(1, min(PART_IMAGES, PART_BYTES // bytes_each))
        return ImagePlan(method, chosen, asked, fit, seed, sets, _parts(sets, most), 0)
    sensor = size or method.camera.size
    seen = sensor or first
    check_pixels(seen, sets[0].input.path)
    path = make_path(method.motion, recording_seed(seed, 0))
    way_px = float(np.hypot(np.diff(path.x_px), np.diff(path.y_px)).sum())
    each = max(1, int(seen.width * seen.height * max(1.0, way_px) * EVENTS_PER_PIXEL_AND_PX))
    parts = _parts(sets, max(1, min(PART_IMAGES, PART_EVENTS // each)))
    events = each * sum(s.count for s in sets)
    return ImagePlan(method, sensor, size is not None, None, seed, sets, parts, events)


def _first_size(sets: Sequence[ImageSet]) -> SensorSize:
    """Size of the first image that can be read; each set's first few are tried."""
    reason: SourceError | None = None
    for images in sets:
        for i in range(min(len(images), TRIED_IMAGES)):
            try:
                height, width = images[i].values.shape[:2]
            except SourceError as error:
                reason = reason or error
                continue
            return SensorSize(width, height)
    raise SourceError(f"none of the first images can be read; the first: {reason}")


def _parts(sets: Sequence[PlannedSet], most: int) -> tuple[tuple[ImageRange, ...], ...]:
    """Ranges of images, up to `most` a part, in order."""
    parts: list[tuple[ImageRange, ...]] = []
    current: list[ImageRange] = []
    room, first = most, 0
    for found in sets:
        start = 0
        while start < found.count:
            stop = min(start + room, found.count)
            current.append(ImageRange(found.input, start, stop, first))
            first += stop - start
            room -= stop - start
            start = stop
            if room == 0:
                parts.append(tuple(current))
                current, room = [], most
    return (*parts, tuple(current)) if current else tuple(parts)
