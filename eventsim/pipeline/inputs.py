"""One input of a run: what it is, how it is read, and its place in the plan."""

from dataclasses import asdict, dataclass, replace
from typing import Literal

from eventsim.events import SensorSize
from eventsim.frames import FrameSource, Transfer
from eventsim.pixel.settings import make_settings
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

    def camera(self, camera: Camera) -> Camera:
        """The camera of the run with the settings of this input.

        Raises
        ------
        ConfigError
            If there is no such setting, or it is out of range.
        """
        if not self.settings:
            return camera
        values = {**camera.settings.model_dump(), **dict(self.settings)}
        return replace(camera, settings=make_settings(values))


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

    def open(self, given: Input, camera: Camera) -> FrameSource:
        """Open an input as this says, and as it says itself.

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
        for name in ("start_s", "stop_s"):
            own = getattr(given, name)
            options[name] = options[name] if own is None else own
        return open_source(given.path, **options)


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
        None if it could not be opened.
    frames : int or None
        As the file says.
    """

    input: Input
    sample: int
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
