"""Frames from images: a folder, a list of files, or one file with many pages."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from os import PathLike
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError, SourceError
from eventsim.events import SensorSize
from eventsim.frames import Frame, Transfer
from eventsim.sources.checks import (
    PEEK,
    Fit,
    as_frame,
    encoding_of,
    scale_complaint,
    suspicious_limit,
    window,
)
from eventsim.sources.exposure import exposure_lux
from eventsim.sources.geometry import Geometry
from eventsim.sources.gray import to_gray
from eventsim.sources.image_files import list_images
from eventsim.sources.linear_pictures import WHITE
from eventsim.sources.masks import Masks
from eventsim.sources.pictures import (
    Picture,
    count_pictures,
    read_delays,
    read_picture,
    read_pictures,
)
from eventsim.sources.rate import checked_rate, times_by_rate
from eventsim.sources.times_file import TimedName, read_times

AnyPath = str | PathLike[str]


class ImageSource:
    """Frames from images, with times from a rate or from a file.

    Parameters
    ----------
    images : path or sequence of paths
        A folder (all images in it, ``frame9`` before ``frame10``), a list of image files, or
        one file (all pages of a TIFF, GIF, WebP or APNG). 8 and 16 bit and float; color becomes
        luma.
    fps : float, optional
        Images per second; the first is at 0. One of `fps` and `times_file` is needed, but for an
        animation that says how long each of its pictures is shown.
    times_file : path, optional
        A text file of times, see `eventsim.sources.times_file`: whole microseconds, or seconds
        with a decimal point; beside names, or in the order of the images.
    size : (width, height), optional
        Size wanted, px. Default: that of the images.
    fit, crop
        As in `eventsim.sources.geometry.Geometry`.
    start_s, stop_s : float, optional
        Use images with ``start_s <= t < stop_s``, seconds.
    transfer : {"srgb", "linear", "pq", "hlg", "log"}
        OpenEXR and Radiance's .hdr are linear where ``srgb`` is said, which is the default.
    white : float, optional
        Number that means white. Default: 65535 for 16 bit, 1 for OpenEXR and .hdr, else 255.
    labels : path, optional
        Which object each pixel shows, see `eventsim.sources.masks.Masks`.
    by_exposure : bool
        Whether `illuminance_lux` is that of the exposure of the first image, see
        `eventsim.sources.exposure`; else it is 0, not known.

    Raises
    ------
    ConfigError
        If the options contradict each other.
    SourceError
        If there is no image, one cannot be read, times and images do not match, or numbers look
        like those of another scale (floats of 0..1, 12 bits in 16, masks of 0 and 1) while
        `white` is not given.
    """

    def __init__(  # noqa: PLR0913 - all of them belong to one folder of images
        self,
        images: AnyPath | Sequence[AnyPath],
        *,
        fps: float | None = None,
        times_file: AnyPath | None = None,
        size: tuple[int, int] | None = None,
        fit: Fit = "crop",
        crop: tuple[int, int, int, int] | None = None,
        start_s: float | None = None,
        stop_s: float | None = None,
        transfer: Transfer = "srgb",
        white: float | None = None,
        labels: AnyPath | None = None,
        by_exposure: bool = False,
    ) -> None:
        self._masks = None if labels is None else Masks(Path(labels))
        span = window(start_s, stop_s)
        self._files, self._paged, notes = _find(images)
        times, unused, timed = self._timetable(fps, times_file)
        notes += timed
        lost = [row for row in unused if span.holds(row.t_us)]
        self._lost = len(lost)
        self._times = [(i, t_us) for i, t_us in enumerate(times) if span.holds(t_us)]
        if not self._times:
            raise SourceError(
                f"no image lies in {span}: they go from {times[0] / 1e6:g} s to "
                f"{times[-1] / 1e6:g} s. Widen the window."
            )
        first, found, linear = self._look(transfer, white)
        if linear:  # the format says so
            transfer, white = "linear" if transfer == "srgb" else transfer, white or WHITE
        found = [*notes, *found]
        self._first = SensorSize(first.shape[1], first.shape[0])
        self._dtype = first.dtype
        self._geometry = Geometry.of(self._first, size, fit=fit, crop=crop)
        if not self._geometry.is_identity:
            found.append(f"frames were brought from {self._geometry.describe()}")
        self.encoding = encoding_of(first.dtype, transfer=transfer, white=white)
        if lost:
            given = Path(times_file or "").name
            found.append(
                f"{len(lost)} images named in {given} are not there, the first {lost[0].name}"
            )
        self.illuminance_lux = 0.0
        if by_exposure:
            self.illuminance_lux = exposure_lux(self._files[0])
            found.append(f"by its exposure the scene has {self.illuminance_lux:.3g} lux")
        self._standing_notes = tuple(found)
        self.notes: list[str] = list(self._standing_notes)
        self.lost_frames = self._lost

    @property
    def size(self) -> SensorSize:
        """Width and height of the frames, px."""
        return self._geometry.size

    @property
    def expected_frames(self) -> int:
        """Number of images in the window."""
        return len(self._times)

    @property
    def first_us(self) -> int:
        """Time of the first image of the window, microseconds."""
        return self._times[0][1]

    @property
    def duration_us(self) -> int:
        """From the first image of the window to the last, microseconds."""
        return self._times[-1][1] - self.first_us

    def __iter__(self) -> Iterator[Frame]:
        """Yield the images in order of time, reading them again.

        Raises
        ------
        SourceError
            If an image cannot be read, or its size or type is not that of the first.
        """
        self.notes = list(self._standing_notes)
        self.lost_frames = self._lost
        if self._masks is not None:
            self._masks.missing = 0
        fill = 0.0 if self.encoding.transfer == "log" else self.encoding.black
        for (i, t_us), (_, picture) in zip(self._times, self._pictures(), strict=True):
            gray, found = to_gray(picture.values)
            found = [*picture.notes, *found]
            self.notes += [note for note in found if note not in self.notes]
            frame = as_frame(gray, self._name(i), size=self._first)
            if frame.dtype != self._dtype:
                raise SourceError(
                    f"all images must be of one type, but {self._name(i)} is of {frame.dtype} "
                    f"after images of {self._dtype}. Convert them to one type."
                )
            values = self._geometry.apply(frame, fill)
            yield Frame(t_us, values).knowing(
                vectors=picture.vectors and self._geometry.apply_to(picture.vectors),
                ids=self._ids(i),
            )
        if self._masks is not None:
            self.notes += self._masks.notes

    def _timetable(
        self, fps: float | None, times_file: AnyPath | None
    ) -> tuple[list[int], list[TimedName], list[str]]:
        """Give the times of all images, lines of the file of times that fit none, and notes."""
        count = count_pictures(self._files[0]) if self._paged else len(self._files)
        delays = read_delays(self._files[0]) if self._paged and count > 1 else []
        shown = [delay for delay in delays if delay is not None]
        if times_file is None and fps is None and shown and len(shown) == count:
            return [0, *accumulate(shown[:-1])], [], []
        notes = []
        if shown:
            asked = "the file of times was" if times_file is not None else "the frame rate was"
            notes.append(
                f"the file shows its pictures for {min(shown) / 1000:g} to {max(shown) / 1000:g} "
                f"ms; {asked} used instead"
            )
        if times_file is None:
            return times_by_rate(_checked_rate(fps), count), [], notes
        if fps is not None:
            raise ConfigError(
                "images take their times from fps or times_file, found both. Drop one."
            )
        rows = read_times(Path(times_file))
        names = None if self._paged else [p.name for p in self._files]
        unused = [] if names is None else _without_image(rows, names)
        return _match(rows, names, count, Path(times_file)), unused, notes

    def _look(
        self, transfer: Transfer, white: float | None
    ) -> tuple[NDArray[np.generic], list[str], bool]:
        """Look at the first images: the first in gray, its notes, whether it is linear by format.

        A complaint about their scale is raised. More than one only where that is so dark that its
        scale is in doubt.
        """
        first: NDArray[np.generic] | None = None
        notes: list[str] = []
        linear = False
        largest = 0.0
        for n, (i, picture) in enumerate(self._pictures()):
            gray, found = to_gray(picture.values)
            frame = as_frame(gray, self._name(i))
            if first is None:
                first, notes, linear = frame, [*picture.notes, *found], picture.linear
            largest = max(largest, float(np.max(cast("NDArray[np.float32]", frame))))
            doubtful = white is None and transfer != "log" and not linear
            if not doubtful or largest > suspicious_limit(first.dtype) or n + 1 == PEEK:
                break
        if first is None:
            raise SourceError(f"expected images, but {self._files[0]} gave none. Check it.")
        complaint = None if linear else scale_complaint(largest, first.dtype, transfer, white)
        if complaint:
            raise SourceError(f"{self._name(self._times[0][0])}: {complaint}")
        return first, notes, linear

    def _ids(self, index: int) -> NDArray[np.uint16] | None:
        """Objects of an image, at the size of the frames."""
        if self._masks is None:
            return None
        ids = self._masks.ids(self._files[0 if self._paged else index].name, self._first)
        return self._geometry.apply_to_ids(ids)

    def _name(self, index: int) -> str:
        if self._paged:
            return f"page {index} of {self._files[0]}"
        return str(self._files[index])

    def _pictures(self) -> Iterator[tuple[int, Picture]]:
        """Yield indices and pictures in the window."""
        wanted = [i for i, _ in self._times]
        if not self._paged:
            yield from ((i, read_picture(self._files[i])) for i in wanted)
            return
        for i, page in enumerate(read_pictures(self._files[0])):
            if wanted[0] <= i:
                yield i, page
            if i == wanted[-1]:
                return


def _find(images: AnyPath | Sequence[AnyPath]) -> tuple[list[Path], bool, list[str]]:
    """Files, whether it is one file whose pages are the frames, and what was left out."""
    if not isinstance(images, str | PathLike):
        files = [Path(p) for p in images]
        if not files:
            raise SourceError("expected some images, found an empty list. Pass their paths.")
        return files, False, []
    path = Path(images)
    if not path.exists():
        raise SourceError(f"expected images, but {path} does not exist. Check the path.")
    if path.is_dir():
        files, notes = list_images(path)
        return files, False, notes
    return [path], True, []


def _checked_rate(fps: float | None) -> float:
    if fps is None:
        raise ConfigError(
            "images need times, found neither a frame rate nor a file of times. Give fps "
            "or a file of times."
        )
    return checked_rate(fps)


def _without_image(rows: list[TimedName], names: list[str]) -> list[TimedName]:
    known = set(names)
    return [row for row in rows if row.name is not None and row.name not in known]


def _match(rows: list[TimedName], names: list[str] | None, count: int, path: Path) -> list[int]:
    """Put times in the order of the images; they must strictly increase."""
    if names is not None and rows[0].name is not None:
        for kind, counted in (
            ("line", Counter(row.name for row in rows)),
            ("image", Counter(names)),
        ):
            name, often = counted.most_common(1)[0]
            if often > 1:
                raise SourceError(
                    f"every image needs one time, but {name} stands for {often} {kind}s "
                    f"(times from {path}). Give each its own name."
                )
        by_name = {str(row.name): row.t_us for row in rows}
        untimed = [name for name in names if name not in by_name]
        if untimed:
            raise SourceError(
                f"every image needs a time, but {len(untimed)} of {count} images have no line in "
                f"{path} ({len(rows)} lines), the first {untimed[0]}. Add them, or move the images."
            )
        times = [by_name[name] for name in names]
    else:
        if len(rows) != count:
            raise SourceError(
                f"every image needs a time, found {count} images and {len(rows)} times in {path}. "
                "Bring them to one number."
            )
        times = [row.t_us for row in rows]
    for i, (before, t_us) in enumerate(pairwise(times), 1):
        if t_us <= before:
            what = f"image {i}" if names is None else names[i]
            raise SourceError(
                f"times must strictly increase, but {path} gives {what} {t_us} us after {before} "
                "us. Sort the images by time and leave out repeated ones."
            )
    return times
