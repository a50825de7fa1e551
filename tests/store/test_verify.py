import json
import zlib
from pathlib import Path

import numpy as np
import pytest
import zarr

from eventsim.errors import StoreError
from eventsim.store.dataset import create_dataset
from eventsim.store.verify import verify
from eventsim.store.writer import PartWriter


def test_whole(dataset_path):
    report = verify(dataset_path)
    assert report.problems == ()
    assert (report.recordings, report.events, report.parts, report.failures) == (3, 800, 2, 1)


@pytest.mark.parametrize("column", ["t", "x", "y", "p", "kind", "frame_t", "frame_stop"])
def test_flipped_bytes(dataset_path, column):
    """One bit in each of sixteen bytes: a single one may fall where the codec does not look."""
    chunk = dataset_path / f"parts/00001/{column}/c/0"
    content = bytearray(chunk.read_bytes())
    for i in range(30, 46):
        content[i] ^= 0x10
    chunk.write_bytes(content)
    assert any(f"Part 00001: column {column}" in p for p in verify(dataset_path).problems)


@pytest.mark.parametrize("column", ["t", "p"])
def test_missing_shard(dataset_path, column):
    (dataset_path / f"parts/00000/{column}/c/0").unlink()
    problems = " ".join(verify(dataset_path).problems)
    assert f"column {column} must have files for 500, found 0" in problems


def damage(path: Path, column: str, index: int, value: int) -> None:
    """Write a wrong number as a faulty program would: with a checksum that agrees with it."""
    array = zarr.open_array(path / f"parts/00000/{column}", mode="r+")
    array[index] = value
    commit = path / "parts/00000/commit/zarr.json"
    content = json.loads(commit.read_text())
    content["attributes"]["crc32"][column] = zlib.crc32(np.asarray(array[:]).tobytes())
    commit.write_text(json.dumps(content))


@pytest.mark.parametrize(
    ("column", "index", "value", "words"),
    [
        ("t", 100, 0, "recording 0 (a.mp4): event 100: t=0 us comes after a later event"),
        ("x", 20, 12, "event 20: x=12 is outside a sensor 12 wide"),
        ("y", 21, 7, "event 21: y=7 is outside a sensor 7 high"),
        ("p", 22, 2, "event 22: p=2 is neither 0 nor 1"),
        ("kind", 23, 4, "event 23: kind=4"),
        ("frame_stop", 4, 0, "the frames' index must rise to 500"),
        ("frame_t", 3, 1000, "frame 3: its time does not rise"),
        ("frame_t", 3, 3500, "frame 3 (t=3500 us): its index says"),
        ("frame_t", 8, 9000, "duration_us is 8000"),
        ("offsets", 1, 499, "its record says 0 to 500, but offsets says 0 to 499"),
        ("frame_offsets", 2, 3, "frame_offsets must rise from 0 to 18"),
    ],
)
def test_each_promise(dataset_path, column, index, value, words):
    damage(dataset_path, column, index, value)
    problems = verify(dataset_path).problems
    assert any(words in p for p in problems), problems
    assert all("checksum" not in p for p in problems)


def test_ties_out_of_raster_order(dataset_path):
    """Two events of one microsecond whose rows are the wrong way round."""
    array = zarr.open_array(dataset_path / "parts/00000/t", mode="r")
    t = int(np.asarray(array[50]))
    for column, values in (("t", (t, t)), ("y", (3, 2))):
        for index, value in zip((50, 51), values, strict=True):
            damage(dataset_path, column, index, value)
    assert any("event 51: t=" in p and "raster" in p for p in verify(dataset_path).problems)


def test_truncated_column(dataset_path):
    zarr.open_array(dataset_path / "parts/00000/x", mode="r+").resize((10,))
    assert any("column x must hold 500, found (10,)" in p for p in verify(dataset_path).problems)


def test_sample_table(dataset_path):
    zarr.open_array(dataset_path / "samples/stop", mode="r+")[0] = 3
    problems = verify(dataset_path).problems
    assert problems == ("Sample table, stop, recording 0: 3, but its record says 500.",)


def test_sample_table_text(dataset_path):
    array = zarr.open_array(dataset_path / "samples/label", mode="r+")
    array[0] = ord("t")
    problems = verify(dataset_path).problems
    assert problems == ("Sample table, label, recording 0: 'talk', but its record says 'walk'.",)


def test_part_without_record(dataset_path):
    (dataset_path / "parts/00001/commit/zarr.json").unlink()
    problems = verify(dataset_path).problems
    assert any("Part 00001 has no commit record" in p for p in problems)


def test_leftovers(dataset_path):
    (dataset_path / "parts/00007").mkdir()
    (dataset_path / "parts/00000/t/c/0.abc.partial").write_bytes(b"")
    problems = " ".join(verify(dataset_path).problems)
    assert "parts/00007 belongs to no planned part" in problems
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
