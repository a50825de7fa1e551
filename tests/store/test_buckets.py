import pytest

from eventsim.errors import StoreError
from eventsim.store.buckets import (
    Address,
    archive_address,
    delete,
    fetch,
    has_any,
    list_below,
    list_level,
    put,
    size_of,
)

pytest.importorskip("obstore")


def at(key, bucket="buckets"):
    return Address("memory", bucket, key)


def test_addresses_are_written_as_people_do():
    assert str(Address("s3", "b", "a/c")) == "s3://b/a/c"
    assert str(Address("s3", "b", "")) == "s3://b"
    assert str(archive_address("/tmp/a b.zarr.zip", "zarr.json")) == "/tmp/a b.zarr.zip/zarr.json"
    assert "/" not in archive_address("/tmp/a.zarr.zip").bucket


def test_what_is_put_is_found_and_a_prefix_is_a_folder():
    put(at("a/b/one"), b"12345")
    put(at("a/two"), b"6")
    put(at("ab"), b"7")
    assert sorted((f.key, f.size) for f in list_below(at("a"))) == [("a/b/one", 5), ("a/two", 1)]
    folders, objects = list_level(at("a"))
    assert (folders, [f.key for f in objects]) == (["b"], ["a/two"])
    assert has_any(at("a"))
    assert not has_any(at("ab"))
    assert size_of(at("ab")) == 1
    assert fetch(at("a/b/one"), (1, 3)) == b"23"
    assert fetch(at("a/b/one"), (3, 99)) == b"45"
    assert fetch(at("a/b/one"), (2, None)) == b"345"
    delete(at(""), ["a/two", "never/there"])
    assert not has_any(at("a/two"))


def test_only_one_can_be_new():
    put(at("new"), b"1", new=True)
    with pytest.raises(FileExistsError):
        put(at("new"), b"2", new=True)
    assert fetch(at("new")) == b"1"
    put(at("new"), b"3")
    assert fetch(at("new")) == b"3"


def test_files_are_put_as_they_are(tmp_path):
    (tmp_path / "a").write_bytes(b"content")
    put(at("file"), tmp_path / "a")
    assert fetch(at("file")) == b"content"


def test_what_is_not_there_is_no_file():
    for job in (size_of, fetch):
        with pytest.raises(FileNotFoundError):
            job(at("nothing"))


def test_an_archive_is_not_written(tmp_path):
    where = archive_address(str(tmp_path / "a.zarr.zip"), "b")
    with pytest.raises(StoreError, match="is only read"):
        put(where, b"")
    with pytest.raises(StoreError, match="is only read"):
        delete(where, ["b"])
