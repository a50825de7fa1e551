"""What will be done: which inputs, in which order and parts, with which settings and seeds."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import eventsim
from eventsim.errors import ConfigError, SourceError
from eventsim.events import MAX_SIDE_PX, SensorSize
from eventsim.pipeline.corpus import with_ids
from eventsim.pipeline.fingerprints import absolute, file_identity, fingerprint
from eventsim.pipeline.inputs import Input, PlannedRecording, Reading
from eventsim.pipeline.reasons import reason_of
from eventsim.pipeline.task import PartTask
from eventsim.pipeline.work import digest
from eventsim.random import stream_key
from eventsim.simulator import Camera

PART_EVENTS = 2_000_000
"""A part is closed when about so many events are in it: seconds of work, a handful of files."""

MAX_PIXELS = 1 << 26
"""Most pixels of a sensor: with about 130 bytes a pixel at the start, 9 GB; chosen by eye."""
RECORDING_STREAM = 1 << 32
"""Seeds of recordings are drawn from streams after this, far from those of the pixels."""


@dataclass(frozen=True)
class Plan:
    """All inputs in order, grouped into parts, and everything that decides the events."""

    camera: Camera
    reading: Reading
    seed: int
    parts: tuple[tuple[PlannedRecording, ...], ...]

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
        reading = asdict(self.reading)
        encoding = {
            "transfer": reading.pop("transfer") or self.camera.transfer,
            "white": reading.pop("white"),
        }
        if self.reading.times_file is not None:
            reading["times_file"] = file_identity(self.reading.times_file)
        attributes = {
            "version": eventsim.__version__,
            "sensor": self.camera.name,
            "noise": self.camera.noise,
            "settings": self.camera.settings.model_dump(),
            "seed": self.seed,
            "encoding": encoding,
            "geometry": reading | {"sensor_size": self.camera.size},
            "inputs": {"count": len(self.recordings), "sha256": self._digest},
        }
        normal: dict[str, Any] = json.loads(json.dumps(attributes))
        return normal

    @property
    def part_count(self) -> int:
        """Parts of the dataset."""
        return len(self.parts)

    @property
    def input_paths(self) -> list[str]:
        """Of all recordings."""
        return [recording.input.path for recording in self.recordings]

    def tasks(
        self, out: Path, kept: set[int], threads: int | None, run: str = ""
    ) -> list[PartTask]:
        """Tasks of all parts but those that are kept; they may run in another folder."""
        times = self.reading.times_file
        reading = replace(self.reading, times_file=times and absolute(times))
        return [
            PartTask(out, number, tuple(map(_placed, part)), self.camera, reading, threads, run)
            for number, part in enumerate(self.parts)
            if number not in kept
        ]

    def total(self, kept: set[int]) -> int | None:
        """Frames of all parts but those that are kept, or None if an input does not say."""
        left = [r for number, part in enumerate(self.parts) if number not in kept for r in part]
        known = [r.frames for r in left if r.size is not None]
        return None if None in known else sum(n or 0 for n in known)

    @cached_property
    def _digest(self) -> str:
        """Of what the inputs are, wherever they lie."""
        return digest(
            [
                [{**asdict(r.input), "path": fingerprint(r.input.path)} for r in part]
                for part in self.parts
            ]
        )


def plan(
    inputs: Sequence[str | Path | Input],
    camera: Camera,
    *,
    reading: Reading | None = None,
    seed: int = 1,
) -> Plan:
    """Decide everything about a run beforehand, and open each input once to look at it.

    Parameters
    ----------
    inputs : sequence of path or Input
        Each becomes a recording, in this order. One that cannot be opened stays in the plan:
        the run will list it with its reason.
    camera : Camera
        From `eventsim.simulator.choose_camera`.
    reading : Reading, optional
        How frames are read.
    seed : int
        Each recording gets its own from this and its place.

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
    reading = reading or Reading()
    planned = []
    reason: OSError | None = None
    named = with_ids(item if isinstance(item, Input) else Input(str(item)) for item in inputs)
    for index, given in enumerate(named):
        given.camera(camera)  # a wrong setting is no fault of the video
        recording = PlannedRecording(given, index, recording_seed(seed, index), None, None)
        try:
            source = reading.open(given, camera)
            check_pixels(source.size, given.path)
            if source.expected_frames == 0 and next(iter(source), None) is None:
                raise SourceError(
                    f"no frame of {given.path} lies between the start and the stop that were "
                    "asked for. Choose others."
                )
            recording = replace(recording, size=source.size, frames=source.expected_frames)
        except (SourceError, OSError) as error:
            reason_of(error)  # a lack of memory is no fault of the input
            reason = reason or error  # the run opens it again, and writes its reason down
        planned.append(recording)
    if reason and all(recording.size is None for recording in planned):
        many = f"none of the {len(planned)} inputs can be read; the first: "
        raise SourceError(f"{many if len(planned) > 1 else ''}{reason}") from reason
    return Plan(camera, reading, seed, _group(planned))


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
            f"a sensor may have up to {MAX_SIDE_PX} px a side and {MAX_PIXELS / 1e6:.0f} million "
            f"px, found {size} for {path}. Choose a smaller size, or crop."
        )


def recording_seed(seed: int, index: int) -> int:
    """Seed of the recording at a place; independent for every pair.

    Parameters
    ----------
    seed : int
        Of the run.
    index : int
        Place of the input, from 0.

    Returns
    -------
    int
        In [0, 2**63), so that it fits every integer column.
    """
    return int(stream_key(seed, RECORDING_STREAM + index)) >> 1


def _group(recordings: Sequence[PlannedRecording]) -> tuple[tuple[PlannedRecording, ...], ...]:
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
        if events >= PART_EVENTS:
            parts.append(tuple(current))
            current, events = [], 0
    return (*parts, tuple(current)) if current else tuple(parts)
