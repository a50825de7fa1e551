"""The converter of N-MNIST, on a tiny copy of its layout."""

import numpy as np
import pytest

import eventsim
from eventsim.events import Kind
from eventsim.store.verify import verify


def packed(rows):
    """Events (t, x, y, p) as N-MNIST stores them."""
    return b"".join(bytes([x, y, p << 7 | t >> 16, t >> 8 & 255, t & 255]) for t, x, y, p in rows)


@pytest.fixture
def folder(tmp_path):
    rows = {
        "Train/5/00001.bin": [(7, 1, 2, 1), (300_000, 33, 0, 0)],
        "Train/0/00012.bin": [(7, 1, 2, 1), (7, 0, 2, 0), (6, 0, 33, 1)],
        "Test/7/00001.bin": [],
    }
    for name, events in rows.items():
        path = tmp_path / "N-MNIST" / name
        path.parent.mkdir(parents=True)
        path.write_bytes(packed(events))
    return tmp_path / "N-MNIST"


def test_recordings_of_the_folders(program, folder, tmp_path, capsys):
    (folder / "Test/7/00001.bin").write_bytes(packed([(1, 2, 3, 0)]))
    out = tmp_path / "n.zarr"
    assert program.main([str(folder), str(out)]) == 0
    assert "3 recordings, 6 events" in capsys.readouterr().out
    dataset = eventsim.open_dataset(out)
    assert [(r.label, r.split) for r in dataset] == [("5", "train"), ("0", "train"), ("7", "test")]
    assert dataset.table()["sample"].tolist() == [0, 11, 60_000]
    first, second = dataset[0].events, dataset[1].events
    assert first.t.tolist() == [7, 300_000]
    assert (first.x.tolist(), first.y.tolist(), first.p.tolist()) == (
        [1, 33],
        [2, 0],
        [True, False],
    )
    assert second.t.tolist() == [6, 7, 7]
    assert second.x.tolist() == [0, 0, 1]  # in raster order within the microsecond
    assert set(second.kind) == {Kind.UNKNOWN}
    assert verify(out).problems == ()


def test_what_is_wrong_stops_nothing(program, folder, tmp_path, capsys):
    (folder / "Train/0/00012.bin").write_bytes(b"1234")
    assert program.main([str(folder), str(tmp_path / "n.zarr")]) == 1
    error = capsys.readouterr().err
    assert "00012.bin must hold five bytes an event, found 4" in error
    assert "00001.bin must hold five bytes an event, found 0" in error
    dataset = eventsim.open_dataset(tmp_path / "n.zarr")
    assert (len(dataset), len(dataset.failures)) == (1, 2)
    assert program.main([str(tmp_path / "N-MNIST/Train"), str(tmp_path / "o.zarr")]) == 2
    assert "such as Train/5/00001.bin" in capsys.readouterr().err


def test_recordings_of_an_archive(program, tmp_path, capsys):
    columns = {
        "t": np.array([3, 1, 2]), "x": np.array([1, 2, 3]), "y": np.array([4, 5, 6]),
        "p": np.array([True, False, True]), "offsets": np.array([0, 2, 3]),
        "label": np.array([9, 4]), "mnist_index": np.array([17, 3]),
    }  # fmt: skip
    np.savez(tmp_path / "r.npz", **columns)
    command = [str(tmp_path / "r.npz"), str(tmp_path / "r.zarr"), "--train", "1"]
    assert program.main(command) == 0
    dataset = eventsim.open_dataset(tmp_path / "r.zarr")
    by_sample = {r.label: (r.split, r.events.t.tolist(), r.events.x.tolist()) for r in dataset}
    assert by_sample == {"9": ("train", [1, 3], [2, 1]), "4": ("test", [2], [3])}
    del columns["label"]
    np.savez(tmp_path / "s.npz", **columns)
    assert program.main([str(tmp_path / "s.npz"), str(tmp_path / "s.zarr")]) == 2
    assert "label is missing" in capsys.readouterr().err
    assert program.main([str(tmp_path / "no.npz"), str(tmp_path / "s.zarr")]) == 2
    assert "cannot be read" in capsys.readouterr().err
