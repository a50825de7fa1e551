"""A small dataset of recordings, written as `convert` writes one."""

import numpy as np
import pytest

from eventsim.events import Events, Packet
from eventsim.store.dataset import create_dataset
from eventsim.store.finish import finish
from eventsim.store.writer import PartWriter

SIZE = (16, 12)
LENGTHS_US = (40_000, 100_000, 5_000, 25_000)
COUNTS = (1500, 4000, 0, 900)
LABELS = ("walk", "run", "walk", "")
SPLITS = ("train", "train", "test", "train")


def make_recording(number):
    """Events and frame times; it begins at its number times 7 ms."""
    rng = np.random.default_rng(number)
    start, n = 7000 * number, COUNTS[number]
    t = np.sort(rng.integers(1, LENGTHS_US[number] + 1, n)) + start
    columns = (rng.integers(0, SIZE[0], n), rng.integers(0, SIZE[1], n), rng.random(n) < 0.5)
    events = Events.of(t, *columns, rng.integers(0, 4, n), size=SIZE)
    return events, start + np.arange(0, LENGTHS_US[number] + 1, 5000)


def write_recording(writer, number):
    events, frames = make_recording(number)
    writer.begin_recording(
        size=SIZE,
        source=f"{number}.mp4",
        seed=number,
        label=LABELS[number],
        split=SPLITS[number],
        sample=number,
        id=f"clip{number}",
    )
    stops = np.searchsorted(events.t, frames, side="right").astype(np.int64)
    writer.write(Packet(events, frames.astype(np.int64), stops))
    writer.end_recording()


@pytest.fixture(scope="session")
def clips(tmp_path_factory):
    """Path of a dataset of four recordings in two parts."""
    path = tmp_path_factory.mktemp("clips") / "clips.zarr"
    create_dataset(path, {"version": "0", "seed": 1}, parts=2)
    for part, numbers in enumerate([(0, 1), (2, 3)]):
        writer = PartWriter(path, part)
        for number in numbers:
            write_recording(writer, number)
        writer.commit()
    finish(path)
    return path
