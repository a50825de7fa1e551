"""Every promise of planes, broken."""

import json

import numpy as np
import pytest
import zarr

from eventsim.store.verify import verify


@pytest.fixture
def planes_path(tmp_path, hand):
    hand.write_planes(tmp_path / "a.zarr")
    return tmp_path / "a.zarr"


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
def test_wrong_bits_are_found_also_with_a_right_checksum(planes_path, hand, place, value, words):
    array = zarr.open_array(planes_path / "parts/00000/planes", mode="r+")
    array[place] = np.uint8(value)
    assert any("planes/c/0/0/0/0/0 does not match" in p for p in verify(planes_path).problems)
    hand.reseal(planes_path)
    problems = verify(planes_path).problems
    assert any(words in problem for problem in problems), problems
    assert all("checksum" not in problem for problem in problems)


def test_counts_and_rows(planes_path, hand):
    node = planes_path / "parts/00000/commit/zarr.json"
    columns = json.loads(node.read_text())["attributes"]["columns"]
    columns["ones"][3] = 1
    hand.reseal(planes_path, columns=columns)
    assert any("sample 3: holds" in p for p in verify(planes_path).problems)
    hand.reseal(planes_path, columns=columns | {"row": [0, 1, 2, 4, 3]})
    assert any("must count from 0 to 4" in p for p in verify(planes_path).problems)
    hand.reseal(planes_path, on=0)
    assert any("0 ON events" in p for p in verify(planes_path).problems)


def test_a_missing_shard(planes_path):
    for file in (planes_path / "parts/00001/planes/c").rglob("*"):
        if file.is_file():
            file.unlink()
    assert any(p.startswith("Part 00001") for p in verify(planes_path).problems)
