"""Recordings of which everything is known."""

import numpy as np
import pytest

from eventsim.events import Events, Packet
from eventsim.store.dataset import create_dataset
from eventsim.store.finish import finish
from eventsim.store.reader import open_dataset
from eventsim.store.writer import PartWriter


@pytest.fixture
def poisson():
    """Events of pixels that fire at random: ON at one rate, OFF at another, per pixel and s."""

    def make(seed, on_hz, off_hz, size=(8, 6), duration_us=100_000):
        rng = np.random.default_rng(seed)
        width, height = size
        counts = [rng.poisson(hz * duration_us * 1e-6 * width * height) for hz in (off_hz, on_hz)]
        n = sum(counts)
        t = np.sort(rng.integers(1, duration_us, n))
        p = rng.permutation(np.repeat([False, True], counts))
        return Events.of(t, rng.integers(0, width, n), rng.integers(0, height, n), p, size=size)

    return make


@pytest.fixture
def dataset_of(tmp_path):
    """A dataset of some streams that begin at a time, each with its split."""

    def make(name, streams, *, duration_us=100_000, first_us=0, splits=None, samples=None):
        path = tmp_path / name
        attributes = {"version": "0", "method": "recorded", "sensor": "", "settings": {},
                      "inputs": {"count": len(streams)}}  # fmt: skip
        create_dataset(path, attributes, parts=1)
        writer = PartWriter(path, 0)
        for k, events in enumerate(streams):
            moved = Events.from_columns(
                (events.t + first_us, events.x, events.y, events.p, events.kind), events.size
            )
            writer.begin_recording(
                size=events.size, source="s", seed=0, split=splits[k] if splits else "",
                sample=samples[k] if samples else k,
            )  # fmt: skip
            frames = np.array([first_us, first_us + duration_us])
            stops = np.searchsorted(moved.t, frames, side="right")
            writer.write(Packet(moved, frames, stops))
            writer.end_recording()
        writer.commit()
        finish(path)
        return open_dataset(path)

    return make
