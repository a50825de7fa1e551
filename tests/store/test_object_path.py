import pickle

import pytest

from eventsim.store.places import as_path, remove_tree

pytest.importorskip("obstore")


@pytest.fixture
def home(request):
    return as_path(f"memory://{request.node.name}/sub/x.zarr")


def test_it_goes_to_another_process(home):
    assert pickle.loads(pickle.dumps(home / "a")) == home / "a"


def test_objects_are_written_listed_and_read(home):
    assert not home.exists()
    (home / "a" / "b.txt").write_text("hello")
    (home / "c.bin").write_bytes(bytes(range(10)))
    assert home.exists()
    assert home.is_dir()
    assert not home.is_file()
    assert (home / "a").is_dir()
    assert not (home / "a").is_file()
    assert (home / "a/b.txt").is_file()
    assert not (home / "a/b.tx").exists()
    assert (home / "a/b.txt").read_text() == "hello"
    assert {path.name for path in home.iterdir()} == {"a", "c.bin"}
    assert {str(path.relative_to(home)) for path in home.rglob("*")} == {"a/b.txt", "c.bin"}
    assert [path.name for path in home.glob("*/*.txt")] == ["b.txt"]
    assert next(iter(home.glob("*.bin"))).stat().st_size == 10
    (home / "c.bin").unlink()
    assert not (home / "c.bin").exists()
    remove_tree(home)
    assert not home.exists()
    remove_tree(home)


def test_a_file_is_read_piece_by_piece(home):
    (home / "c.bin").write_bytes(bytes(range(10)))
    with (home / "c.bin").open("rb", buffering=0) as file:
        assert file.read(3) == bytes([0, 1, 2])
        assert file.seek(-2, 2) == 8
        assert file.read() == bytes([8, 9])
        assert file.read(5) == b""
        assert file.seek(4) == file.tell() == 4
        assert file.read(1000) == bytes(range(4, 10))
    with pytest.raises(FileNotFoundError, match="there is no such object"):
        (home / "no").open().read(1)
    with pytest.raises(ValueError, match="written whole"):
        (home / "c.bin").open("ab")
