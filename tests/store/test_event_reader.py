"""Pieces of recordings, found by index and time, decoded once."""

from itertools import pairwise

import numpy as np
import pytest

from eventsim.events import Events, Packet
from eventsim.store import event_reader
from eventsim.store.arrays import StoredArray
from eventsim.store.dataset import create_dataset
from eventsim.store.event_reader import EventReader, Span
from eventsim.store.opening import PartArrays
from eventsim.store.writer import PartWriter


def recording(seed, n, size):
    rng = np.random.default_rng(seed)
    pauses = rng.choice([0, 0, 1, 5, 2**59], n, p=[0.4, 0.2, 0.2, 0.18, 0.02])
    t = np.minimum(np.cumsum(pauses.astype(object)), 2**62).astype(np.int64)
    x, y = rng.integers(0, size[0], n), rng.integers(0, size[1], n)
    return Events.of(t, x, y, rng.random(n) < 0.5, rng.integers(0, 4, n), size=size)


LENGTHS_AND_SIZES = [(40, (12, 7)), (3, (640, 480)), (0, (1, 1)), (5, (3, 3)), (100, (31, 2))]


@pytest.fixture
def mixed(tmp_path, small_shards):
    """Recordings of different sensors in one part, several in a chunk, with long pauses."""
    create_dataset(tmp_path / "a.zarr", {}, parts=1)
    writer = PartWriter(tmp_path / "a.zarr", 0)
    made, spans, start = [], [], 0
    for seed, (n, size) in enumerate(LENGTHS_AND_SIZES):
        events = recording(seed, n, size)
        writer.begin_recording(size=size, source="x", seed=1)
        for a, b in pairwise([0, n // 3, n]):
            last = int(events.t[b - 1]) if b else 0
            frame = np.array([last if b == n else last - 1 if last else 0])
            writer.write(Packet(events[a:b], frame[:0], frame[:0]))
        writer.end_recording()
        made.append(events)
        spans.append(Span(0, start, start + n, events.size))
        start += n
    writer.commit()
    return EventReader(PartArrays(tmp_path / "a.zarr")), spans, made


def test_pieces_and_times(mixed):
    reader, spans, made = mixed
    for span, events in zip(spans, made, strict=True):
        n = len(events)
        for a, b in ((0, n), (0, 0), (n, n), (n // 3, n // 2), (0, min(n, 17))):
            assert reader.read(span, a, b) == events[a:b]
        for t_us in {-1, 0, 1, 2**62, *events.t.tolist(), *(events.t + 1).tolist()}:
            assert reader.first_at(span, t_us) == np.searchsorted(events.t, t_us)


def test_long_pieces_do_not_fill_the_cache(mixed, monkeypatch):
    reader, spans, made = mixed
    monkeypatch.setattr(event_reader, "_LONG_EVENTS", 20)
    for span, events in zip(spans, made, strict=True):
        assert reader.read(span, 0, len(events)) == events


def test_a_chunk_is_decoded_once(mixed, monkeypatch):
    reader, spans, made = mixed
    read = []
    real = StoredArray.read_chunk

    def count(self, number, out=None):
        read.append((self.shape, number))
        return real(self, number, out)

    monkeypatch.setattr(StoredArray, "read_chunk", count)
    for _ in range(3):
        for span, events in zip(spans, made, strict=True):
            assert reader.read(span, 0, len(events)) == events
            reader.first_at(span, 0)
    assert len(read) > 10
    assert len(read) == len(set(read))
