import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import zarr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventsim.errors import StoreError, TimeOrderError
from eventsim.events import Events, Packet
from eventsim.store.dataset import committed_parts, create_dataset
from eventsim.store.finish import finish
from eventsim.store.reader import open_dataset
from eventsim.store.verify import verify
from eventsim.store.writer import PartWriter


@pytest.mark.usefixtures("small_shards")
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    lengths=st.lists(st.sampled_from([0, 1, 63, 64, 65, 128, 200]), min_size=1, max_size=3),
    packets=st.integers(1, 5),
)
def test_round_trip(tmp_path_factory, hand, lengths, packets):
    """What is written is read back, wherever it crosses the borders of chunks and shards."""
    path = tmp_path_factory.mktemp("d") / "out.zarr"
    made = [hand.make_packets(n, n, packets=packets) for n in lengths]
    create_dataset(path, {}, parts=1)
    writer = PartWriter(path, 0)
    for i, recording in enumerate(made):
        hand.write_recording(writer, recording, f"{i}")
    writer.commit()
    finish(path)
    dataset = open_dataset(path)
    assert len(dataset) == len(made)
    for recording, expected in zip(dataset, made, strict=True):
        assert recording.events == hand.joined(expected)
        assert recording.frame_t_us.tolist() == list(range(0, 9000, 1000))
        first_after = np.searchsorted(recording.events.t, recording.frame_t_us, "right")
        assert recording.frame_event_index.tolist() == first_after.tolist()
    assert verify(path).problems == ()


def test_packets_without_a_frame_may_come_first(tmp_path):
    """As of a run-in: the recording begins at its first frame."""
    create_dataset(tmp_path / "d.zarr", {}, parts=1)
    writer, none = PartWriter(tmp_path / "d.zarr", 0), np.zeros(0, np.int64)
    writer.begin_recording(size=(3, 2), source="s", seed=1)
    writer.write(Packet(Events.empty((3, 2)), none, none))
    events = Events.of([5100, 5900], [0, 1], [0, 1], [True, False], size=(3, 2))
    writer.write(Packet(events, np.array([5000, 6000]), np.array([0, 2])))
    writer.end_recording()
    writer.commit()
    finish(tmp_path / "d.zarr")
    (recording,) = open_dataset(tmp_path / "d.zarr")
    assert (recording.start_us, recording.duration_us) == (5000, 1000)
    assert verify(tmp_path / "d.zarr").problems == ()


def test_two_conversions_are_byte_identical(tmp_path, hand, tree):
    for name in ("a", "b"):
        hand.write_dataset(tmp_path / name)
    first, second = tree(tmp_path / "a"), tree(tmp_path / "b")
    assert len(first) > 20
    assert first == second


def test_big_part_is_byte_identical(tmp_path, tree):
    """Large enough that the compressor cuts a chunk into blocks."""
    rng = np.random.default_rng(0)
    n = 1_300_000
    xy = rng.integers(0, 200, (2, n)).astype(np.uint16)
    t = np.arange(n, dtype=np.int64)
    events = Events(t, xy[0], xy[1], xy[0] > xy[1], np.zeros(n, np.uint8), (200, 200))
    for name in ("a", "b"):
        create_dataset(tmp_path / name, {}, parts=1)
        writer = PartWriter(tmp_path / name, 0)
        writer.begin_recording(size=(200, 200), source="x", seed=1)
        writer.write(Packet(events, np.array([n]), np.array([n])))
        writer.end_recording()
        writer.commit()
    assert tree(tmp_path / "a") == tree(tmp_path / "b")
    folder = tmp_path / "a/parts/00000/step"
    assert zarr.open_group(folder.parent, mode="r")["step"].shape == (n,)
    assert [file.name for file in (folder / "c").iterdir()] == ["0"]


@pytest.mark.usefixtures("small_shards")
@pytest.mark.parametrize("lost", [10, 64, 300])
def test_failed_recording_leaves_nothing(tmp_path, hand, lost):
    """Also where its events had been flushed already."""
    path = tmp_path / "out.zarr"
    create_dataset(path, {}, parts=1)
    writer = PartWriter(path, 0)
    hand.write_recording(writer, hand.make_packets(1, 100), "good")
    writer.begin_recording(size=hand.size, source="bad", seed=7)
    for packet in hand.make_packets(2, lost):
        writer.write(packet)
    writer.fail_recording("it broke", source="bad")
    hand.write_recording(writer, hand.make_packets(3, 90), "later")
    writer.commit()
    finish(path)
    dataset = open_dataset(path)
    assert [r.source for r in dataset] == ["good", "later"]
    assert dataset[1].events == hand.joined(hand.make_packets(3, 90))
    assert dataset.failures == [{"sample": 1, "source": "bad", "reason": "it broke"}]
    assert verify(path).problems == ()


def test_uncommitted_part_is_rewritten(tmp_path, hand, tree):
    """What a killed writer left is deleted in the end; the result is that of one run."""
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    hand.write_dataset(whole)
    create_dataset(killed, {"version": "0", "seed": 1}, parts=2)
    writer = PartWriter(killed, 0)
    hand.write_recording(writer, hand.make_packets(9, 2000), "other")
    assert list((killed / "parts").iterdir()) == [killed / "parts" / "zarr.json"]
    assert committed_parts(killed) == set()
    writer = PartWriter(killed, 0)
    hand.write_recording(writer, hand.make_packets(1, 500), "a.mp4", label="walk", split="train")
    hand.write_recording(writer, hand.make_packets(2, 0), "b.mp4")
    writer.commit()
    writer = PartWriter(killed, 1)
    writer.fail_recording("it is broken", source="bad.mp4")
    hand.write_recording(writer, hand.make_packets(3, 300, t0_us=2**40), "ü.mp4", label="läuft")
    writer.commit()
    finish(killed)
    assert tree(killed) == tree(whole)


def test_committed_part_is_never_written_again(dataset_path):
    with pytest.raises(StoreError, match="committed already"):
        PartWriter(dataset_path, 0)


def test_memory_is_bounded(tmp_path, hand):
    """Many chunks of events need no more memory than one (8 bytes per event)."""
    path = tmp_path / "out.zarr"
    create_dataset(path, {}, parts=1)
    n = 1 << 18
    zero = np.zeros(n, np.uint16)
    kind = np.zeros(n, np.uint8)
    tracemalloc.start()
    try:
        writer = PartWriter(path, 0)
        writer.begin_recording(size=hand.size, source="long", seed=1)
        for i in range(24):
            t = np.full(n, i, np.int64)
            packet = Packet(
                Events(t, zero, zero, kind.view(np.bool_), kind, hand.size),
                np.array([i]),
                np.array([n]),
            )
            writer.write(packet)
        writer.end_recording()
        writer.commit()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert 24 * n * 8 > 50e6
    assert peak < 12e6  # of which the packet has 4 MB


def test_packets_must_follow_each_other(tmp_path, hand):
    create_dataset(tmp_path / "o", {}, parts=1)
    writer = PartWriter(tmp_path / "o", 0)
    writer.begin_recording(size=hand.size, source="x", seed=1)
    first, second, _ = hand.make_packets(1, 50)
    writer.write(second)
    with pytest.raises(TimeOrderError, match="follow each other"):
        writer.write(first)


def test_packet_of_another_sensor(tmp_path, hand):
    create_dataset(tmp_path / "o", {}, parts=1)
    writer = PartWriter(tmp_path / "o", 0)
    with pytest.raises(StoreError, match="begin_recording"):
        writer.write(hand.make_packets(1, 5)[0])
    writer.begin_recording(size=(99, 99), source="x", seed=1)
    with pytest.raises(StoreError, match="99x99, but a packet has 12x7"):
        writer.write(hand.make_packets(1, 5)[0])
    with pytest.raises(StoreError, match="must end before"):
        writer.begin_recording(size=(9, 9), source="y", seed=1)
    with pytest.raises(StoreError, match="must end before the commit"):
        writer.commit()


def test_disk_full_is_one_line(tmp_path):
    """The operating system refuses files above 200 kB: the writer says so in words."""
    code = f"""
import resource, numpy as np
from eventsim.events import Events, Packet
from eventsim.store.dataset import create_dataset
from eventsim.store.writer import PartWriter
from eventsim.errors import StoreError
create_dataset({str(tmp_path / "o")!r}, {{}}, parts=1)
writer = PartWriter({str(tmp_path / "o")!r}, 0)
writer.begin_recording(size=(32000, 32000), source="x", seed=1)
n = 1 << 20
x = np.random.default_rng(0).integers(0, 32000, n).astype(np.uint16)
events = Events(np.arange(n), x, x, x > 9, (x % 4).astype(np.uint8), (32000, 32000))
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
try:
    writer.write(Packet(events, np.array([n]), np.array([n])))
except StoreError as error:
    print(error)
"""
    if sys.platform == "win32":
        pytest.skip("has no limit on the size of a file")
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert "File too large. Free some space" in done.stdout
    assert done.stdout.count("\n") == 1
    assert committed_parts(tmp_path / "o") == set()


def test_other_zarr_readers_see_nothing_strange(dataset_path: Path):
    """Walking the tree with zarr alone gives no warning about unknown objects."""
    members = dict(zarr.open_group(dataset_path, mode="r").members(max_depth=None))
    assert members["parts/00000/step"].dtype == np.uint64
    assert members["parts/00000/step"].fill_value == 2**64 - 1
