"""Choosing samples, and their table."""

import pickle

import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.store.dataset import create_dataset
from eventsim.store.finish import finish
from eventsim.store.reader import open_dataset
from eventsim.store.writer import PartWriter

ROWS = [("a", "walk", "train"), ("b", "run", "train"), ("c", "", "test"), ("d", "run", "test")]


@pytest.fixture
def dataset(tmp_path, hand):
    path = tmp_path / "o.zarr"
    create_dataset(path, {"version": "0", "seed": 1}, parts=2)
    for part in range(2):
        writer = PartWriter(path, part)
        for k in (2 * part, 2 * part + 1):
            name, label, split = ROWS[k]
            packets = hand.make_packets(k, 10 * k)
            hand.write_recording(
                writer, packets, f"{name}.mp4", label=label, split=split, sample=k, id=name
            )
        writer.commit()
    finish(path)
    return open_dataset(path)


def test_filter(dataset, hand):
    chosen = dataset.filter(split="test")
    assert [(r.index, r.id) for r in chosen] == [(2, "c"), (3, "d")]
    assert chosen[1].events == hand.joined(hand.make_packets(3, 30))
    assert repr(chosen).startswith("Dataset(2 recordings, 50 events")
    again = chosen.filter(label="run")
    assert [r.id for r in again] == ["d"]
    assert again.labels == ("run", "walk")  # numbers of labels are those of the whole dataset
    assert [r.id for r in pickle.loads(pickle.dumps(again))] == ["d"]
    assert [r.id for r in dataset.filter(label=("walk", "run"), split="train")] == ["a", "b"]
    assert [r.id for r in dataset.filter(id=["d", "a"])] == ["a", "d"]
    assert len(dataset.filter()) == 4
    assert len(dataset.filter(label="walk").filter(split="train")) == 1


@pytest.mark.parametrize("wanted", [{"label": "wlak"}, {"split": ("train", "val")}, {"group": "x"}])
def test_a_value_that_is_not_there_is_mistyped(dataset, wanted):
    with pytest.raises(ConfigError, match="Known: "):
        dataset.filter(**wanted)


def test_labels_and_their_numbers(dataset):
    assert dataset.labels == ("run", "walk")
    assert dataset.label_numbers.tolist() == [1, 0, -1, 0]
    assert dataset.filter(split="test").label_numbers.tolist() == [-1, 0]


def test_table(dataset):
    table = dataset.filter(split="test").table()
    assert table["index"].tolist() == [2, 3]
    assert table["id"].tolist() == ["c", "d"]
    assert table["events"].tolist() == [20, 30]
    assert table["label_number"].tolist() == [-1, 0]
    assert (table["width"].dtype, len({len(column) for column in table.values()})) == (np.int64, 1)
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(dataset.table())
    assert frame.groupby("split").events.sum().to_dict() == {"test": 50, "train": 10}


def test_planes(tmp_path, hand):
    path = tmp_path / "p.zarr"
    planes = hand.write_planes(path)
    dataset = open_dataset(path)
    chosen = dataset.filter(split="train")
    assert [(s.index, s.sample) for s in chosen] == [(0, 0)]
    assert np.array_equal(chosen[0].planes, planes[0])
    later = type(dataset)(path, np.array([6, 3]))
    assert np.array_equal(later.read([1, 0]), planes[[3, 6]])
    assert np.array_equal(later[0].planes, planes[6])
    assert later.ones.tolist() == planes[[6, 3]].sum(axis=(1, 2, 3, 4)).tolist()
    assert dataset.labels == ("cat",)
    assert dataset.table()["ones"].tolist() == dataset.ones.tolist()
