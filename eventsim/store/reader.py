"""Reading a finished dataset by recording or by window of time.

>>> dataset = open_dataset("clips.zarr")                            # doctest: +SKIP
>>> dataset[0].window(0, 40_000)                                    # doctest: +SKIP
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import DamagedStoreError, StoreError
from eventsim.events import Events, SensorSize
from eventsim.store.dataset import content_of, open_root
from eventsim.store.event_reader import EventReader, Span
from eventsim.store.layout import DRAWN, EVENTS, PATH_DTYPES
from eventsim.store.opening import PartArrays, open_finished
from eventsim.store.path_columns import PathColumns
from eventsim.store.places import as_path, is_remote
from eventsim.store.planes_reader import PlanesDataset
from eventsim.store.records import damaged
from eventsim.store.samples import take_rows
from eventsim.store.selection import (
    Wanted,
    columns_of_samples,
    label_names,
    label_numbers,
    select,
)


@dataclass(frozen=True)
class Recording:
    """One recording of a dataset; reads from disk only what is asked for.

    Attributes
    ----------
    index : int
        In the dataset.
    size : SensorSize
        Width and height, px.
    label, split, group : str
        "" where there is none.
    source : str
        What it was made of, seen from the folder that the dataset lies in; see `source_path`.
    status : str
        ``ok``, or ``partial`` if frames of the source were lost.
    notes : tuple of str
        What was skipped, cut or converted.
    duration_us : int
        From the first frame to the last.
    seed : int
        That it was simulated with.
    sample : int
        Its place among all inputs, from 0; `index` leaves out those that failed.
    id : str
        Its name among them; "" if it was made of a still image.
    """

    index: int
    size: SensorSize
    label: str
    split: str
    group: str
    source: str
    status: str
    notes: tuple[str, ...]
    duration_us: int
    seed: int
    sample: int
    id: str
    part: int = field(repr=False)
    start: int = field(repr=False)
    stop: int = field(repr=False)
    frame_start: int = field(repr=False)
    frame_stop: int = field(repr=False)
    path_start: int = field(repr=False)
    path_stop: int = field(repr=False)
    dataset: "Dataset" = field(repr=False, compare=False)

    def __len__(self) -> int:
        """Count the events."""
        return self.stop - self.start

    @property
    def source_path(self) -> Path | None:
        """Where the source should lie, if it lies to the dataset as it did; None if unknown.

        Of a dataset in an object store only its name is known.
        """
        if not self.source:
            return None
        if is_remote(self.dataset.path):
            return Path(self.source)
        return Path(os.path.normpath(self.dataset.path.parent / self.source))

    @property
    def drawn(self) -> dict[str, Any]:
        """Settings of the camera that were drawn for this recording, by name; often none."""
        said = next((n for n in self.notes if n.startswith(DRAWN)), DRAWN + "{}")
        values = json.loads(said.removeprefix(DRAWN))
        return dict(values) if isinstance(values, dict) else {}

    @property
    def events(self) -> Events:
        """All events of the recording, times as they were given by the source."""
        return self.dataset.event_reader.read(self._span, 0, len(self))

    @property
    def objects(self) -> NDArray[np.uint16] | None:
        """Id of the object that each event is of, 0 is none; None of a dataset without labels."""
        if self.dataset.attributes.get("objects") is not True:
            return None
        ids: NDArray[np.uint16] = self.dataset.column(self.part, "object", self.start, self.stop)
        return ids

    def events_between(self, first: int, last: int) -> Events:
        """Events by their numbers, ``[first, last)``; reads only the chunks they lie in.

        Parameters
        ----------
        first, last : int
            From 0 to ``len(recording)``; what is beyond is cut off.
        """
        last = min(max(last, 0), len(self))
        return self.dataset.event_reader.read(self._span, min(max(first, 0), last), last)

    @property
    def start_us(self) -> int:
        """Time of the first frame, microseconds; 0 without frames."""
        if self.frame_start == self.frame_stop:
            return 0
        first = self.dataset.column(self.part, "frame_t", self.frame_start, self.frame_start + 1)
        return int(first[0])

    @cached_property
    def frame_t_us(self) -> NDArray[np.int64]:
        """(F,) int64: times of the frames it was made from, microseconds."""
        t = self.dataset.column(self.part, "frame_t", self.frame_start, self.frame_stop)
        if (t[1:] <= t[:-1]).any():
            raise self._broken("the times of its frames do not rise")
        return t

    @cached_property
    def frame_event_index(self) -> NDArray[np.int64]:
        """(F,) int64: index of the first event after each frame."""
        stop = self.dataset.column(self.part, "frame_stop", self.frame_start, self.frame_stop)
        if len(stop) and (stop[0] < 0 or stop[-1] > len(self) or (stop[1:] < stop[:-1]).any()):
            raise self._broken("its frames point to events that are not there")
        return stop

    @cached_property
    def path_columns(self) -> PathColumns | None:
        """Path of the image that was moved, or None: arguments of `EyePath.of`.

        Five (N,) arrays: times in microseconds (int64), shift to the right and down in px,
        rotation in rad, zoom (float64).
        """
        if self.path_start == self.path_stop:
            return None
        t, x, y, rotation, zoom = (
            self.dataset.column(self.part, name, self.path_start, self.path_stop)
            for name in PATH_DTYPES
        )
        return t, x, y, rotation, zoom

    def index_at(self, t_us: int) -> int:
        """Number of the first event with ``t >= t_us``; of the events, if all come before."""
        return self.dataset.event_reader.first_at(self._span, t_us)

    def window(self, t0_us: int, t1_us: int) -> Events:
        """Events with ``t0_us <= t < t1_us``; reads only the chunks they lie in.

        Parameters
        ----------
        t0_us, t1_us : int
            Microseconds, on the time axis of the source.

        Returns
        -------
        Events
        """
        reader, span = self.dataset.event_reader, self._span
        first = reader.first_at(span, t0_us)
        return reader.read(span, first, max(first, reader.first_at(span, t1_us)))

    @property
    def _span(self) -> Span:
        return Span(self.part, self.start, self.stop, self.size)

    def _broken(self, words: str) -> DamagedStoreError:
        return damaged(f"recording {self.index} of {self.dataset.path}", words)


class Dataset:
    """A finished dataset: a sequence of recordings.

    Safe to pickle and to fork: what is open is opened again on the other side.

    Attributes
    ----------
    path : Path
    attributes : dict
        How it was made: ``version``, ``sensor``, ``noise``, ``settings``, ``seed``,
        ``encoding``, ``geometry``.
    failures : list of dict
        Inputs that could not be converted: ``sample`` (its place among all inputs, from 0),
        ``source`` and ``reason``.
    event_reader : EventReader
        What recordings read by.

    Parameters
    ----------
    path : path
    rows : (n,) array of integer, optional
        Only these recordings, by their numbers; see `filter`.
    """

    def __init__(self, path: str | Path, rows: NDArray[np.integer] | None = None) -> None:
        self.path = as_path(path)
        opened = open_finished(path)
        if content_of(opened.attributes, path) is not EVENTS:
            raise StoreError(
                f"{path} holds planes of still images, not recordings. Use `open_dataset`."
            )
        self.attributes: dict[str, Any] = opened.attributes
        self.failures: list[dict[str, Any]] = opened.failures
        self._whole = opened.table
        self._indices, self._table = take_rows(opened.table, rows)
        self._arrays = PartArrays(self.path)
        self.event_reader = EventReader(self._arrays)

    def __reduce__(self) -> tuple[type["Dataset"], tuple[Any, ...]]:
        return Dataset, (self.path, self._indices if self._table is not self._whole else None)

    def reopened(self) -> "Dataset":
        """The same recordings, with nothing open that another process may have opened."""
        dataset = object.__new__(Dataset)  # `copy` would read the table again, as pickle does
        dataset.__dict__.update(self.__dict__)
        dataset._arrays = PartArrays(self.path)
        dataset.event_reader = EventReader(dataset._arrays)
        return dataset

    def __repr__(self) -> str:
        return f"Dataset({len(self)} recordings, {self._event_count:,} events, {self.path})"

    def __len__(self) -> int:
        return len(self._table)

    def __iter__(self) -> Iterator[Recording]:
        return (self._recording(i) for i in range(len(self)))

    @overload
    def __getitem__(self, index: int) -> Recording: ...
    @overload
    def __getitem__(self, index: slice) -> list[Recording]: ...
    def __getitem__(self, index: int | slice) -> Recording | list[Recording]:
        """Take a recording, or a list of them for a slice."""
        if isinstance(index, slice):
            return [self._recording(i) for i in range(*index.indices(len(self)))]
        place = int(index) + (len(self) if index < 0 else 0)
        if not 0 <= place < len(self):
            raise IndexError(
                f"recording {index} does not exist; {self.path} holds {len(self)}, from 0."
            )
        return self._recording(place)

    def _recording(self, index: int) -> Recording:
        row = self._table.row(index)
        size = SensorSize(row.pop("width"), row.pop("height"))
        return Recording(index=int(self._indices[index]), size=size, dataset=self, **row)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """Names of the labels in the whole dataset, sorted; their places are their numbers."""
        return label_names(self._whole)

    @cached_property
    def label_numbers(self) -> NDArray[np.int64]:
        """(n,) int64: number of the label of each recording; -1 where there is none."""
        return label_numbers(self._table, self.labels)

    def filter(
        self,
        *,
        split: Wanted = None,
        label: Wanted = None,
        group: Wanted = None,
        status: Wanted = None,
        id: Wanted = None,
    ) -> "Dataset":
        """Take the recordings that have these values, in their order; reads nothing.

        Parameters
        ----------
        split, label, group, status, id : str or collection of str, optional
            One value, or several of which one will do.

        Returns
        -------
        Dataset
            With fewer recordings; their `index` is still that in the whole dataset.

        Raises
        ------
        ConfigError
            If a value is not there at all.

        Examples
        --------
        >>> dataset.filter(split="train", label=("walk", "run"))        # doctest: +SKIP
        """
        wanted = {"split": split, "label": label, "group": group, "status": status, "id": id}
        return Dataset(self.path, self._indices[select(self._table, wanted)])

    def table(self) -> dict[str, NDArray[Any]]:
        """What is known of all recordings, as columns; `pandas.DataFrame(...)` takes it.

        Returns
        -------
        dict of str to (n,) ndarray
            index, sample, id, label, label_number, split, group, source, status, width, height,
            seed, events, frames, duration_us: numbers as int64, texts as objects.
        """
        return columns_of_samples(self._table, self._indices, self.labels)

    @property
    def _event_count(self) -> int:
        return int((self._table.numbers["stop"] - self._table.numbers["start"]).sum())

    def column(self, part: int, name: str, start: int, stop: int) -> NDArray[Any]:
        """Read a piece of a column of a part.

        Parameters
        ----------
        part : int
        name : str
            frame_t, frame_stop, or one of a path.
        start, stop : int
            In the part.

        Returns
        -------
        (stop - start,) ndarray

        Raises
        ------
        DamagedStoreError
            If it cannot be read.
        """
        return self._arrays.column(part, name, start, stop)


def open_dataset(path: str | Path) -> Dataset | PlanesDataset:
    """Open a dataset that `eventsim convert` has finished.

    Parameters
    ----------
    path : path
        The .zarr folder.

    Returns
    -------
    Dataset
        ``len(dataset)``, ``dataset[i].events``, ``dataset[i].window(t0_us, t1_us)``.
    PlanesDataset
        If it holds planes of still images: ``dataset[i].planes``, ``dataset.read(indices)``.

    Raises
    ------
    StoreError
        If it is not a dataset, or of a newer format.
    UnfinishedStoreError
        If parts are missing.
    DamagedStoreError
        If its table cannot be read.
    """
    content = content_of(open_root(path).attrs.asdict(), path)
    return Dataset(path) if content is EVENTS else PlanesDataset(path)
