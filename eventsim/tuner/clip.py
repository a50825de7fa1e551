"""A part of a clip, kept in memory: it is seen again with every move of a slider."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from eventsim.camera import Camera
from eventsim.errors import ConfigError
from eventsim.events import SensorSize
from eventsim.frames import Encoding, Frame
from eventsim.sources.opening import open_source
from eventsim.sources.reading import Reading

MOST_BYTES = 400_000_000
"""Of frames that are kept; 1.8 s of 1280x720 at 240 frames/s. Chosen by eye."""


@dataclass(frozen=True, eq=False)
class Clip:
    """Frames that are kept; a `FrameSource` that can be gone through at any time.

    Attributes
    ----------
    size : SensorSize
    encoding : Encoding
    frames : tuple of Frame
        Two or more.
    notes : list of str
        What was left out or converted.
    run_in_us, rows_us, illuminance_lux
        As the source has them.
    whole : bool
        Whether all that was asked for is there.
    """

    size: SensorSize
    encoding: Encoding
    frames: tuple[Frame, ...]
    notes: list[str]
    run_in_us: int = 0
    whole: bool = True
    lost_frames: int = 0
    rows_us: float = 0.0
    illuminance_lux: float = 0.0

    @property
    def expected_frames(self) -> int | None:
        """Number of frames."""
        return len(self.frames)

    @property
    def span_us(self) -> tuple[int, int]:
        """Times of the first and the last frame that is recorded, microseconds."""
        return self.frames[0].t_us + self.run_in_us, self.frames[-1].t_us

    def __iter__(self) -> Iterator[Frame]:
        return iter(self.frames)


def keep_clip(path: str | Path, reading: Reading, camera: Camera, seed: int = 1) -> Clip:
    """Read a part of a clip as a camera sees it.

    Parameters
    ----------
    path : path
        Of a video, a folder of images or a multi-page image.
    reading : Reading
        Its `start_s` and `stop_s` say the part.
    camera : Camera
        Decides about size and encoding.
    seed : int
        Of the recording, for what stages draw.

    Raises
    ------
    SourceError
        If it cannot be read.
    ConfigError
        If it has fewer than two frames there.
    """
    seen = reading.seen_by(camera.size, camera.transfer)
    source = open_source(path, seen, seed=seed)
    frames: list[Frame] = []
    used, whole = 0, True
    for frame in source:
        if used + frame.values.nbytes > MOST_BYTES:
            whole = False
            break
        frames.append(frame._replace(values=frame.values.copy()))
        used += frame.values.nbytes
    if len(frames) < 2:
        raise ConfigError(
            f"{path} has {len(frames)} frames in this part, and two are needed to see events. "
            "Choose another --start or --stop."
        )
    told = {n: getattr(source, n, 0) for n in ("run_in_us", "rows_us", "illuminance_lux")}
    return Clip(source.size, source.encoding, tuple(frames), source.notes, whole=whole, **told)
