"""Key files: readable by their owner, or not used."""

import os
import stat

import pytest

from eventsim.errors import ConfigError
from eventsim.transforms.keyed.key_file import read_key_file, write_key_file


def test_a_new_key_is_for_its_owner_only(tmp_path):
    path = tmp_path / "key"
    before = os.umask(0)
    try:
        write_key_file(path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_key_file(path).hex() == path.read_text().split("\n")[1]
    write_key_file(tmp_path / "other")
    assert read_key_file(tmp_path / "other") != read_key_file(path)


def test_a_key_is_never_overwritten(tmp_path):
    path = tmp_path / "key"
    write_key_file(path)
    there = path.read_bytes()
    with pytest.raises(ConfigError, match="never overwritten"):
        write_key_file(path)
    assert path.read_bytes() == there


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_key_that_others_may_read_is_refused(tmp_path, mode):
    path = tmp_path / "key"
    write_key_file(path)
    path.chmod(mode)
    with pytest.raises(ConfigError, match="chmod 600"):
        read_key_file(path)


@pytest.mark.parametrize(
    "text", [b"", b"eventsim key 1", b"eventsim key 1\nabc\n", b"eventsim key 2\n" + b"0" * 64,
             b"\xff\xfe" * 40, b"eventsim key 1\n" + b"0" * 66],
)  # fmt: skip
def test_what_is_no_key_file(tmp_path, text):
    path = tmp_path / "key"
    path.write_bytes(text)
    path.chmod(0o600)
    with pytest.raises(ConfigError, match="is not a key file") as caught:
        read_key_file(path)
    assert "abc" not in str(caught.value)


def test_no_file_and_a_folder(tmp_path):
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(ConfigError, match="cannot read the key file"):
            read_key_file(path)
