"""Frames from any path."""

from os import PathLike
from pathlib import Path

from eventsim.errors import ConfigError, SourceError
from eventsim.events import SensorSize
from eventsim.formats.names import ENDINGS
from eventsim.frames import FrameSource
from eventsim.sources.checks import is_image
from eventsim.sources.reading import Reading
from eventsim.sources.staged import staged

RECORDED = ".aedat4"
"""Ending of files with the frames of an event camera."""


def open_source(
    path: str | PathLike[str], reading: Reading | None = None, *, seed: int = 1
) -> FrameSource:
    """Open a video, a folder of images, or an image with many pages, behind the stages asked for.

    Parameters
    ----------
    path : path
        A folder or a file with the ending of an image is opened as images, an .aedat4 as the
        frames of an event camera, all else as a video.
    reading : Reading, optional
        How its frames are read. Without a camera, the size is that of the source, and the encoding
        sRGB, if it says nothing else.
    seed : int
        Of the recording, for what a stage draws.

    Returns
    -------
    FrameSource

    Raises
    ------
    ConfigError
        If what the reading says does not belong to this kind of path.
    SourceError
        If the path cannot be read.
    """
    reading = reading or Reading()
    return staged(open_file(path, reading), reading.stages(seed))


def open_file(path: str | PathLike[str], reading: Reading) -> FrameSource:
    """As `open_source`, with the frames as they are in the file."""
    path = Path(path)
    reading = reading.seen_by(None, "srgb")
    if not path.exists():
        raise SourceError(
            f"expected a video, a folder of images or an image, but {path} does not exist. "
            "Check the path."
        )
    size = None if isinstance(reading.size, str) else SensorSize(*reading.size)
    transfer = reading.encoding or "srgb"
    source: FrameSource
    if path.is_dir() or is_image(path):
        from eventsim.sources.images import ImageSource

        source = ImageSource(
            path,
            fps=reading.fps,
            times_file=reading.times_file,
            size=size,
            fit=reading.fit,
            crop=reading.crop,
            start_s=reading.start_s,
            stop_s=reading.stop_s,
            transfer=transfer,
            white=reading.white,
            labels=reading.labels,
            by_exposure=reading.by_exposure,
        )
        return source
    of_images = ("fps", "times_file", "white", "labels", "by_exposure")
    _refuse_for_video(path, {name: getattr(reading, name) or None for name in of_images})
    if path.suffix.lower() == RECORDED:
        from eventsim.sources.recorded_frames import RecordedFrames

        source = RecordedFrames(
            path,
            size=size,
            fit=reading.fit,
            crop=reading.crop,
            start_s=reading.start_s,
            stop_s=reading.stop_s,
            transfer=transfer,
        )
    else:
        from eventsim.sources.video import VideoSource

        try:
            source = VideoSource(
                path,
                size=size,
                fit=reading.fit,
                crop=reading.crop,
                start_s=reading.start_s,
                stop_s=reading.stop_s,
                transfer=transfer,
            )
        except SourceError as error:
            if path.suffix.lower() not in ENDINGS:
                raise
            raise SourceError(f"{error} If it is an event file: `eventsim import`.") from error
    return source


def _refuse_for_video(path: Path, options: dict[str, object]) -> None:
    given = [name for name, value in options.items() if value is not None]
    if given:
        raise ConfigError(
            f"{' and '.join(given)} can be set for images only, but {path} is taken for a video, "
            f"which says that itself. Leave out {' and '.join(given)}."
        )
