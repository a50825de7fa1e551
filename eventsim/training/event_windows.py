"""Windows of the recordings of a dataset, as a dataset of PyTorch."""

import os
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch.utils.data import Dataset as TorchDataset

from eventsim.errors import ConfigError
from eventsim.events import Events, Representation
from eventsim.random import Draws
from eventsim.store.reader import Dataset, Recording, open_dataset
from eventsim.store.selection import Wanted
from eventsim.training.checks import check_called
from eventsim.training.preloaded import Preloaded
from eventsim.training.preloaded import preload as read_all
from eventsim.training.shared_epoch import SharedEpoch
from eventsim.training.window_plan import plan_windows
from eventsim.transforms.changing import Transform
from eventsim.transforms.label_safety import LabelWarning, listed_in, unsafe_words
from eventsim.transforms.mixing import Mix
from eventsim.transforms.ranges import check_range


class EventWindows(TorchDataset[tuple[Any, ...]]):
    """Windows of recordings, augmented and made into tensors when they are asked for.

    A sample is a function of (seed, epoch, index): the same for any number of loader workers,
    forked or spawned, and in any order. Nothing is read before the first one is asked for, and each
    worker opens the dataset for itself.

    Parameters
    ----------
    dataset : path or eventsim.store.reader.Dataset
        Dataset written by `eventsim convert`, or a part of it, ``open_dataset(path).filter(...)``.
    split : str or collection of str, optional
        Use only the recordings of this split.
    window_us : int, optional
        Length of a window, microseconds; half-open, from the first frame on.
    count : int, optional
        Number of events in a window. Without `window_us` and `count`, a sample is a whole
        recording.
    stride : int, optional
        Step from one window to the next, in the unit of the window. Default: its length. The rest
        at the end of a recording is not used; a recording shorter than a window is one window.
    transform : Transform, optional
        A transform of `eventsim.transforms`, or any ``transform(events, rng) -> events``. `to` is
        called with the original window: events moved out of it, in time, are not used.
    mix : Mix, optional
        `CutMix` or `EventMix`: mixes a sample, after its transform, with another random one. All
        samples are then (events, label, other label, weight of the first label).
    mix_probability : float
        Probability that a sample is mixed; the others have weight 1.
    to : Representation, optional
        A representation of `eventsim.representations`, or any
        ``to(events, t0_us, t1_us) -> array``. Without it, samples are `Events`: then pass
        ``collate_fn=collate_events`` to the loader.
    seed : int
        Seed of transforms and mixes.
    preload : bool
        Read all events into memory now, 14 bytes each.

    Warns
    -----
    LabelWarning
        If the dataset lists a transform as not safe for its labels.

    Raises
    ------
    ConfigError
        For a wrong setting.
    StoreError
        If it is no finished dataset of recordings.

    Examples
    --------
    >>> windows = EventWindows("clips.zarr", split="train", window_us=50_000)  # doctest: +SKIP
    >>> events, label = windows[0]                                            # doctest: +SKIP
    """

    def __init__(  # noqa: PLR0913 - what an epoch of training needs, in one place
        self,
        dataset: str | Path | Dataset,
        *,
        split: Wanted = None,
        window_us: int | None = None,
        count: int | None = None,
        stride: int | None = None,
        transform: Transform | None = None,
        mix: Mix | None = None,
        mix_probability: float = 0.5,
        to: Representation | None = None,
        seed: int = 0,
        preload: bool = False,
    ) -> None:
        opened = dataset if isinstance(dataset, Dataset) else open_dataset(dataset)
        if not isinstance(opened, Dataset):
            raise ConfigError(
                f"{dataset} holds planes of still images, which have no windows. Read them with "
                "`open_dataset(...).read(indices)`."
            )
        self._opened = opened if split is None else opened.filter(split=split)
        self._process = os.getpid()
        table = self._opened.table()
        # A recording ends with the event at its last frame: half-open, one microsecond later.
        self._lengths_us = table["duration_us"] + 1
        self._plan = plan_windows(
            self._lengths_us,
            table["events"],
            window_us=window_us,
            count=count,
            stride=stride,
        )
        self.classes: tuple[str, ...] = self._opened.labels
        self._labels = table["label_number"]
        check_called(transform=transform, mix=mix, to=to)
        check_range("mix_probability", mix_probability, 0, 1)
        words = unsafe_words(transform, listed_in(self._opened.attributes))
        if words:
            warnings.warn(words, LabelWarning, stacklevel=2)
        self._transform, self._to, self.seed = transform, to, seed
        self._mix, self._mix_probability = mix, mix_probability
        self._preloaded = read_all(self._opened) if preload else None
        self._epoch = SharedEpoch()

    def __repr__(self) -> str:
        plan = self._plan
        each = f"{plan.length:,} {plan.unit}" if plan.length else "a recording"
        return f"EventWindows({len(self):,} of {each} each, {self._opened})"

    @property
    def epoch(self) -> int:
        """Present epoch."""
        return self._epoch.number

    def set_epoch(self, epoch: int) -> None:
        """Begin an epoch: other random transforms. Workers that live on see it too."""
        self._epoch.begin(epoch)

    def __len__(self) -> int:
        """Count the windows."""
        return len(self._plan)

    def __getitem__(self, index: int) -> tuple[Any, ...]:
        """A window, and the number of its label.

        Returns
        -------
        events : Events or tensor
            What `to` makes of it.
        label : int
            Place in `classes`; -1 without a label.
        other_label : int
            With `mix`: of the sample that was mixed in.
        weight : float
            With `mix`: of the first label.
        """
        index = int(index)
        if not -len(self) <= index < len(self):
            raise IndexError(f"window {index} does not exist; there are {len(self)}, from 0.")
        index %= len(self)
        events, t0_us, t1_us, label = self._augmented(index)
        labels: tuple[Any, ...] = (label,)
        if self._mix is not None:
            rng = Draws.of(self.seed, self.epoch, index).child(1)
            labels = (label, label, 1.0)
            if rng.uniform(0) < self._mix_probability:
                other, start_us, _, other_label = self._augmented(rng.integer(1, 0, len(self) - 1))
                shifted = replace(other, t=other.t + (t0_us - start_us))
                events, weight = self._mix(events, shifted, rng.child(0))
                labels = (label, other_label, weight)
        if self._to is None:
            return events, *labels
        return torch.from_numpy(self._to(events, t0_us, t1_us)), *labels

    def _augmented(self, index: int) -> tuple[Events, int, int, int]:
        """As `_read`, with the transform of the present epoch."""
        events, *rest = self._read(index)
        if self._transform is not None:
            events = self._transform(events, Draws.of(self.seed, self.epoch, index).child(0))
        return events, *rest  # type: ignore[return-value]

    def _read(self, index: int) -> tuple[Events, int, int, int]:
        """Events of a window, its two ends in microseconds, and its label."""
        plan = self._plan
        place, begin = plan.find(index)
        source: _InMemory | Recording = (
            self._dataset[place] if self._preloaded is None else _InMemory(self._preloaded, place)
        )
        if plan.unit == "events":
            events = source.events_between(begin, begin + plan.length)
            ends = (int(events.t[0]), int(events.t[-1]) + 1) if len(events) else (0, 1)
        else:
            start_us, length_us = source.start_us, int(self._lengths_us[place])
            t0_us = start_us + begin
            t1_us = start_us + (min(begin + plan.length, length_us) if plan.length else length_us)
            events = source.window(t0_us, t1_us) if plan.length else source.events
            ends = t0_us, t1_us
        return events, *ends, int(self._labels[place])

    @property
    def _dataset(self) -> Dataset:
        """The dataset, opened by this process: nothing opened is carried through a fork."""
        if self._process != os.getpid():
            self._opened, self._process = self._opened.reopened(), os.getpid()
        return self._opened


class _InMemory:
    """A recording that was preloaded, read as one on disk is."""

    def __init__(self, preloaded: Preloaded, place: int) -> None:
        self.events, self.start_us = preloaded.events(place), preloaded.starts_us[place]

    def events_between(self, first: int, last: int) -> Events:
        return self.events[first:last]

    def window(self, t0_us: int, t1_us: int) -> Events:
        return self.events.window(t0_us, t1_us)
