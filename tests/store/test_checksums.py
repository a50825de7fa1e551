"""Lists of files, and attributes that carry their own checksum."""

import json
import zlib

from eventsim.store.checksums import files_of, sealed


def test_a_seal_is_of_all_other_attributes_in_any_order():
    first = sealed({"b": [1, 2.5], "a": "ü\udc80", "crc32": 7})
    assert first == sealed({"a": "ü\udc80", "b": [1, 2.5]})
    assert first["crc32"] == zlib.crc32(rb'{"a":"\u00fc\udc80","b":[1,2.5]}')
    assert sealed(json.loads(json.dumps(first))) == first
    assert sealed({"a": 1})["crc32"] != sealed({"a": 2})["crc32"]


def test_files_by_their_names(tmp_path):
    (tmp_path / "b/c").mkdir(parents=True)
    (tmp_path / "b/c/0").write_bytes(b"123456789")
    (tmp_path / "a").write_bytes(b"")
    assert files_of(tmp_path) == {"a": [0, 0], "b/c/0": [9, 0xCBF43926]}
    assert files_of(tmp_path, {"a": (3, 4)})["a"] == [3, 4]


def test_shards_of_equal_lengths_differ(tmp_path):
    """A crc32c would not tell them apart: they are bytes that end with their own."""
    from eventsim.store.chunks import crc32c
    from eventsim.store.chunks import sealed as closed

    for name in ("a", "b"):
        (tmp_path / name).write_bytes(closed(name.encode()))
    assert crc32c(closed(b"a")) == crc32c(closed(b"b"))
    found = files_of(tmp_path)
    assert found["a"] != found["b"]
