"""Frames of a source as gray pictures, each beside the window of events that it belongs to."""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import SourceError
from eventsim.frames import Encoding, FrameSource
from eventsim.view.windows import Window

Image = NDArray[np.uint8]


def with_frames(
    windows: Iterable[Window], source: FrameSource | None
) -> Iterator[tuple[Window, Image | None]]:
    """Pair each window with the last frame at or before its end.

    Parameters
    ----------
    windows : iterable of Window
        In order of time.
    source : FrameSource or None
        Is gone through once; one frame of it is held ahead.

    Yields
    ------
    (window, picture) : tuple
        The picture is (H, W) uint8 gray, the first frame before there is any, None without a
        source.

    Raises
    ------
    SourceError
        If the source has no frame.
    """
    if source is None:
        yield from ((window, None) for window in windows)
        return
    frames = iter(source)
    now, following = next(frames, None), next(frames, None)
    if now is None:
        raise SourceError("the source has no frame to show beside the events. Leave it out.")
    picture = gray_of(now.values, source.encoding)
    for window in windows:
        newer = now
        while following is not None and following.t_us <= window.t1_us:
            newer, following = following, next(frames, None)
        if newer is not now:
            now, picture = newer, gray_of(newer.values, source.encoding)
        yield window, picture


def gray_of(values: NDArray[np.generic], encoding: Encoding) -> Image:
    """Numbers of a frame as gray for a screen (sRGB).

    Parameters
    ----------
    values : (H, W) ndarray
    encoding : Encoding
        ``linear`` and ``log`` are gamma-coded with 1 / 2.2, close to sRGB; ``srgb`` is already.

    Returns
    -------
    (H, W) ndarray of uint8
    """
    if encoding.transfer == "srgb":
        share = (values.astype(np.float32) - encoding.black) / (encoding.white - encoding.black)
    else:
        share = (encoding.luminance(values) / 255.0) ** (1 / 2.2)
    gray: Image = np.rint(np.clip(share, 0, 1) * 255).astype(np.uint8)
    return gray
