"""Write pictures as a film file, one at a time."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import imageio.v3 as iio
import numpy as np
from av.video.reformatter import ColorRange
from numpy.typing import NDArray

from eventsim.errors import ConfigError, EventSimError
from eventsim.view.subsampling import to_yuv420

Image = NDArray[np.uint8]

FILM_SUFFIXES = (".mp4", ".gif")

GIF_LIMIT = 300
"""Most pictures in a GIF, which is put together in memory: 300 pages of 700x400 px are 250 MB."""

_X264 = {"crf": "23", "x264-params": "chroma-qp-offset=-12"}
"""x264's default quality, and its finest for color: with `to_yuv420`, 99.8 % of the single events
of four clips keep their hue, in place of 14 to 62 %; files are twice as large."""


def check_film_path(path: Path) -> None:
    """Refuse a name whose ending no writer knows.

    Raises
    ------
    ConfigError
    """
    if path.suffix.lower() not in FILM_SUFFIXES:
        raise ConfigError(
            f"a film must end in {' or '.join(FILM_SUFFIXES)}, found '{path}'. Rename the output."
        )


def encode_film(path: Path, images: Iterator[Image], *, fps: float) -> int:
    """Write pictures as MP4 (H.264) or GIF, by the ending of the path.

    Parameters
    ----------
    path : Path
        Is replaced when the film is complete; a film that fails leaves nothing behind.
    images : iterator of (H, W, 3) ndarray of uint8
        Red, green, blue; one size, even in both directions.
    fps : float
        Pictures a second, > 0. GIF rounds times to 10 ms.

    Returns
    -------
    int
        Number of pictures written.

    Raises
    ------
    ConfigError
        If the ending is unknown, the path cannot be written, or a GIF gets too long.
    """
    check_film_path(path)
    write = _encode_gif if path.suffix.lower() == ".gif" else _encode_mp4
    unfinished = path.with_name(f".{path.stem}.unfinished{path.suffix.lower()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            count = write(unfinished, images, fps)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    except EventSimError:  # a source that breaks is an OSError, too, but not ours to explain
        raise
    except (OSError, av.FFmpegError) as error:
        raise ConfigError(
            f"the film could not be written to '{path}': {error.strerror or error}. "
            "Choose another output."
        ) from error
    return count


def _encode_mp4(path: Path, images: Iterator[Image], fps: float) -> int:
    count = 0
    with av.open(f"file:{path}", "w", options={"movflags": "+faststart"}) as container:
        rate = Fraction(fps).limit_denominator(1001)
        stream = container.add_stream("libx264", rate=rate, options=dict(_X264))
        stream.pix_fmt = "yuv420p"
        context = stream.codec_context
        context.color_range = ColorRange.MPEG
        context.colorspace = context.color_primaries = context.color_trc = 1  # BT.709
        for image in images:
            if not count:
                stream.height, stream.width = image.shape[:2]
            picture = av.VideoFrame.from_ndarray(to_yuv420(image), format="yuv420p")
            picture.pts, picture.time_base = count, 1 / rate
            container.mux(stream.encode(picture))
            count += 1
        container.mux(stream.encode())
    return count


def _encode_gif(path: Path, images: Iterator[Image], fps: float) -> int:
    pages: list[Image] = []
    for image in images:
        # Five bits per color leave fewer colors than a GIF holds, so that nothing is dithered:
        # half the size for a noisy film, and no dots that look like events.
        pages.append((image & np.uint8(0xF8)) | (image >> np.uint8(5)))
        if len(pages) > GIF_LIMIT:
            raise ConfigError(
                f"a GIF may have {GIF_LIMIT} pictures, this one gets more. Write an .mp4, or "
                "choose a shorter part or fewer pictures per second."
            )
    # GIF counts in 10 ms: uneven times keep the film as a whole at the right speed.
    ends = np.rint(np.arange(len(pages) + 1) * 100 / fps)
    durations = np.maximum(np.diff(ends), 1) * 10
    iio.imwrite(path, pages, plugin="pillow", duration=durations.tolist(), loop=0)
    return len(pages)
