"""Reading a finished dataset of planes by sample or by batch.

>>> dataset = open_dataset("mnist.zarr")                            # doctest: +SKIP
>>> dataset[0].planes.shape, dataset[0].label                       # doctest: +SKIP
((8, 2, 32, 32), '5')
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from eventsim.errors import ConfigError, StoreError
from eventsim.events import SensorSize
from eventsim.store.dataset import content_of
from eventsim.store.layout import PLANES_OF_IMAGES, plane_shape
from eventsim.store.opening import PartArrays, open_finished
from eventsim.store.places import as_path
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
class PlaneSample:
    """A still image as eight planes of events; reads from disk only when it is asked for them.

    Attributes
    ----------
    index : int
        In the dataset.
    size : SensorSize
        Width and height, px.
    label, split, group, source : str
        "" where there is none.
    status : str
        ``ok``.
    notes : tuple of str
        What was skipped, cut or converted.
    ones : int
        Events in it.
    seed, sample : int
        What random directions were drawn from.
    """

    index: int
    size: SensorSize
    label: str
    split: str
    group: str
    source: str
    status: str
    notes: tuple[str, ...]
    ones: int
    seed: int
    sample: int
    part: int = field(repr=False)
    row: int = field(repr=False)
    dataset: "PlanesDataset" = field(repr=False, compare=False)

    @property
    def packed(self) -> NDArray[np.uint8]:
        """(8, 2, H, ceil(W / 8)) uint8: as `planes`, eight pixels per byte (`numpy.packbits`)."""
        here = np.array([self.part]), np.array([self.row])
        packed: NDArray[np.uint8] = self.dataset.gather(*here)[0]
        return packed

    @property
    def planes(self) -> NDArray[np.uint8]:
        """(8, 2, H, W) uint8: 1 where there is an event; polarity 0 is OFF, 1 is ON."""
        return np.unpackbits(self.packed, axis=-1, count=self.size.width)

    @property
    def rate(self) -> float:
        """Share of ones in the planes, 0 to 1."""
        return self.ones / (16 * self.size.width * self.size.height)


class PlanesDataset:
    """A finished dataset of planes: a sequence of samples.

    Safe to pickle and to fork: what is open is opened again on the other side.

    Attributes
    ----------
    path : Path
    attributes : dict
        How it was made.
    failures : list of dict
        Inputs that could not be converted: ``sample`` (its place among all inputs, from 0),
        ``source`` and ``reason``.
    size : SensorSize
        Of all samples, px; 0x0 if there are none.

    Parameters
    ----------
    path : path
    rows : (n,) array of integer, optional
        Only these samples, by their numbers; see `filter`.
    """

    def __init__(self, path: str | Path, rows: NDArray[np.integer] | None = None) -> None:
        self.path = as_path(path)
        opened = open_finished(path)
        if content_of(opened.attributes, path) is not PLANES_OF_IMAGES:
            raise StoreError(f"{path} holds recordings, not planes. Use `open_dataset`.")
        self.attributes: dict[str, Any] = opened.attributes
        self.failures: list[dict[str, Any]] = opened.failures
        self._whole = opened.table
        self._indices, self._table = take_rows(opened.table, rows)
        numbers = self._table.numbers
        first = [int(numbers[name][0]) if len(self) else 0 for name in ("width", "height")]
        self.size = SensorSize(*first)
        if any(
            (numbers[n] != side).any() for n, side in zip(("width", "height"), first, strict=True)
        ):
            raise damaged(path, "its samples are of different sizes")
        self._arrays = PartArrays(self.path)

    def __reduce__(self) -> tuple[type["PlanesDataset"], tuple[Any, ...]]:
        rows = self._indices if self._table is not self._whole else None
        return PlanesDataset, (self.path, rows)

    def __repr__(self) -> str:
        return f"PlanesDataset({len(self)} samples of {self.size}, {self.path})"

    def __len__(self) -> int:
        return len(self._table)

    def __iter__(self) -> Iterator[PlaneSample]:
        return (self._sample(i) for i in range(len(self)))

    @overload
    def __getitem__(self, index: int) -> PlaneSample: ...
    @overload
    def __getitem__(self, index: slice) -> list[PlaneSample]: ...
    def __getitem__(self, index: int | slice) -> PlaneSample | list[PlaneSample]:
        """Take a sample, or a list of them for a slice."""
        if isinstance(index, slice):
            return [self._sample(i) for i in range(*index.indices(len(self)))]
        place = int(index) + (len(self) if index < 0 else 0)
        if not 0 <= place < len(self):
            raise IndexError(
                f"sample {index} does not exist; {self.path} holds {len(self)}, from 0."
            )
        return self._sample(place)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """Names of the labels in the whole dataset, sorted; their places are their numbers."""
        return label_names(self._whole)

    @cached_property
    def label_numbers(self) -> NDArray[np.int64]:
        """(n,) int64: number of the label of each sample; -1 where there is none."""
        return label_numbers(self._table, self.labels)

    def filter(
        self,
        *,
        split: Wanted = None,
        label: Wanted = None,
        group: Wanted = None,
        status: Wanted = None,
    ) -> "PlanesDataset":
        """Take the samples that have these values, in their order; reads nothing.

        Parameters
        ----------
        split, label, group, status : str or collection of str, optional
            One value, or several of which one will do.

        Returns
        -------
        PlanesDataset
            With fewer samples; their `index` is still that in the whole dataset.

        Raises
        ------
        ConfigError
            If a value is not there at all.

        Examples
        --------
        >>> dataset.filter(split="train", label=("walk", "run"))        # doctest: +SKIP
        """
        wanted = {"split": split, "label": label, "group": group, "status": status}
        return PlanesDataset(self.path, self._indices[select(self._table, wanted)])

    def table(self) -> dict[str, NDArray[Any]]:
        """What is known of all samples, as columns; `pandas.DataFrame(...)` takes it.

        Returns
        -------
        dict of str to (n,) ndarray
            index, sample, label, label_number, split, group, source, status, width, height,
            seed, ones: numbers as int64, texts as objects.
        """
        return columns_of_samples(self._table, self._indices, self.labels)

    @property
    def ones(self) -> NDArray[np.int64]:
        """(n,) int64: events of each sample."""
        return self._table.numbers["ones"]

    @property
    def rate(self) -> float:
        """Share of ones over all samples, 0 to 1."""
        pixels = 16 * self.size.width * self.size.height * len(self)
        return float(self.ones.sum()) / pixels if pixels else 0.0

    def read(self, indices: ArrayLike) -> NDArray[np.uint8]:
        """Read many samples at once.

        Parameters
        ----------
        indices : (B,) array of integer
            In any order, also more than once.

        Returns
        -------
        (B, 8, 2, H, W) ndarray of uint8

        Raises
        ------
        ConfigError
            If they are not integers in range.
        DamagedStoreError
            If they cannot be read.
        """
        return np.unpackbits(self.read_packed(indices), axis=-1, count=self.size.width)

    def read_packed(self, indices: ArrayLike) -> NDArray[np.uint8]:
        """As `read`, but eight pixels per byte.

        Returns
        -------
        (B, 8, 2, H, ceil(W / 8)) ndarray of uint8
        """
        places = np.asarray(indices)
        if places.size == 0:
            places = places.astype(np.int64)
        if places.ndim != 1 or places.dtype.kind not in "iu":
            raise ConfigError(
                f"indices must be a list of integers, found {places.dtype} {places.shape}."
            )
        wrong = places[(places < 0) | (places >= len(self))]
        if wrong.size:
            raise ConfigError(
                f"indices must be from 0 to {len(self) - 1} for {self.path}, found {wrong[0]}."
            )
        return self.gather(*(self._table.numbers[name][places] for name in ("part", "row")))

    def gather(self, parts: NDArray[np.int64], rows: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Planes of samples by where they lie; see `read_packed`."""
        out = np.empty((len(parts), *plane_shape(self.size)), np.uint8)
        for part in np.unique(parts).tolist():
            here = np.flatnonzero(parts == part)
            wanted, back = np.unique(rows[here], return_inverse=True)
            out[here] = self._read_rows(part, wanted)[back]
        return out

    def _read_rows(self, part: int, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Rows of a part, sorted; at once if they lie together."""
        shape = self._arrays.read(part, "planes", lambda array: array.shape)
        if shape[1:] != plane_shape(self.size) or int(rows[-1]) >= shape[0]:
            raise damaged(self.path, f"planes of part {part:05d} have the shape {shape}")
        first, last = int(rows[0]), int(rows[-1])
        if last - first + 1 == len(rows):
            return self._arrays.column(part, "planes", first, last + 1)
        return self._arrays.read(part, "planes", lambda array: array.take(rows))

    def _sample(self, index: int) -> PlaneSample:
        row = self._table.row(index)
        size = SensorSize(row.pop("width"), row.pop("height"))
        return PlaneSample(index=int(self._indices[index]), size=size, dataset=self, **row)
