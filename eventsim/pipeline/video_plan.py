"""What will be done: which inputs, in which order and parts, with which settings and seeds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import eventsim
from eventsim.camera import Camera
from eventsim.errors import ConfigError, SourceError
from eventsim.events import MAX_SIDE_PX, SensorSize
from eventsim.pipeline.corpus import with_ids
from eventsim.pipeline.fingerprints import (
    FILES_READ,
    absolute,
    camera_attributes,
    file_identity,
    fingerprint,
)
from eventsim.pipeline.inputs import UNKNOWN_FRAMES, Input, PlannedRecording
from eventsim.pipeline.plans import as_json, digest
from eventsim.pipeline.reasons import reason_of
from eventsim.pipeline.twins import with_twins
from eventsim.pipeline.video_task import VideoTask
from eventsim.random import recording_seed
from eventsim.sources.reading import Reading
from eventsim.sources.remote import is_url
from eventsim.store.manifest import Entry, latest

PART_EVENTS = 2_000_000
"""A part is closed when about so many events are in it: seconds of work, a handful of files."""

PART_RECORDINGS = 256
"""Most recordings of a part: of many tiny ones each takes some milliseconds; chosen by eye."""

OPENED = 500
"""Inputs that are opened beforehand: a few seconds of work; chosen by eye."""

MAX_PIXELS = 1 << 26
"""Most pixels of a sensor: with about 130 bytes per pixel at the start, 9 GB; chosen by eye."""


@dataclass(frozen=True)
class VideoPlan:
    """All inputs in order, grouped into parts, and everything that decides the events.

    Attributes
    ----------
    camera : Camera
    reading : Reading
    seed : int
    parts : tuple of tuple of PlannedRecording
    first_part : int
        Number of the first of them; more than 0 if they are added to a dataset.
    earlier : tuple of Entry
        What that dataset holds, or has tried.
    twin : tuple of (name, number)
        Settings of the twin of each recording, if they have twins.
    """

    camera: Camera
    reading: Reading
    seed: int
    parts: tuple[tuple[PlannedRecording, ...], ...]
    first_part: int = 0
    earlier: tuple[Entry, ...] = ()
    twin: tuple[tuple[str, float], ...] = ()

    @property
    def recordings(self) -> list[PlannedRecording]:
        """Of all parts, in order."""
        return [recording for part in self.parts for recording in part]

    @property
    def frames(self) -> int | None:
        """Frames of all inputs, or None if one that can be opened does not say."""
        return self.total(set())

    def attributes(self) -> dict[str, Any]:
        """Everything needed to make the dataset again, as JSON values.

        Nothing in it depends on the moment, the machine or the number of workers.
        """
        asked = replace(self.reading, encoding=self.reading.encoding or self.camera.transfer)
        reading = asked.attributes({n: file_identity(p) for n, p in asked.files().items()})
        attributes = {
            "version": eventsim.__version__,
            **camera_attributes(self.camera),
            "seed": self.seed,
            "encoding": reading["encoding"],
            "geometry": reading["geometry"] | {"sensor_size": self.camera.size},
            "inputs": self._inputs,
        }
        if self.reading.labels is not None:
            attributes["objects"] = True
        if self.twin:
            attributes["twin"] = dict(self.twin)
        return as_json(attributes)

    @property
    def part_count(self) -> int:
        """Parts of the dataset, with those that it has already."""
        return self.first_part + len(self.parts)

    def entries(self, out: Path) -> list[Entry]:
        """What the manifest of a dataset will say of the inputs."""
        return [
            recording.entry(out, self.first_part + number)
            for number, part in enumerate(self.parts)
            for recording in part
        ]

    @property
    def input_paths(self) -> list[str]:
        """Of all recordings."""
        return [recording.input.path for recording in self.recordings]

    def tasks(
        self,
        out: Path,
        kept: set[int],
        threads: int | None,
        run: str = "",
        *,
        strict: bool = False,
    ) -> list[VideoTask]:
        """Tasks of all parts but those that are kept; they may run in another folder."""
        places: dict[str, Any] = {n: absolute(p) for n, p in self.reading.files().items()}
        reading = replace(self.reading, **places)
        return [
            VideoTask(
                out, number, tuple(map(_placed, part)), self.camera, reading, threads, run, strict
            )
            for number, part in enumerate(self.parts, self.first_part)
            if number not in kept
        ]

    def total(self, kept: set[int]) -> int | None:
        """Frames of all parts but those that are kept, or None if an input does not say."""
        left = [
            recording
            for number, part in enumerate(self.parts, self.first_part)
            if number not in kept
            for recording in part
        ]
        known = [r.frames for r in left if not r.is_unreadable]
        return None if None in known else sum(n or 0 for n in known)

    @cached_property
    def _inputs(self) -> dict[str, Any]:
        """Of what the inputs are, wherever they lie, with those that are there already."""
        return describe_inputs([self.earlier, self.entries(Path("dataset"))])


def describe_inputs(batches: Sequence[Sequence[Entry]]) -> dict[str, Any]:
    """How many inputs there are, and a hash of what they are, wherever they lie."""
    every = latest(batches)
    rows = [
        [e.sample, e.part, e.id, e.label, e.split, e.group, e.options, e.fingerprint] for e in every
    ]
    return {"count": len(every), "sha256": digest(rows)}


def plan_videos(
    inputs: Sequence[str | Path | Input],
    camera: Camera,
    *,
    reading: Reading | None = None,
    seed: int = 1,
    twin: Mapping[str, float] | None = None,
) -> VideoPlan:
    """Decide everything about a run beforehand, and open inputs once to look at them.

    Of more than 500 inputs, 500 that are evenly spread are opened, and of all others the size of
    the file is looked at.

    Parameters
    ----------
    inputs : sequence of path or Input
        Each becomes a recording, in this order. One that cannot be opened stays in the plan:
        the run will list it with its reason.
    camera : Camera
        From `eventsim.camera.choose_camera`.
    reading : Reading, optional
        How frames are read.
    seed : int
        Each recording gets its own from this and its place.
    twin : mapping of str to number, optional
        Settings of the pixel: each input becomes two recordings, the second with these settings
        and all else drawn alike. See `eventsim.simulate`.

    Returns
    -------
    Plan

    Raises
    ------
    ConfigError
        If there is no input, or an option contradicts an input.
    SourceError
        If not one input can be opened.
    """
    if not inputs:
        raise ConfigError("there is no input. Give at least one video or folder of images.")
    named = with_ids(item if isinstance(item, Input) else Input(str(item)) for item in inputs)
    reading = reading or Reading()
    planned = look_at(list(enumerate(named)), camera, reading, seed)
    if twin is not None:
        planned = with_twins(planned, camera, twin)
    return VideoPlan(
        camera, reading, seed, group_parts(planned), twin=tuple(sorted((twin or {}).items()))
    )


def look_at(
    inputs: Sequence[tuple[int, Input]], camera: Camera, reading: Reading, seed: int
) -> list[PlannedRecording]:
    """Open inputs, or some of very many, and give each its seed.

    Parameters
    ----------
    inputs : sequence of (sample, Input)
    camera, reading, seed
        As `plan` takes them.

    Raises
    ------
    ConfigError, SourceError
        As `plan`.
    """
    apart = -(-len(inputs) // OPENED)
    ends_apart = -(-len(inputs) // FILES_READ)
    planned: list[PlannedRecording] = []
    reason: OSError | None = None
    for place, (sample, given) in enumerate(inputs):
        given.camera(camera)  # a wrong setting is no fault of the video
        recording = PlannedRecording(
            given,
            sample,
            recording_seed(seed, sample),
            size=None,
            frames=None,
            looked_at=place % apart == 0 and not is_url(given.path),
            fingerprint=fingerprint(given.path, ends=place % ends_apart == 0),
        )
        if recording.looked_at:
            try:
                recording = _opened(recording, camera, reading)
            except (SourceError, OSError) as error:
                reason_of(error)  # a lack of memory is no fault of the input
                reason = reason or error  # the run opens it again, and writes its reason down
        planned.append(recording)
    looked_at = [recording for recording in planned if recording.looked_at]
    if reason and all(recording.size is None for recording in looked_at):
        many = f"none of the {len(looked_at)} inputs can be read; the first: "
        raise SourceError(f"{many if len(looked_at) > 1 else ''}{reason}") from reason
    return _guessed(planned)


def _opened(recording: PlannedRecording, camera: Camera, reading: Reading) -> PlannedRecording:
    """Look at an input."""
    path = recording.input.path
    source = recording.input.open(reading, camera)
    check_pixels(source.size, path)
    frames = source.expected_frames
    if frames is None:  # others are put in between, as many as it takes
        frames = getattr(source, "read_frames", None)
    if frames == 0 and next(iter(source), None) is None:
        raise SourceError(
            f"no frame of {path} lies between the start and the stop that were asked for. "
            "Choose others."
        )
    return replace(recording, size=source.size, frames=frames)


def _guessed(planned: list[PlannedRecording]) -> list[PlannedRecording]:
    """Guess frames and events of inputs that were not looked at, from those that were."""
    if all(recording.looked_at for recording in planned):
        return planned
    known = [recording for recording in planned if recording.size is not None]
    if not known:
        return planned
    size = sum(map(_bytes, known)) or 1
    frames = sum(UNKNOWN_FRAMES if r.frames is None else r.frames for r in known) / size
    events = sum(recording.estimated_events for recording in known) / size
    return [
        recording
        if recording.looked_at
        else replace(
            recording,
            frames=round(frames * _bytes(recording)),
            guess=round(events * _bytes(recording)),
        )
        for recording in planned
    ]


def _bytes(recording: PlannedRecording) -> int:
    path = Path(recording.input.path)
    try:
        if path.is_dir():
            return sum(entry.stat().st_size for entry in path.iterdir() if entry.is_file())
        return path.stat().st_size
    except OSError:
        return 0


def _placed(recording: PlannedRecording) -> PlannedRecording:
    """Name an input as it is found from any folder."""
    given = recording.input
    return replace(recording, input=replace(given, path=absolute(given.path)))


def check_pixels(size: SensorSize, path: str) -> None:
    """Refuse a sensor that the memory of a workstation cannot hold.

    Raises
    ------
    ConfigError
        If a side has more than 32,767 px, or the sensor more than `MAX_PIXELS`.
    """
    if max(size) > MAX_SIDE_PX or size.width * size.height > MAX_PIXELS:
        raise ConfigError(
            f"a sensor may have up to {MAX_SIDE_PX} px per side and {MAX_PIXELS / 1e6:.0f} million "
            f"px, found {size} for {path}. Choose a smaller size, or crop."
        )


def group_parts(recordings: Sequence[PlannedRecording]) -> tuple[tuple[PlannedRecording, ...], ...]:
    """Group recordings into parts of about `PART_EVENTS`, and never very many of them."""
    parts: list[tuple[PlannedRecording, ...]] = []
    current: list[PlannedRecording] = []
    events = 0
    for recording in recordings:
        # Before one that would make the part more than twice as large as aimed at.
        if current and events + recording.estimated_events > 2 * PART_EVENTS:
            parts.append(tuple(current))
            current, events = [], 0
        current.append(recording)
        events += recording.estimated_events
        if events >= PART_EVENTS or len(current) == PART_RECORDINGS:
            parts.append(tuple(current))
            current, events = [], 0
    return (*parts, tuple(current)) if current else tuple(parts)
