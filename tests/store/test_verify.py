import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zarr

from eventsim.errors import EventSimError, StoreError
from eventsim.events import Events, Packet
from eventsim.store.dataset import create_dataset
from eventsim.store.finish import finish
from eventsim.store.reader import open_dataset
from eventsim.store.verify import verify
from eventsim.store.writer import PartWriter


def test_whole(dataset_path):
    report = verify(dataset_path)
    assert report.problems == ()
    assert (report.recordings, report.events, report.parts, report.failures) == (3, 800, 2, 1)


ALL_FILES = 70
"""Files of the small dataset, at least."""


def files_of(path: Path) -> list[Path]:
    return sorted(file for file in path.rglob("*") if file.is_file())


def read_all(path: Path) -> list[Events]:
    return [recording.events for recording in open_dataset(path)]


def test_one_byte_flipped_in_each_file(dataset_path):
    """It is named, whichever file it is; and a reader gives the right events or an error."""
    expected = read_all(dataset_path)
    files = files_of(dataset_path)
    assert len(files) > ALL_FILES
    for file in files:
        right = file.read_bytes()
        for place in {0, len(right) // 2, len(right) - 1}:
            flipped = bytearray(right)
            flipped[place] ^= 0x08
            file.write_bytes(flipped)
            name = file.relative_to(dataset_path)
            assert problems_of(dataset_path), (name, place)
            try:
                found = read_all(dataset_path)
            except EventSimError:
                continue
            assert found == expected, (name, place)
        file.write_bytes(right)
    assert verify(dataset_path).problems == ()


def test_each_file_deleted(dataset_path):
    expected = read_all(dataset_path)
    for file in files_of(dataset_path):
        right = file.read_bytes()
        file.unlink()
        assert problems_of(dataset_path), file
        try:
            found = read_all(dataset_path)
        except EventSimError:
            found = expected
        assert found == expected, file
        file.write_bytes(right)


def problems_of(path: Path) -> tuple[str, ...]:
    """What `verify` names, or raises because there is no dataset left."""
    try:
        return verify(path).problems
    except EventSimError as error:
        return (str(error),)


@pytest.mark.parametrize("column", ["step", "restart", "frame_t", "offsets"])
def test_flipped_and_missing_shards_are_named(dataset_path, column):
    shard = next(f for f in (dataset_path / f"parts/00001/{column}/c").rglob("*") if f.is_file())
    name = f"Part 00001: {shard.relative_to(dataset_path / 'parts/00001').as_posix()}"
    content = bytearray(shard.read_bytes())
    content[30] ^= 0x10
    shard.write_bytes(content)
    assert any(f"{name} does not match" in p for p in verify(dataset_path).problems)
    shard.unlink()
    assert f"{name} is missing." in verify(dataset_path).problems


def test_a_shard_of_another_dataset(tmp_path, hand):
    """Each is whole, and even of the same length: but it is not the one that was written."""
    shards = []
    for name, seed in (("a", 1), ("b", 2)):
        create_dataset(tmp_path / name, {}, parts=1)
        writer = PartWriter(tmp_path / name, 0)
        t = np.arange(1, 9)
        writer.begin_recording(size=hand.size, source="x", seed=1)
        p = np.arange(8) % seed == 0
        events = Events.of(t, t * 0, t * 0, p, size=hand.size)
        writer.write(Packet(events, np.array([0, 9]), np.array([0, 8])))
        writer.end_recording()
        writer.commit()
        finish(tmp_path / name)
        shards.append(tmp_path / name / "parts/00000/step/c/0")
    sizes = {shard.stat().st_size for shard in shards}
    if len(sizes) == 1:  # else it is found by its length
        assert shards[0].read_bytes() != shards[1].read_bytes()
    shards[0].write_bytes(shards[1].read_bytes())
    assert any("step/c/0 does not match" in p for p in verify(tmp_path / "a").problems)


def damage(path: Path, reseal, column: str, index: Any, value: Any) -> None:
    """Write a wrong number as a faulty program would: with checksums that agree with it."""
    array = zarr.open_array(path / f"parts/00000/{column}", mode="r+")
    array[index] = value
    reseal(path)


def step(move: int, kind: int = 0, p: int = 0) -> int:
    return move << 4 | kind << 1 | p


@pytest.mark.parametrize(
    ("column", "index", "value", "words"),
    [
        ("step", 23, step(0, kind=5), "event 23: kind=5"),
        ("step", 0, step(5), "event 0: it is a restart, but its difference is 5"),
        ("step", 7, step(2**60 - 1), "event 7: its time is out of range"),
        ("step", 499, step(12 * 7 * 9000), "the events say"),
        ("restart", (0, 0), 1, "event 0 must be in the table of restarts"),
        ("restart", (0, 2), 12 * 7, "event 0: pixel 84 is outside a sensor of 12x7"),
        ("restart", (0, 1), 2**63 - 5, "its time is out of range"),
        ("restart", (0, 1), -9000, "frame 0 (t=0 us): its index says"),
        ("frame_stop", 4, 0, "the frames' index must rise to 500"),
        ("frame_t", 3, 1000, "frame 3: its time does not rise"),
        ("frame_t", 3, 3500, "frame 3 (t=3500 us): its index says"),
        ("frame_t", 8, 9000, "duration_us is 8000"),
        ("offsets", 1, 499, "its record says 0 to 500, but offsets says 0 to 499"),
        ("frame_offsets", 2, 3, "frame_offsets must rise from 0 to 18"),
    ],
)
def test_each_promise(dataset_path, hand, column, index, value, words):
    damage(dataset_path, hand.reseal, column, index, value)
    problems = verify(dataset_path).problems
    assert any(words in p for p in problems), problems
    assert all("checksum" not in p for p in problems)


def test_counts_of_a_record(dataset_path, hand):
    array = zarr.open_array(dataset_path / "parts/00000/step", mode="r")
    damage(dataset_path, hand.reseal, "step", 9, int(array[9]) ^ 1)
    assert any("of kinds and ON" in p for p in verify(dataset_path).problems)


@pytest.mark.usefixtures("small_shards")
def test_restarts_that_are_missing_too_early_or_too_many(tmp_path, hand):
    path = tmp_path / "a.zarr"
    for rows, words in (
        (lambda rows: np.delete(rows, 1, axis=0), "event 16 must be in the table"),
        (lambda rows: rows - [[0, 0, 0], [0, 9000, 0], *[[0, 0, 0]] * 2], "after a later event"),
        (lambda rows: np.concatenate([rows, [[99, 0, 0]]]), "belong to no recording"),
        (lambda rows: rows[[0, 2, 1, 3]], "must rise"),
    ):
        create_dataset(path, {}, parts=1)
        writer = PartWriter(path, 0)
        hand.write_recording(writer, hand.make_packets(1, 60), "a")
        writer.commit()
        finish(path)
        array = zarr.open_array(path / "parts/00000/restart", mode="r+")
        changed = rows(array[:])
        array.resize(changed.shape)
        array[:] = changed
        hand.reseal(path)
        problems = verify(path).problems
        assert any(words in p for p in problems), (words, problems)
        shutil.rmtree(path)


def test_truncated_column(dataset_path):
    zarr.open_array(dataset_path / "parts/00000/step", mode="r+").resize((10,))
    assert any("step must hold 500, found (10,)" in p for p in verify(dataset_path).problems)


def test_sample_table(dataset_path):
    zarr.open_array(dataset_path / "samples/stop", mode="r+")[0] = 3
    problems = verify(dataset_path).problems
    assert "Sample table, stop, recording 0: 3, but its record says 500." in problems
    assert "Sample table: stop/c/0 does not match its checksum." in problems


def test_sample_table_text(dataset_path):
    array = zarr.open_array(dataset_path / "samples/label", mode="r+")
    array[0] = ord("t")
    problems = verify(dataset_path).problems
    assert "Sample table, label, recording 0: 'talk', but its record says 'walk'." in problems


def test_part_without_record(dataset_path):
    (dataset_path / "parts/00001/commit/zarr.json").unlink()
    problems = verify(dataset_path).problems
    assert any("Part 00001 has no commit record" in p for p in problems)


def test_leftovers(dataset_path):
    (dataset_path / "parts/00007").mkdir()
    (dataset_path / "parts/00000/step/c/0.abc.partial").write_bytes(b"")
    problems = " ".join(verify(dataset_path).problems)
    assert "parts/00007 is none of its parts" in problems
    assert "0.abc.partial was left" in problems


def test_unfinished(tmp_path):
    create_dataset(tmp_path / "o", {}, parts=1)
    PartWriter(tmp_path / "o", 0)
    problems = verify(tmp_path / "o").problems
    assert "not finished" in problems[0]
    assert "no commit record" in problems[1]


def test_not_a_dataset(tmp_path):
    with pytest.raises(StoreError, match="not an eventsim dataset"):
        verify(tmp_path)
