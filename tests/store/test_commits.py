"""A part exists from its commit record on."""

import pytest

from eventsim.errors import DamagedStoreError, StoreError
from eventsim.store.commits import begin_part, commit_part, commit_record
from eventsim.store.dataset import committed_parts, create_dataset
from eventsim.store.layout import EVENTS


def test_a_part_is_begun_anew_until_it_is_committed(tmp_path):
    path = tmp_path / "a.zarr"
    create_dataset(path, {}, parts=2)
    (begin_part(path, 1).folder / "left over").mkdir()
    attempt = begin_part(path, 1)
    assert not (attempt.folder / "left over").exists()
    assert committed_parts(path) == set()
    record = {"events": 0, "frames": 0, "recordings": [], "failures": []}
    (attempt.folder / "more").write_bytes(b"123456789")
    commit_part(attempt, record, {})
    assert committed_parts(path) == {1}
    found = commit_record(path, 1, EVENTS)
    assert {name: found[name] for name in record} == record
    assert found["files"]["more"] == [9, 0xCBF43926]
    assert set(found["files"]) == {"more", "zarr.json"}
    with pytest.raises(StoreError, match="never written twice"):
        begin_part(path, 1)


def test_a_damaged_record_is_said(tmp_path):
    path = tmp_path / "a.zarr"
    create_dataset(path, {}, parts=1)
    commit_part(begin_part(path, 0), {"events": "many"}, {})
    with pytest.raises(DamagedStoreError, match="does not say how many events"):
        commit_record(path, 0, EVENTS)
    (path / "parts" / "00000" / "commit" / "zarr.json").write_text("{")
    with pytest.raises(DamagedStoreError, match="is damaged"):
        commit_record(path, 0, EVENTS)
