"""Bring N-MNIST (Orchard and others 2015), as it was recorded, into one dataset.

    eventsim run nmnist N-MNIST OUT.zarr
    eventsim run nmnist RECORDINGS.npz OUT.zarr --train 500

N-MNIST is the folder that holds Train/5/00001.bin and Test/. RECORDINGS.npz holds some of the
recordings of Train as flat columns t (us), x, y, p with `offsets`, `label` and `mnist_index`; the
first `--train` of them become the split train, and the others the split test.

The sample number of a recording is the place of its digit in MNIST, so that it can be paired with
one that is simulated (card n-mnist-sim): training images from 0, test images from 60,000. In
which order the events of one microsecond were read out is not kept: they come in raster order.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import eventsim
from eventsim.errors import EventSimError, SourceError
from eventsim.events import Events, Packet
from eventsim.store.dataset import create_dataset
from eventsim.store.finish import finish
from eventsim.store.writer import PartWriter

SIZE = (34, 34)
"""Of the recordings (the dataset's own description)."""
PART = 1000
"""Recordings of a part: 4 million events."""
TRAINING_IMAGES = 60_000
"""Of MNIST."""


@dataclass(frozen=True)
class Digit:
    """A recording before it is read."""

    split: str
    label: str
    sample: int
    source: str

    def read(self) -> Events:
        """Its events: five bytes each, x, y, and 1 bit of polarity before 23 bits of time."""
        data = np.fromfile(self.source, np.uint8)
        if not data.size or data.size % 5:
            raise SourceError(f"{self.source} must hold five bytes an event, found {data.size}.")
        x, y, *rest = data.reshape(-1, 5).T.astype(np.int64)
        t_us = (rest[0] & 127) << 16 | rest[1] << 8 | rest[2]
        return in_order(t_us, x, y, rest[0] >> 7)


@dataclass(frozen=True)
class Stored(Digit):
    """A recording of a .npz, which is in memory."""

    columns: Sequence[np.ndarray]

    def read(self) -> Events:
        """Its events."""
        return in_order(*self.columns)


def in_order(t_us: np.ndarray, *columns: np.ndarray) -> Events:
    """Events by time; those of one microsecond in raster order, as everywhere in eventsim."""
    order = np.argsort(t_us, kind="stable")
    t, x, y, p = (column[order] for column in (t_us, *columns))
    return Events.of(t, x, y, p, size=SIZE)


def find_digits(folder: Path) -> list[Digit]:
    """All recordings of N-MNIST's folders, in the order of MNIST.

    Raises
    ------
    SourceError
        If there are none.
    """
    found = []
    for split, first in (("train", 0), ("test", TRAINING_IMAGES)):
        for path in folder.glob(f"{split.capitalize()}/[0-9]/*.bin"):
            if path.stem.isdigit():
                place = first + int(path.stem) - 1
                found.append(Digit(split, path.parent.name, place, str(path)))
    if not found:
        raise SourceError(
            f"expected recordings such as Train/5/00001.bin in {folder}, found none. Give the "
            "folder that holds Train and Test, unpacked."
        )
    return sorted(found, key=lambda digit: digit.sample)


def read_npz(path: Path, train: int) -> list[Digit]:
    """All recordings of a .npz; the first `train` of them for training.

    Raises
    ------
    SourceError
        If it cannot be read, or a column is missing.
    """
    names = ("t", "x", "y", "p", "offsets", "label", "mnist_index")
    try:
        with np.load(path, allow_pickle=False) as data:
            missing = [name for name in names if name not in data]
            if missing:
                raise SourceError(f"{path} must hold {', '.join(names)}; {missing[0]} is missing.")
            *columns, offsets, labels, places = (data[name] for name in names)
    except (OSError, ValueError) as error:
        raise SourceError(f"{path} cannot be read: {error}. Give a .npz.") from error
    return [
        Stored(
            "train" if k < train else "test", str(labels[k]), int(places[k]), path.name,
            tuple(column[offsets[k] : offsets[k + 1]] for column in columns),
        )
        for k in range(len(labels))
    ]  # fmt: skip


def attributes_of(count: int) -> dict[str, Any]:
    """What the dataset says of itself."""
    return {
        "version": eventsim.__version__,
        "method": "recorded",
        "sensor": "ATIS, 34x34 of 304x240",
        "settings": {},
        "about": {
            "title": "N-MNIST, recorded",
            "citation": 'G. Orchard, A. Jayawant, G. K. Cohen, N. Thakor, "Converting static image '
            'datasets to spiking neuromorphic datasets using saccades", Front. Neurosci. 9:437, '
            "2015",
        },
        "inputs": {"count": count},
    }


def convert(digits: Sequence[Digit], out: Path) -> list[str]:
    """Write the dataset; returns why recordings failed, a line each."""
    parts = -(-len(digits) // PART)
    create_dataset(out, attributes_of(len(digits)), parts=parts)
    failed = []
    for part in range(parts):
        writer = PartWriter(out, part)
        for digit, events, reason in _read(digits[part * PART : (part + 1) * PART]):
            if events is None:
                failed.append(reason)
                writer.fail_recording(reason, source=digit.source, sample=digit.sample)
                continue
            writer.begin_recording(
                size=SIZE, source=digit.source, seed=0, sample=digit.sample,
                id=f"{digit.split}/{digit.sample}", label=digit.label, split=digit.split,
            )  # fmt: skip
            frames = np.unique([0, *events.t[-1:].tolist()])
            stops = np.searchsorted(events.t, frames, side="right").astype(np.int64)
            writer.write(Packet(events, frames, stops))
            writer.end_recording()
        writer.commit()
    finish(out)
    return failed


def _read(digits: Sequence[Digit]) -> Iterator[tuple[Digit, Events | None, str]]:
    for digit in digits:
        try:
            yield digit, digit.read(), ""
        except (OSError, EventSimError) as error:
            yield digit, None, str(error)


def main(arguments: list[str] | None = None) -> int:
    """Run the converter."""
    parser = argparse.ArgumentParser(
        "nmnist", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("source", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--train", type=int, default=500, help="recordings of a .npz to train on")
    words = parser.parse_args(arguments)
    try:
        archive = words.source.suffix == ".npz"
        digits = read_npz(words.source, words.train) if archive else find_digits(words.source)
        failed = convert(digits, words.out)
    except EventSimError as error:
        print(f"nmnist: error: {error}", file=sys.stderr)
        return 2
    for reason in failed:
        print(f"nmnist: failed: {reason}", file=sys.stderr)
    print(f"wrote {eventsim.open_dataset(words.out)!r}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
