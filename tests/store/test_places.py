from contextlib import suppress
from pathlib import Path

import pytest

from eventsim.store.places import (
    ObjectPath,
    as_path,
    create_group,
    is_remote,
    make_group,
    making,
    open_zarr,
    publish,
    put_attributes,
)

pytest.importorskip("obstore")


@pytest.fixture
def home(request):
    return as_path(f"memory://{request.node.name}/sub/x.zarr")


@pytest.mark.parametrize(
    "url", ["s3://bucket/a/b.zarr", "s3:/bucket/a/b.zarr", "s3://bucket//a//b.zarr/"]
)
def test_a_url_is_one_however_its_slashes_are(url):
    for path in (as_path(url), as_path(Path(url)), as_path(as_path(url))):
        assert isinstance(path, ObjectPath)
        assert str(path) == f"{path}" == "s3://bucket/a/b.zarr"
        assert path == as_path("s3://bucket/a/b.zarr")
        assert (path.name, path.suffix, str(path.parent)) == ("b.zarr", ".zarr", "s3://bucket/a")
    assert is_remote(url)


@pytest.mark.parametrize(
    "name", ["clip.zarr", "/tmp/a.zarr", "s3/bucket", "http://host/a.zarr", "a.zarr.zip"]
)
def test_all_else_is_a_path_of_this_machine(name):
    assert as_path(name) == Path(name)
    assert not isinstance(as_path(name), ObjectPath)
    assert not is_remote(Path(name))


@pytest.mark.parametrize("where", ["local", "memory"])
def test_groups_are_those_of_zarr_wherever_they_lie(where, home, tmp_path):
    path = tmp_path / "x.zarr" if where == "local" else home
    create_group(path, {"a": 1})
    make_group(path, "inner")
    put_attributes(path, {"b": [2]})
    assert open_zarr(path).attrs.asdict() == {"b": [2]}
    assert open_zarr(path, "inner").attrs.asdict() == {}
    (path / "inner" / "more.txt").write_text("x")
    make_group(path, "inner")
    assert (path / "inner" / "more.txt").is_file()
    make_group(path, "inner", overwrite=True)
    assert not (path / "inner" / "more.txt").is_file()
    if where == "memory":  # nothing is made above it in the bucket
        assert {str(p) for p in home.parent.rglob("*")} == {
            f"{home}/zarr.json", f"{home}/inner/zarr.json",
        }  # fmt: skip


@pytest.mark.parametrize("where", ["local", "memory"])
def test_a_folder_is_made_whole_or_not_at_all(where, home, tmp_path):
    path = tmp_path if where == "local" else home
    with making(path / "one", "last") as folder:
        (folder / "first").write_text("1")
        (folder / "last").write_text("2")
        assert not (path / "one").exists()
    assert (path / "one" / "last").read_text() == "2"
    with suppress(KeyboardInterrupt), making(path / "two", "last") as folder:
        (folder / "last").write_text("2")
        raise KeyboardInterrupt
    assert not (path / "two").exists()


def test_of_two_who_publish_one_succeeds(home, tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a").write_text("a")
    (tmp_path / "last").write_text("1")
    publish(tmp_path, home, "last")
    (tmp_path / "last").write_text("2")
    with pytest.raises(FileExistsError):
        publish(tmp_path, home, "last")
    assert (home / "last").read_text() == "1"
    assert (home / "deep/a").read_text() == "a"
