"""Files against the list of them, and groups against their seals."""

import json

import pytest

from eventsim.store.checksums import files_of, sealed
from eventsim.store.verify_files import check_files, check_node


def test_files(tmp_path):
    (tmp_path / "c").mkdir()
    for name in ("a", "b", "c/0"):
        (tmp_path / name).write_text(name * 9)
    files = files_of(tmp_path)
    assert list(check_files(tmp_path, files, "It")) == []
    (tmp_path / "a").unlink()
    (tmp_path / "b").write_text("c" * 9)
    (tmp_path / "c/0").write_text("c")
    (tmp_path / "d").write_text("")
    assert list(check_files(tmp_path, files, "It")) == [
        "It: a is missing.",
        "It: b does not match its checksum.",
        "It: c/0 does not match its checksum.",
        "It: d is not one of its files.",
    ]
    assert list(check_files(tmp_path, None, "It")) == ["It has no list of its files."]


@pytest.mark.parametrize(
    "change",
    [
        lambda node: node["attributes"].update(a=2),
        lambda node: node["attributes"].pop("crc32"),
        lambda node: node.update(zarr_format=2),
        lambda node: node.pop("node_type"),
        lambda node: node.update(more=1),
        lambda node: node.update(attributes=[]),
    ],
)
def test_nodes(tmp_path, change):
    node = {"attributes": sealed({"a": 1}), "zarr_format": 3, "node_type": "group"}
    file = tmp_path / "zarr.json"
    file.write_text(json.dumps(node))
    assert list(check_node(file, "It")) == []
    assert len(list(check_node(file, "It", empty=True))) == 1
    change(node)
    file.write_text(json.dumps(node))
    assert len(list(check_node(file, "It"))) == 1


def test_nodes_without_attributes(tmp_path):
    file = tmp_path / "zarr.json"
    assert len(list(check_node(file, "It", empty=True))) == 1
    file.write_text('{"attributes": {}, "zarr_format": 3, "node_type": "group"}')
    assert list(check_node(file, "It", empty=True)) == []
    file.write_text("{")
    assert len(list(check_node(file, "It", empty=True))) == 1
