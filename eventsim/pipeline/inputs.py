"""One input of a run: what it is, how it is read, and its place in the plan."""

from dataclasses import asdict, dataclass
from typing import Literal

from eventsim.events import SensorSize
from eventsim.frames import FrameSource, Transfer
from eventsim.simulator import Camera
from eventsim.sources.opening import open_source

EVENTS_PER_PIXEL_AND_FRAME = 0.2
"""For estimates only: .02 in slow motion, .2 in a film, .7 where a hand-held camera shakes."""

UNKNOWN_FRAMES = 1_000
"""Assumed where a file does not say how many frames it has; chosen by eye."""


@dataclass(frozen=True)
class Input:
    """One input and what is known of it.

    Attributes
    ----------
    path : str
        A video, a folder of images or a multi-page image; kept as it is given.
    label, split, group : str
        "" if there is none.
    """

    path: str
    label: str = ""
    split: str = ""
    group: str = ""


@dataclass(frozen=True)
class Reading:
    """How frames are read; the fields are those of `eventsim.sources.opening.open_source`.

    Attributes
    ----------
    size : SensorSize, "sensor" or "source"
        ``sensor`` takes that of the camera, or of the source if the camera has none.
    transfer : {"srgb", "linear", "log"} or None
        None takes the camera's.
    """

    size: SensorSize | Literal["sensor", "source"] = "sensor"
    fit: Literal["crop", "pad", "stretch"] = "crop"
    crop: tuple[int, int, int, int] | None = None
    start_s: float | None = None
    stop_s: float | None = None
    fps: float | None = None
    times_file: str | None = None
    transfer: Transfer | None = None
    white: float | None = None

    def open(self, path: str, camera: Camera) -> FrameSource:
        """Open a source as this says.

        Raises
        ------
        SourceError
            If it cannot be read.
        ConfigError
            If the fields contradict each other or the source.
        """
        options = asdict(self) | {"transfer": self.transfer or camera.transfer}
        options["size"] = camera.size if self.size == "sensor" else self.size
        if self.size == "source":
            options["size"] = None
        return open_source(path, **options)


@dataclass(frozen=True)
class PlannedRecording:
    """An input that has its place, its seed and an estimate.

    Attributes
    ----------
    input : Input
    seed : int
        In [0, 2**63), from the seed of the run and the place of the input.
    size : SensorSize or None
        None if it could not be opened.
    frames : int or None
        As the file says.
    """

    input: Input
    seed: int
    size: SensorSize | None
    frames: int | None

    @property
    def estimated_events(self) -> int:
        """Pixels x frames x a typical .2 events; may be wrong by a factor of ten."""
        if self.size is None:
            return 0
        pixels = self.size.width * self.size.height
        frames = UNKNOWN_FRAMES if self.frames is None else self.frames
        return int(pixels * frames * EVENTS_PER_PIXEL_AND_FRAME)
