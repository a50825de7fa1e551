"""Every promise of planes, broken."""

import json
import zlib

import numpy as np
import pytest
import zarr

from eventsim.store.verify import verify


@pytest.fixture
def planes_path(tmp_path, hand):
    hand.write_planes(tmp_path / "a.zarr")
    return tmp_path / "a.zarr"


def change_record(path, change):
    commit = path / "parts/00000/commit/zarr.json"
    content = json.loads(commit.read_text())
    change(content["attributes"])
    commit.write_text(json.dumps(content))


def test_whole(planes_path):
    report = verify(planes_path)
    assert report.problems == ()
    assert (report.recordings, report.parts, report.failures, report.content) == (8, 2, 1, "planes")


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        ((2, 0, 0, 0, 1), 0b00000001, "sample 2: has bits beyond its width of 11 px"),
        ((1, 3, slice(None), 1, 0), 0b10000000, "sample 1: has a pixel that is ON and OFF"),
    ],
)
def test_wrong_bits_are_found_also_with_a_right_checksum(planes_path, place, value, words):
    array = zarr.open_array(planes_path / "parts/00000/planes", mode="r+")
    array[place] = np.uint8(value)
    crc = zlib.crc32(np.ascontiguousarray(array[:]).tobytes())
    change_record(planes_path, lambda record: record["crc32"].update(planes=crc))
    problems = verify(planes_path).problems
    assert any(words in problem for problem in problems), problems
    assert all("checksum" not in problem for problem in problems)


def test_counts_rows_and_checksums(planes_path):
    change_record(planes_path, lambda record: record["columns"]["ones"].__setitem__(3, 1))
    assert any("sample 3: holds" in p for p in verify(planes_path).problems)
    change_record(planes_path, lambda record: record["columns"].update(row=[0, 1, 2, 4, 3]))
    assert any("must count from 0 to 4" in p for p in verify(planes_path).problems)
    change_record(planes_path, lambda record: record["crc32"].update(planes=1))
    assert any("do not match their checksum" in p for p in verify(planes_path).problems)
    change_record(planes_path, lambda record: record.update(on=0))
    assert any("0 ON events" in p for p in verify(planes_path).problems)


def test_a_missing_shard(planes_path):
    for file in (planes_path / "parts/00001/planes/c").rglob("*"):
        if file.is_file():
            file.unlink()
    assert any(p.startswith("Part 00001") for p in verify(planes_path).problems)
