import os

import pytest

from eventsim.pipeline.fingerprints import (
    ENDS_BYTES,
    FILES_READ,
    file_identity,
    fingerprint,
    place_in,
    without_place,
)


def test_a_file_is_known_by_its_name_size_and_ends(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.mp4").write_bytes(b"x" * 3 * ENDS_BYTES)
    path = tmp_path / "a" / "x.mp4"
    same = fingerprint(path)
    assert fingerprint(tmp_path / "b" / "x.mp4") == same
    os.utime(path, (1, 1))
    assert fingerprint(str(path)) == same
    for place in (0, ENDS_BYTES - 1, 2 * ENDS_BYTES, 3 * ENDS_BYTES - 1):
        data = bytearray(b"x" * 3 * ENDS_BYTES)
        data[place] ^= 1
        path.write_bytes(data)
        assert fingerprint(path) != same
    path.write_bytes(b"x" * (3 * ENDS_BYTES + 1))
    assert fingerprint(path) != same
    path.rename(tmp_path / "a" / "y.mp4")
    assert fingerprint(tmp_path / "a" / "y.mp4") != same
    assert len(fingerprint(path)) == 64  # that it is gone is known, too


def test_a_short_file_is_read_once(tmp_path):
    (tmp_path / "x").write_bytes(b"")
    (tmp_path / "y").write_bytes(b"1")
    assert fingerprint(tmp_path / "x") != fingerprint(tmp_path / "y")


def test_a_folder_is_known_by_its_files(tmp_path):
    for home in ("a", "b"):
        for name in ("set/cat/1.png", "set/dog/2.png"):
            path = tmp_path / home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(name.encode())
    same = fingerprint(tmp_path / "a" / "set")
    assert fingerprint(tmp_path / "b" / "set") == same
    chosen = [tmp_path / "a" / "set" / "cat" / "1.png"]
    assert fingerprint(tmp_path / "a" / "set", chosen) != same
    (tmp_path / "b" / "set" / "dog" / "2.png").write_bytes(b"SET/dog/2.png")
    assert fingerprint(tmp_path / "b" / "set") != same


def test_of_very_many_files_some_are_read(tmp_path):
    files = []
    for k in range(FILES_READ + 1):
        path = tmp_path / f"{k:05d}"
        path.write_bytes(b"a")
        files.append(path)
    same = fingerprint(tmp_path, files)
    files[1].write_bytes(b"b")  # every second one is read
    assert fingerprint(tmp_path, files) == same
    files[1].write_bytes(b"ab")
    assert fingerprint(tmp_path, files) != same
    files[1].write_bytes(b"a")
    files[2].write_bytes(b"b")
    assert fingerprint(tmp_path, files) != same


def test_identity_of_a_small_file(tmp_path):
    (tmp_path / "p.csv").write_bytes(b"")
    # SHA-256 of nothing
    assert file_identity(tmp_path / "p.csv") == {
        "name": "p.csv",
        "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    }


@pytest.mark.parametrize(
    ("dataset", "wanted"),
    [
        ("x/o.zarr", "../in/a.mp4"),
        ("o.zarr", "in/a.mp4"),
        ("in/o.zarr", "a.mp4"),
        ("in/o.zarr/.replacement", "a.mp4"),
    ],
)
def test_places_are_seen_from_the_folder_of_the_dataset(tmp_path, monkeypatch, dataset, wanted):
    assert place_in(tmp_path / dataset, str(tmp_path / "in" / "a.mp4")) == wanted
    monkeypatch.chdir(tmp_path)
    assert place_in(tmp_path / dataset, "in/a.mp4") == wanted


def test_messages_do_not_say_where_an_input_lies():
    assert without_place("but /home/me/a.mp4 is empty", "/home/me/a.mp4", "a.mp4") == (
        "but a.mp4 is empty"
    )
    assert without_place("a frame of a", "a", "../a") == "a frame of a"
