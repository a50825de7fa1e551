"""One input of a run: what it is, how it is read, and its place in the plan."""

import json
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from eventsim.camera import Camera
from eventsim.events import SensorSize
from eventsim.frames import FrameSource
from eventsim.pipeline.fingerprints import place_to_retry
from eventsim.sources.opening import open_source
from eventsim.sources.reading import Reading
from eventsim.sources.remote import is_url
from eventsim.store.manifest import Entry
from eventsim.store.places import is_remote

EVENTS_PER_PIXEL_AND_FRAME = 0.2
"""For estimates only: 0.02 in slow motion, 0.2 in a film, 0.7 where a hand-held camera shakes."""

UNKNOWN_FRAMES = 1_000
"""Assumed where a file does not say how many frames it has; chosen by eye."""


@dataclass(frozen=True)
class Input:
    """One input and what is known of it.

    Attributes
    ----------
    path : str or Path
        A video, a folder of images or a multi-page image; kept as it is given (a Path as str).
    label, split, group : str
        "" if there is none. A group is what must not be torn between two splits: the film that
        clips were cut from, or the person in them.
    id : str
        Its name in the dataset; "" takes that of its file.
    start_s, stop_s : float or None
        Of this input, s; None takes those of the run.
    settings : tuple of (name, number)
        Of the pixel, for this input alone.
    """

    path: str
    label: str = ""
    split: str = ""
    group: str = ""
    id: str = ""
    start_s: float | None = None
    stop_s: float | None = None
    settings: tuple[tuple[str, float], ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", os.fspath(self.path))

    @property
    def options(self) -> str:
        """What only this input has, as a JSON object; "" if that is nothing."""
        own: dict[str, Any] = {"start_s": self.start_s, "stop_s": self.stop_s}
        own |= {"settings": dict(self.settings) or None}
        own = {name: value for name, value in own.items() if value is not None}
        return json.dumps(own, sort_keys=True) if own else ""

    @classmethod
    def of(cls, entry: Entry, dataset: Path) -> "Input":
        """The input that an entry of a manifest names, if it still lies where it did."""
        own = json.loads(entry.options or "{}")
        place = entry.source
        if not is_url(place) and not is_remote(dataset):
            place = os.path.normpath(dataset.parent / place)
        return cls(
            place,
            label=entry.label,
            split=entry.split,
            group=entry.group,
            id=entry.id,
            start_s=own.get("start_s"),
            stop_s=own.get("stop_s"),
            settings=tuple(sorted(own.get("settings", {}).items())),
        )

    def camera(self, camera: Camera) -> Camera:
        """The camera of the run with the settings of this input.

        Raises
        ------
        ConfigError
            If there is no such setting, or it is out of range.
        """
        return camera.changed(dict(self.settings)) if self.settings else camera

    def open(self, reading: Reading, camera: Camera, seed: int = 1) -> FrameSource:
        """Open it as a reading says, and as it says itself; `seed` is that of the recording.

        Raises
        ------
        SourceError
            If it cannot be read.
        ConfigError
            If the reading contradicts it.
        """
        own = {"start_s": self.start_s, "stop_s": self.stop_s}
        own = {name: value for name, value in own.items() if value is not None}
        reading = replace(reading.seen_by(camera.size, camera.transfer), **own)  # type: ignore[arg-type]
        return open_source(self.path, reading, seed=seed)


@dataclass(frozen=True)
class PlannedRecording:
    """An input that has its place, its seed and an estimate.

    Attributes
    ----------
    input : Input
    sample : int
        Its place in the dataset, from 0.
    seed : int
        In [0, 2**63), from the seed of the run and its place.
    size : SensorSize or None
        None if it could not be opened, or was not looked at.
    frames : int or None
        As the file says; of one that was not looked at, as its bytes let expect.
    looked_at : bool
        Of very many inputs only some are opened beforehand.
    guess : int
        Events of one that was not looked at.
    fingerprint : str
        Of its files, wherever they lie.
    """

    input: Input
    sample: int
    seed: int
    size: SensorSize | None
    frames: int | None
    looked_at: bool = True
    guess: int = 0
    fingerprint: str = ""

    @property
    def is_unreadable(self) -> bool:
        """Whether it was looked at and could not be opened."""
        return self.looked_at and self.size is None

    def entry(self, dataset: Path, part: int) -> Entry:
        """What the manifest of a dataset says of it."""
        given = self.input
        return Entry(
            sample=self.sample,
            part=part,
            seed=self.seed,
            id=given.id,
            source=place_to_retry(dataset, given.path),
            label=given.label,
            split=given.split,
            group=given.group,
            options=given.options,
            fingerprint=self.fingerprint,
        )

    @property
    def estimated_events(self) -> int:
        """Pixels x frames x a typical 0.2 events; may be wrong by a factor of ten."""
        if self.size is None:
            return self.guess
        pixels = self.size.width * self.size.height
        frames = UNKNOWN_FRAMES if self.frames is None else self.frames
        return int(pixels * frames * EVENTS_PER_PIXEL_AND_FRAME)
