import gzip
import io
import tarfile
import zlib

import pytest

from eventsim.errors import SourceError
from eventsim.stills.unpacking import read_archive, read_packed


def archive(path, files, mode="w:gz"):
    with tarfile.open(path, mode) as tar:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return path


def test_gzip(tmp_path):
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"abc" * 1_000_000))
    assert read_packed(tmp_path / "a.gz") == b"abc" * 1_000_000


def test_a_bomb_of_gzip(tmp_path, monkeypatch):
    (tmp_path / "a.gz").write_bytes(gzip.compress(bytes(50_000_000)))
    assert (tmp_path / "a.gz").stat().st_size < 100_000
    monkeypatch.setenv("EVENTSIM_MAX_INPUT_MB", "10")
    with pytest.raises(SourceError, match="EVENTSIM_MAX_INPUT_MB"):
        read_packed(tmp_path / "a.gz")


def test_a_torn_file(tmp_path):
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"abc" * 1000)[:-20])
    with pytest.raises((EOFError, zlib.error, OSError)):
        read_packed(tmp_path / "a.gz")


@pytest.mark.parametrize("mode", ["w:", "w:gz", "w:bz2", "w:xz"])
def test_files_of_an_archive(tmp_path, mode):
    path = archive(tmp_path / "a.tar", {"x/a": b"1", "b": b"22", "x/c": b"3" * 100_000}, mode)
    found = dict(read_archive(path, frozenset({"a", "c"})))
    assert found == {"a": b"1", "c": b"3" * 100_000}


def test_a_bomb_in_an_archive(tmp_path, monkeypatch):
    """One that is wanted, one that only has to be passed, and a header that is one itself."""
    monkeypatch.setenv("EVENTSIM_MAX_INPUT_MB", "10")
    for name in ("wanted", "other"):
        path = archive(tmp_path / f"{name}.tar.gz", {name: bytes(50_000_000), "z": b""})
        with pytest.raises(SourceError, match="EVENTSIM_MAX_INPUT_MB"):
            dict(read_archive(path, frozenset({"wanted"})))
    head = tarfile.TarInfo("x")
    head.type, head.size = tarfile.XHDTYPE, 40_000_000
    (tmp_path / "h.tar.gz").write_bytes(gzip.compress(head.tobuf() + b"9" * 40_000_000))
    with pytest.raises(SourceError, match="EVENTSIM_MAX_INPUT_MB"):
        dict(read_archive(tmp_path / "h.tar.gz", frozenset({"wanted"})))
