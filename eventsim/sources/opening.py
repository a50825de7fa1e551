"""Frames from any path."""

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from eventsim.errors import ConfigError, SourceError
from eventsim.frames import FrameSource, Transfer
from eventsim.sources.checks import is_image, window
from eventsim.sources.slow_motion import SlowMotion, check_factor

if TYPE_CHECKING:
    from eventsim.sources.geometry import Fit


def open_source(  # noqa: PLR0913 - what the command line offers, in one place
    path: str | PathLike[str],
    *,
    size: tuple[int, int] | None = None,
    fit: "Fit" = "crop",
    crop: tuple[int, int, int, int] | None = None,
    start_s: float | None = None,
    stop_s: float | None = None,
    fps: float | None = None,
    times_file: str | PathLike[str] | None = None,
    transfer: Transfer = "srgb",
    white: float | None = None,
    slow_motion: float = 1,
) -> FrameSource:
    """Open a video, a folder of images, or an image with many pages.

    Parameters
    ----------
    path : path
        A folder or a file with the ending of an image is opened as images, all else as a video.
    size : (width, height), optional
        Size wanted, px. Default: as it comes.
    fit : {"crop", "pad", "stretch"}
        How frames are brought to `size`.
    crop : (x, y, width, height), optional
        Part of the frames to use, px.
    start_s, stop_s : float, optional
        Use frames with ``start_s <= t < stop_s``, seconds.
    fps : float, optional
        Images per second. For images only, which need this or `times_file`.
    times_file : path, optional
        Times of the images, see `eventsim.sources.times_file`. For images only.
    transfer : {"srgb", "linear", "log"}
        How the numbers stand for luminance.
    white : float, optional
        Number that means white. For images only; a video says it itself.
    slow_motion : float
        How many times slower the frames play than the world was. `start_s`, `stop_s` and `fps` are
        those of the file.

    Returns
    -------
    FrameSource

    Raises
    ------
    ConfigError
        If options contradict each other or do not belong to this kind of path.
    SourceError
        If the path cannot be read.
    """
    path = Path(path)
    window(start_s, stop_s)
    check_factor(slow_motion)
    if fps is not None and times_file is not None:
        raise ConfigError("images take their times from fps or times_file, found both. Drop one.")
    if not path.exists():
        raise SourceError(
            f"expected a video, a folder of images or an image, but {path} does not exist. "
            "Check the path."
        )
    source: FrameSource
    if path.is_dir() or is_image(path):
        from eventsim.sources.images import ImageSource

        source = ImageSource(
            path,
            fps=fps,
            times_file=times_file,
            size=size,
            fit=fit,
            crop=crop,
            start_s=start_s,
            stop_s=stop_s,
            transfer=transfer,
            white=white,
        )
    else:
        _refuse_for_video(path, {"fps": fps, "times_file": times_file, "white": white})
        from eventsim.sources.video import VideoSource

        source = VideoSource(
            path, size=size, fit=fit, crop=crop, start_s=start_s, stop_s=stop_s, transfer=transfer
        )
    return source if slow_motion == 1 else SlowMotion(source, slow_motion)


def _refuse_for_video(path: Path, options: dict[str, object]) -> None:
    given = [name for name, value in options.items() if value is not None]
    if given:
        raise ConfigError(
            f"{' and '.join(given)} can be set for images only, but {path} is taken for a video, "
            f"which says that itself. Leave out {' and '.join(given)}."
        )
