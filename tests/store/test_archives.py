import shutil
import zipfile

import numpy as np
import pytest

import eventsim
from eventsim.cli.main import main
from eventsim.errors import StoreError, StoreExistsError
from eventsim.events import Events
from eventsim.store.archives import open_archive, write_archive


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    folder = tmp_path_factory.mktemp("archive")
    for seed in range(3):
        rng = np.random.default_rng(seed)
        t = np.sort(rng.integers(0, 100_000, 5000))
        columns = rng.integers(0, 64, t.size), rng.integers(0, 48, t.size), t % 2
        Events.of(t, *columns, size=(64, 48)).save(folder / f"{seed}.raw")
    files = [str(folder / f"{seed}.raw") for seed in range(3)]
    assert main(["import", *files, str(folder / "in.zarr"), "--label", "a", "-q"]) == 0
    return folder / "in.zarr"


def pack(dataset, out, how):
    if how == "ours":
        write_archive(dataset, out)
    elif how == "the folder, compressed":
        shutil.make_archive(str(out).removesuffix(".zip"), "zip", dataset.parent, dataset.name)
    else:
        shutil.make_archive(str(out).removesuffix(".zip"), "zip", dataset)
    return out


@pytest.mark.parametrize("how", ["ours", "the folder, compressed", "its content, compressed"])
def test_a_dataset_is_read_where_it_lies_in_an_archive(how, dataset, tmp_path, capsys):
    path = pack(dataset, tmp_path / "a.zarr.zip", how)
    one, other = eventsim.open_dataset(dataset), eventsim.open_dataset(path)
    assert [r.events for r in one] == [r.events for r in other]
    assert other[1].window(10_000, 20_000) == one[1].window(10_000, 20_000)
    assert other.filter(label="a")[0].id == "0"
    for command in (["verify"], ["info"], ["status"], ["view", "--panel", "events"]):
        assert main([command[0], str(path), *command[1:]]) == 0
    assert "all good" in capsys.readouterr().out
    assert main(["export", str(path), str(tmp_path / "0.raw"), "--recording", "0", "-q"]) == 0
    assert eventsim.read(tmp_path / "0.raw") == one[0].events


def test_the_same_dataset_gives_the_same_bytes_and_nothing_is_replaced(dataset, tmp_path):
    for name in ("a.zarr.zip", "b.zarr.zip"):
        assert main(["export", str(dataset), str(tmp_path / name), "--format", "zip", "-q"]) == 0
    assert (tmp_path / "a.zarr.zip").read_bytes() == (tmp_path / "b.zarr.zip").read_bytes()
    with pytest.raises(StoreExistsError):
        write_archive(dataset, tmp_path / "a.zarr.zip")
    assert len(list(tmp_path.iterdir())) == 2
    assert main(["export", str(dataset), str(tmp_path / "c.zip"), "--format", "zip"]) == 2


def test_an_archive_is_only_read(dataset, tmp_path, capsys):
    path = pack(dataset, tmp_path / "a.zarr.zip", "ours")
    assert main(["card", str(path)]) == 2
    assert "is only read" in capsys.readouterr().err


def test_what_is_damaged_is_said_in_a_line(dataset, tmp_path):
    path = pack(dataset, tmp_path / "a.zarr.zip", "ours")
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(StoreError, match=r"cannot be read as a .zip"):
        eventsim.open_dataset(path)
    with zipfile.ZipFile(tmp_path / "b.zarr.zip", "w") as archive:
        archive.writestr("a.txt", "no dataset")
    with pytest.raises(StoreError):
        eventsim.open_dataset(tmp_path / "b.zarr.zip")
    path.write_bytes(content)
    archive = open_archive(str(path))
    with pytest.raises(FileNotFoundError):
        archive.read("nothing", None)
    info = next(i for n, i in archive.members.items() if n.endswith("step/c/0"))
    broken = bytearray(content)
    broken[info.header_offset] = 0
    path.write_bytes(bytes(broken))
    with pytest.raises(StoreError, match=r"not where its list says"):
        eventsim.open_dataset(path)[0].events  # noqa: B018 - it is read
