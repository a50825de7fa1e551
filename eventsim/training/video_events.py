"""Windows of videos, simulated inside the training loop: nothing is on disk."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch.utils.data import Dataset as TorchDataset

from eventsim.camera import Camera, choose_camera
from eventsim.errors import ConfigError, SourceError
from eventsim.events import Events, Representation
from eventsim.pipeline.corpus import gather, read_manifest
from eventsim.pipeline.inputs import Input
from eventsim.pixel.settings import CARD_NOISE
from eventsim.random import Draws
from eventsim.simulator import simulate_source
from eventsim.sources.reading import Reading
from eventsim.sources.remote import fetched, is_url
from eventsim.training.checks import check_called
from eventsim.training.epochs import sample_seed
from eventsim.training.shared_epoch import SharedEpoch
from eventsim.transforms.changing import Transform

Videos = str | Path | Sequence[str | Path | Input]

_LAST_FRAME_S = 0.2
"""Read beyond the window, so that it is full to its end: a frame of a video of 5 frames/s."""


class VideoEvents(TorchDataset[tuple[Any, int]]):
    """A window of each video, at another time and seen by another sensor in every epoch.

    The twin of `EventWindows` without a dataset: frames are decoded and simulated in the workers of
    the loader. A sample is a function of (seed, epoch, index), for any number of workers.

    Parameters
    ----------
    videos : path, or sequence of path or Input
        A folder of videos or of class folders, a table (.csv, .parquet) as `convert --manifest`
        takes it, a video, or several.
    window_s : float
        Length of a window, seconds. It starts at a random time, such that it fits into the video if
        that is long enough. The pixels start in equilibrium with its first frame. A video that does
        not say how long it is is used from its start.
    split : str, optional
        Use only the inputs of this split.
    sensor, noise : str
        See `eventsim.camera.choose_camera`. Thresholds, hot pixels and noise are drawn again for
        every sample: each is seen by another sensor.
    settings : mapping, optional
        Of the camera, see `eventsim.camera.SETTINGS`.
    transform, to
        As in `EventWindows`.
    seed : int
    **reading
        Fields of `eventsim.sources.reading.Reading`, which say how the frames are read: ``size``,
        ``fit``, ``fps`` (of folders of frames), ``slow_motion``, ...

    Raises
    ------
    ConfigError
        For a wrong setting.
    SourceError
        If there is no video; and by a sample whose video cannot be read.

    Examples
    --------
    >>> data = VideoEvents("videos/", window_s=0.3, to=VoxelGrid(5))    # doctest: +SKIP
    >>> grid, label = data[0]                                           # doctest: +SKIP
    """

    def __init__(  # noqa: PLR0913 - what an epoch of training needs, in one place
        self,
        videos: Videos,
        *,
        window_s: float = 0.5,
        split: str | None = None,
        sensor: str = "davis346",
        noise: str = CARD_NOISE,
        settings: Mapping[str, Any] | None = None,
        transform: Transform | None = None,
        to: Representation | None = None,
        seed: int = 0,
        **reading: Any,
    ) -> None:
        if not window_s > 0:
            raise ConfigError(f"window_s must be above 0, found {window_s!r}.")
        check_called(transform=transform, to=to)
        self._inputs = [one for one in inputs_of(videos) if split in (None, one.split)]
        if not self._inputs:
            raise ConfigError(f"no video has the split {split!r}. Check the table or the folders.")
        self.classes: tuple[str, ...] = tuple(sorted({one.label for one in self._inputs} - {""}))
        self._numbers = {label: number for number, label in enumerate(self.classes)}
        self._camera = choose_camera(sensor, noise, settings)
        self._reading = Reading(**reading)
        self._window_s = window_s
        self._transform, self._to, self.seed = transform, to, seed
        self._spans: dict[int, tuple[float, float]] = {}
        self._epoch = SharedEpoch()

    def __repr__(self) -> str:
        return f"VideoEvents({len(self):,} videos, {self._window_s:g} s of each)"

    @property
    def epoch(self) -> int:
        """Present epoch."""
        return self._epoch.number

    def set_epoch(self, epoch: int) -> None:
        """Begin an epoch: other windows and sensors. Workers that live on see it too."""
        self._epoch.begin(epoch)

    def __len__(self) -> int:
        """Count the videos."""
        return len(self._inputs)

    def __getitem__(self, index: int) -> tuple[Any, int]:
        """A window of a video, and the number of its label.

        Returns
        -------
        events : Events or tensor
            What `to` makes of it.
        label : int
            Place in `classes`; -1 without a label.
        """
        if not 0 <= index < len(self):
            raise IndexError(f"video {index} does not exist; there are {len(self)}, from 0.")
        given = self._inputs[index]
        rng = Draws.of(self.seed, self.epoch, index)
        with fetched(given.path) as local:
            begin_s, end_s = self._span(index, replace(given, path=local))
            # On the time line of the file, which slow motion stretches.
            length_s = self._window_s * self._reading.slow_motion
            start_s = begin_s + rng.uniform(0) * max(0.0, end_s - begin_s - length_s)
            events, t0_us = self._simulated(replace(given, path=local), start_s, begin_s, index)
        t1_us = t0_us + round(self._window_s * 1e6)
        events = events.window(t0_us, t1_us)
        if self._transform is not None:
            events = self._transform(events, rng.child(0))
        label = self._numbers.get(given.label, -1)
        if self._to is None:
            return events, label
        return torch.from_numpy(self._to(events, t0_us, t1_us)), label

    def _span(self, index: int, given: Input) -> tuple[float, float]:
        """From when to when an input may be used, seconds of its file; looked up once."""
        if index not in self._spans:
            source = given.open(replace(self._reading, slow_motion=1), self._camera)
            begin_s = getattr(source, "first_us", 0) * 1e-6
            known = getattr(source, "duration_us", None)
            end_s = begin_s + (known or 0) * 1e-6
            begin_s = max(begin_s, given.start_s or 0.0)
            if given.stop_s is not None:
                end_s = min(end_s, given.stop_s) if known else given.stop_s
            self._spans[index] = begin_s, end_s
        return self._spans[index]

    def _simulated(
        self, given: Input, start_s: float, begin_s: float, index: int
    ) -> tuple[Events, int]:
        """Events from a moment on, and the time of the first frame."""
        stop_s = start_s + (self._window_s + _LAST_FRAME_S) * self._reading.slow_motion
        own_stop_s = stop_s if given.stop_s is None else min(stop_s, given.stop_s)
        part = replace(given, start_s=start_s, stop_s=own_stop_s)
        camera = given.camera(self._camera)
        try:
            return self._seen(part, camera, sample_seed(self.seed, self.epoch, index))
        except SourceError:
            if start_s == begin_s:
                raise
            # Headers promise more than there is: nothing was found so late in the file.
            return self._simulated(given, begin_s, begin_s, index)

    def _seen(self, part: Input, camera: Camera, seed: int) -> tuple[Events, int]:
        source = part.open(self._reading, camera, seed)
        # One thread: a forked worker must not touch the threads of its parent.
        packets = list(simulate_source(source, camera, seed=seed, threads=1))
        events = Events.concatenate([packet.events for packet in packets], source.size)
        return events, next(int(p.frame_t_us[0]) for p in packets if len(p.frame_t_us))


def inputs_of(videos: Videos) -> list[Input]:
    """Inputs of a folder, a table, a video, or several of them.

    Raises
    ------
    ConfigError, SourceError
        If there is none.
    """
    if isinstance(videos, str | Path):
        if Path(videos).suffix.lower() in (".csv", ".parquet"):
            return read_manifest(videos)
        if not is_url(str(videos)) and not Path(videos).exists():
            raise SourceError(f"expected videos at {videos}, and there is nothing. Check the path.")
        return gather([videos])[0]
    given = [one if isinstance(one, Input) else Input(str(one)) for one in videos]
    if not given:
        raise ConfigError("there is no video. Give a folder, a table, or at least one path.")
    return given
