"""The frames of an event camera that takes some (DAVIS), on the time line of its events."""

from collections.abc import Iterator
from os import PathLike
from pathlib import Path

from eventsim.errors import SourceError
from eventsim.events import SensorSize
from eventsim.formats.aedat4 import Picture, read_pictures
from eventsim.frames import Frame, Transfer
from eventsim.sources.checks import Fit, as_frame, encoding_of, window
from eventsim.sources.geometry import Geometry
from eventsim.sources.gray import gray_frame


class RecordedFrames:
    """Frames of an AEDAT4 file, each at the middle of its exposure.

    All frames are looked at once for their times. Frames that are not later than the one before
    are left out.

    Parameters
    ----------
    path : path
    size : (width, height), optional
        Size to bring the frames to, px. Default: that of the file.
    fit : {"crop", "pad", "stretch"}
    crop : (x, y, width, height), optional
        Part of each frame to use, px.
    start_s, stop_s : float, optional
        Use frames with ``start_s <= t < stop_s``, seconds on the clock of the camera, which may
        count from 1970.
    transfer : {"srgb", "linear", "pq", "hlg", "log"}

    Raises
    ------
    ConfigError
        If the options contradict each other.
    SourceError
        If there are no frames, or the file is broken.
    """

    def __init__(
        self,
        path: str | PathLike[str],
        *,
        size: tuple[int, int] | None = None,
        fit: Fit = "crop",
        crop: tuple[int, int, int, int] | None = None,
        start_s: float | None = None,
        stop_s: float | None = None,
        transfer: Transfer = "srgb",
    ) -> None:
        self._path, self._span = Path(path), window(start_s, stop_s)
        found: list[str] = []
        times: list[int] = []
        first: Picture | None = None
        late = 0
        for picture in read_pictures(self._path, found):
            if times and picture.t_us <= times[-1]:
                late += 1
            elif self._span.holds(picture.t_us):
                first = first or picture
                times.append(picture.t_us)
        if first is None:
            raise SourceError(f"no frame of {path} lies in {self._span}. Widen the window.")
        if late:
            found.append(f"{late:,} frames that are not later than the one before were left out")
        self._times = times
        self._first = SensorSize(first.pixels.shape[1], first.pixels.shape[0])
        self._geometry = Geometry.of(self._first, size, fit=fit, crop=crop)
        if not self._geometry.is_identity:
            found.append(f"frames were brought from {self._geometry.describe()}")
        self.encoding = encoding_of(first.pixels.dtype, transfer=transfer, white=None)
        self._standing_notes = tuple(found)
        self.notes: list[str] = list(found)
        self.lost_frames = 0

    @property
    def size(self) -> SensorSize:
        """Width and height of the frames, px."""
        return self._geometry.size

    @property
    def expected_frames(self) -> int:
        """Number of frames in the window."""
        return len(self._times)

    @property
    def first_us(self) -> int:
        """Time of the first frame, microseconds."""
        return self._times[0]

    @property
    def duration_us(self) -> int:
        """From the first frame to the last, microseconds."""
        return self._times[-1] - self._times[0]

    def __iter__(self) -> Iterator[Frame]:
        """Yield the frames in order of time, reading them again.

        Raises
        ------
        SourceError
            If a frame has another size than the first.
        """
        self.notes = list(self._standing_notes)
        wanted = iter(self._times)
        t_us = next(wanted)
        for picture in read_pictures(self._path, []):
            if picture.t_us != t_us:
                continue
            where = f"the frame at {t_us} us of {self._path}"
            color = picture.pixels.ndim == 3
            pixels = picture.pixels[..., :3] if color else picture.pixels  # alpha says nothing here
            gray = gray_frame(pixels, "bgr" if color else None, where)
            frame = as_frame(gray, where, size=self._first)
            yield Frame(t_us, self._geometry.apply(frame, self.encoding.black))
            following = next(wanted, None)
            if following is None:
                return
            t_us = following
