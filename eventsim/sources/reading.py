"""How an input becomes frames: one frozen value, passed whole, and the stages it asks for."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal

from eventsim.errors import ConfigError
from eventsim.frames import FrameStage, Transfer
from eventsim.sources.checks import Fit, window
from eventsim.sources.flicker import Flicker
from eventsim.sources.night import Night
from eventsim.sources.rolling_shutter import RollingShutter
from eventsim.sources.run_in import RunIn
from eventsim.sources.slow_motion import SlowMotion


@dataclass(frozen=True)
class Reading:
    """How the frames are read.

    Parameters
    ----------
    size : (width, height), "sensor" or "source"
        Size of the events, px: WIDTHxHEIGHT, sensor (the sensor's, or the source's if it has none)
        or source (the video's).
    fit : {"crop", "pad", "stretch"}
        How frames of another aspect ratio are fitted to that size: crop (default for videos), pad,
        or stretch (default for still images).
    crop : (x, y, width, height), optional
        Region of the video to use, before it is resized: X,Y,WIDTH,HEIGHT in px.
    start_s : float, optional
        Start time in the video, in seconds.
    stop_s : float, optional
        End time in the video, in seconds; the frame at it is not read.
    fps : float, optional
        Frame rate of a folder of images, in frames per second.
    times_file : str, optional
        File with the times of a folder of images, one line per image: integers are microseconds,
        numbers with a decimal point are seconds.
    encoding : {"srgb", "linear", "pq", "hlg", "log"}, optional
        What pixel values mean: srgb (gamma-coded; of a video that says it is PQ or HLG, that),
        linear (proportional to luminance), pq or hlg (HDR), or log. Default: as the sensor card
        says.
    white : float, optional
        Pixel value of white.
    slow_motion : float
        How many times slower than reality the video plays: 8 for 240 frames/s stored as 30. All
        other times are those of the video.
    run_in_s : float
        The pixels see the first so many seconds, which are not recorded: so they do not begin at
        rest.
    upsample : "none", "flow" or path
        Frames between those of the video, so that nothing moves further than a pixel from one to
        the next: none (default), flow (warped along the optical flow) or the path of a network
        (.onnx). Cuts between scenes are found, and make no events.
    upsample_most : int
        Most steps between two frames of the video.
    labels : str, optional
        Which object each pixel shows, of a folder of images: a folder of masks of the same names
        (.png, numbers are ids, 0 is none) or a COCO file (.json). Each event gets the id of its
        object.
    rolling_shutter_us : float
        Time from the first row of a frame to the last, in microseconds, of a camera that takes them
        one after the other; below 0 from the bottom up.
    by_exposure : bool
        Take the illuminance of the scene from the exposure that the first image of a folder says
        (Exif).
    day_to_night : float
        Illuminance in lux to which a video of daylight is darkened: photon noise and dark current
        in its light, and pixels as slow and noisy as in that light.
    flicker_hz : float
        Flicker of the lamps, in Hz: 100 on mains of 50 Hz, 120 on 60 Hz.
    flicker_depth : float
        Its amplitude as a share of the light, 0 to 1.

    Raises
    ------
    ConfigError
        If values contradict each other or are out of range.

    Notes
    -----
    A new field is an option of `eventsim.simulate`, of the command line and of every dataset; one
    that changes frames on their way is a stage, and has its line in `stages`. These descriptions
    are the help of the command line.
    """

    size: tuple[int, int] | Literal["sensor", "source"] = "sensor"
    fit: Fit = "crop"
    crop: tuple[int, int, int, int] | None = None
    start_s: float | None = None
    stop_s: float | None = None
    fps: float | None = None
    times_file: str | None = None
    encoding: Transfer | None = None
    white: float | None = None
    slow_motion: float = 1
    run_in_s: float = 0
    upsample: str = "none"
    upsample_most: int = 100
    labels: str | None = None
    rolling_shutter_us: float = 0
    by_exposure: bool = False
    day_to_night: float = 0
    flicker_hz: float = 0
    flicker_depth: float = 0

    def __post_init__(self) -> None:
        window(self.start_s, self.stop_s)
        if isinstance(self.size, str) and self.size not in ("sensor", "source"):
            raise ConfigError(
                f"size must be (width, height), 'sensor' or 'source', found {self.size!r}."
            )
        if self.fps is not None and self.times_file is not None:
            raise ConfigError(
                "images take their times from fps or times_file, found both. Drop one."
            )
        self.stages()

    def stages(self, seed: int = 1) -> tuple[FrameStage, ...]:
        """Through what the frames go on their way to the pixels, in this order.

        Parameters
        ----------
        seed : int
            Of the recording: of photons.
        """
        stages: list[FrameStage] = []
        if self.run_in_s != 0:
            stages.append(RunIn(self.run_in_s))
        if self.slow_motion != 1:
            stages.append(SlowMotion(self.slow_motion))
        if self.upsample != "none":
            from eventsim.upsampling.stage import Upsampling

            stages.append(Upsampling(self.upsample, self.upsample_most))
        if self.rolling_shutter_us != 0:
            stages.append(RollingShutter(self.rolling_shutter_us))
        if self.flicker_hz != 0 or self.flicker_depth != 0:
            stages.append(Flicker(self.flicker_hz, self.flicker_depth))
        if self.day_to_night != 0:
            stages.append(Night(self.day_to_night, seed))
        return tuple(stages)

    def seen_by(self, size: tuple[int, int] | None, encoding: Transfer) -> "Reading":
        """With nothing left to the camera, which has a size (or takes any) and an encoding."""
        wanted = (size or "source") if self.size == "sensor" else self.size
        return replace(self, size=wanted, encoding=self.encoding or encoding)

    def files(self) -> dict[str, str]:
        """Paths of the files that it needs, by the name of the field."""
        named = {"times_file": self.times_file, "labels": self.labels}
        if self.upsample.lower().endswith(".onnx"):
            named["upsample"] = self.upsample
        return {name: path for name, path in named.items() if path is not None}

    def attributes(self, files: Mapping[str, Any] | None = None) -> dict[str, dict[str, Any]]:
        """What a dataset says of it, as JSON values; `of` reads it.

        Parameters
        ----------
        files : mapping, optional
            What stands for its `files`, which lie outside of the dataset, by the name of the field.
        """
        geometry: dict[str, Any] = asdict(self)
        encoding = {"transfer": geometry.pop("encoding"), "white": geometry.pop("white")}
        geometry |= {name: (files or {}).get(name) for name in self.files()}
        return {"encoding": encoding, "geometry": geometry}

    @classmethod
    def of(cls, attributes: Mapping[str, Any]) -> "Reading":
        """The reading that the attributes of a dataset say, without its `files`.

        Raises
        ------
        ConfigError
            As this class.
        """
        said = dict(attributes.get("geometry", {}))
        encoding = attributes.get("encoding", {})
        said |= {"encoding": encoding.get("transfer"), "white": encoding.get("white")}
        said["times_file"] = None
        known = {field.name for field in fields(cls)}
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in said.items()
            if name in known and value is not None and not isinstance(value, dict)
        }
        return cls(**values)

    def flags(self) -> list[str]:
        """The words of the command line that say the same."""
        words = []
        for field in fields(self):
            value = getattr(self, field.name)
            if value != field.default:
                words.append(f"--{flag_of(field.name)}")
                if value is not True:
                    words.append(_typed(field.name, value))
        return words


def flag_of(name: str) -> str:
    """What a field is called on the command line, where help says the unit.

    Examples
    --------
    >>> flag_of("start_s"), flag_of("times_file"), flag_of("slow_motion")
    ('start', 'times', 'slow-motion')
    """
    return name.removesuffix("_s").removesuffix("_file").replace("_", "-")


def _typed(name: str, value: Any) -> str:
    if isinstance(value, tuple):
        return ("x" if name == "size" else ",").join(map(str, value))
    return f"{value:.15g}" if isinstance(value, float) else str(value)
