"""A part exists from its commit record on."""

import pytest

from eventsim.errors import StoreError
from eventsim.store.commits import begin_part, commit_part, commit_record
from eventsim.store.dataset import committed_parts, create_dataset, open_root


def test_a_part_is_begun_anew_until_it_is_committed(tmp_path):
    path = tmp_path / "a.zarr"
    create_dataset(path, {}, parts=2)
    begin_part(path, 1).create_group("left over")
    group = begin_part(path, 1)
    assert "left over" not in group
    assert committed_parts(path) == set()
    commit_part(group, {"events": 3})
    assert committed_parts(path) == {1}
    assert commit_record(open_root(path), 1) == {"events": 3}
    with pytest.raises(StoreError, match="never written twice"):
        begin_part(path, 1)
