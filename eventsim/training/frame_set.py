"""Event frames of labeled recordings in memory: what small recipes train on."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from eventsim.errors import ConfigError
from eventsim.representations.event_frames import EventFrames, count_events
from eventsim.store.reader import Dataset, open_dataset
from eventsim.store.selection import Wanted
from eventsim.training.seeding import shuffled


@dataclass(frozen=True, eq=False)
class FrameSet:
    """Recordings as event frames, all of one size.

    Attributes
    ----------
    frames : (N, T, 2, H, W) tensor of uint8
        Counts, 255 and more as 255; polarity 0 is OFF, 1 is ON.
    labels : (N,) tensor of int64
        Places in `classes`.
    samples : (N,) ndarray of int64
        Sample numbers.
    classes : tuple of str
        Of the whole dataset.
    """

    frames: Tensor
    labels: Tensor
    samples: NDArray[np.int64]
    classes: tuple[str, ...]

    def __len__(self) -> int:
        """Count the recordings."""
        return len(self.labels)

    def take(self, some: Tensor) -> "FrameSet":
        """The recordings at some places."""
        return FrameSet(self.frames[some], self.labels[some], self.samples[some], self.classes)

    def some_of_each(self, count: int, seed: int) -> "FrameSet":
        """So many recordings of each class, drawn by a seed; all of a class that has fewer.

        A smaller `count` takes a part of what a larger one takes.
        """
        order = shuffled(len(self), seed, 0)
        labels = self.labels[order]
        numbers = range(len(self.classes))
        return self.take(torch.cat([order[labels == c][:count] for c in numbers]))


def read_frame_set(
    dataset: str | Path | Dataset,
    *,
    split: Wanted = None,
    bins: int,
    duration_us: int | None,
    limit: int | None = None,
    without: Any = (),
) -> FrameSet:
    """Read recordings and count their events.

    Parameters
    ----------
    dataset : path or Dataset
    split : str or collection of str, optional
        Use only the recordings of this split.
    bins : int
        Event frames of a recording, of equal duration.
    duration_us : int or None
        The first so many microseconds of a recording are read; shorter ones end in empty frames.
        None: all of it, in frames of equal numbers of events.
    limit : int, optional
        Only the first so many recordings.
    without : collection of int
        Sample numbers that are left out.

    Returns
    -------
    FrameSet

    Raises
    ------
    ConfigError
        If there is none, one has no label, or sizes differ; or it holds planes.
    """
    opened = dataset if isinstance(dataset, Dataset) else open_dataset(dataset)
    if not isinstance(opened, Dataset):
        raise ConfigError(f"{dataset} holds planes of still images, and must hold recordings.")
    if split is not None:
        opened = opened.filter(split=split)
    dataset = opened
    table = dataset.table()
    rows = np.flatnonzero(~np.isin(table["sample"], np.asarray(without)))[:limit]
    if not rows.size:
        raise ConfigError(f"{dataset} has no recording of what is asked for.")
    if (table["label_number"][rows] < 0).any():
        raise ConfigError(f"{dataset} has recordings without a label. Leave them out.")
    sizes = {(int(table["width"][i]), int(table["height"][i])) for i in rows}
    if len(sizes) > 1:
        raise ConfigError(f"recordings must have one size, found {sorted(sizes)} in {dataset}.")
    (width, height), *_ = sizes
    edges_us = np.linspace(0, duration_us or 0, bins + 1).astype(np.int64)
    by_count = EventFrames(bins, by="count")
    frames = np.empty((len(rows), bins, 2, height, width), np.uint8)
    for k, i in enumerate(rows.tolist()):
        recording = dataset[i]
        if duration_us is None:
            counts = by_count(recording.events)
        else:
            counts = count_events(recording.events, edges_us + recording.start_us)
        frames[k] = np.minimum(counts, 255)
    return FrameSet(
        torch.from_numpy(frames),
        torch.from_numpy(table["label_number"][rows].astype(np.int64)),
        table["sample"][rows].astype(np.int64),
        dataset.labels,
    )
