"""What was edited is refused, whatever it was."""

import copy

import numpy as np
import pytest

from eventsim.errors import DamagedStoreError
from eventsim.store.commits import commit_record
from eventsim.store.dataset import open_root
from eventsim.store.layout import EVENTS, PLANES_OF_IMAGES
from eventsim.store.records import (
    check_attributes,
    check_failures,
    check_numbers,
    check_record,
    is_count,
    kinds_of,
)

WRONG = [None, -1, 2**63, 0.5, "1", True, [], {}]


def test_counts():
    assert all(map(is_count, (0, 1, 2**63 - 1)))
    assert not any(map(is_count, WRONG))


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("name", ["parts", "finished", "recordings", "events", "failures"])
def test_attributes(dataset_path, name, wrong):
    good = open_root(dataset_path).attrs.asdict()
    check_attributes(good, dataset_path)
    if (name, wrong) in (("failures", []), ("finished", True)):
        return
    with pytest.raises(DamagedStoreError, match="is damaged: its attributes"):
        check_attributes({**good, name: wrong}, dataset_path)


def test_no_loop_over_parts_without_end(dataset_path):
    good = open_root(dataset_path).attrs.asdict()
    with pytest.raises(DamagedStoreError, match="how many parts"):
        check_attributes({**good, "parts": 10**9}, dataset_path)


def test_tables_of_settings(dataset_path):
    good = open_root(dataset_path).attrs.asdict()
    for name in ("settings", "encoding", "geometry", "inputs"):
        with pytest.raises(DamagedStoreError, match=name):
            check_attributes({**good, name: [1]}, dataset_path)


@pytest.mark.parametrize(
    "failures",
    [
        None,
        {},
        [1],
        [{}],
        [{"source": "a"}],
        [{"source": "a", "reason": 3, "sample": 1}],
        [{"source": "a", "reason": "b"}],
        [{"source": "a", "reason": "b", "sample": -1}],
    ],
)
def test_failures(failures):
    check_failures([{"source": "a", "reason": "b", "sample": 0}], "x.zarr", "they")
    with pytest.raises(DamagedStoreError, match="no list of failed inputs"):
        check_failures(failures, "x.zarr", "they")


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize(
    "name", [*EVENTS.numbers[1:], *EVENTS.strings, "on", "kinds", "recordings", "files", "events"]
)
def test_records_of_events(dataset_path, name, wrong):
    record = copy.deepcopy(commit_record(dataset_path, 0, EVENTS))
    inner = name in record["recordings"][0] and name != "events"
    target = record["recordings"][0] if inner else record
    if type(wrong) is type(target[name]) and wrong not in (-1, 2**63):
        return  # a text for a text
    target[name] = wrong
    with pytest.raises(DamagedStoreError, match="part 00000"):
        check_record(record, EVENTS, 0, dataset_path)


def test_records_of_planes():
    columns = {name: [0] for name in PLANES_OF_IMAGES.numbers}
    columns |= {name: [""] for name in PLANES_OF_IMAGES.strings} | {"notes": [["x"]]}
    good = {"events": 0, "on": 0, "files": {}, "columns": columns, "failures": []}
    check_record(good, PLANES_OF_IMAGES, 0, "x.zarr")
    for name in (*PLANES_OF_IMAGES.numbers[1:], *PLANES_OF_IMAGES.strings):
        for wrong in (None, [None], [-1], [0.5], [[1]], [], {}):
            changed = {**good, "columns": {**columns, name: wrong}}
            with pytest.raises(DamagedStoreError, match="part 00003"):
                check_record(changed, PLANES_OF_IMAGES, 3, "x.zarr")


def test_numbers_of_the_table():
    one = {name: np.ones(3, np.int64) for name in EVENTS.numbers}
    check_numbers(one, EVENTS, 2, "x.zarr")
    check_numbers({name: np.zeros(0, np.int64) for name in one}, EVENTS, 0, "x.zarr")
    for name, wrong in (
        *(("part", 2), ("part", -1), ("width", 0), ("width", 32_768), ("height", -5)),
        *(("start", -1), ("start", 2), ("frame_start", 2), ("path_start", 2), ("seed", -1)),
    ):
        changed = {**one, name: np.array([1, 1, wrong])}
        with pytest.raises(DamagedStoreError, match="table"):
            check_numbers(changed, EVENTS, 2, "x.zarr")


def test_before_version_0_9_no_kind_was_unknown(dataset_path):
    """Records of older datasets count four kinds, and are read as they are."""
    assert kinds_of({"kinds": [5, 0, 2, 1]}) == [5, 0, 2, 1, 0]
    assert kinds_of({"kinds": [0, 0, 0, 0, 8]}) == [0, 0, 0, 0, 8]
    record = copy.deepcopy(commit_record(dataset_path, 0, EVENTS))
    for kinds in ([1, 0, 2, 0, 3], [1, 0, 2, 0]):
        record["recordings"][0]["kinds"] = kinds
        check_record(record, EVENTS, 0, dataset_path)
    for kinds in ([1, 0, 2], [1, 0, 2, 0, 3, 0]):
        record["recordings"][0]["kinds"] = kinds
        with pytest.raises(DamagedStoreError, match="events of each kind"):
            check_record(record, EVENTS, 0, dataset_path)
