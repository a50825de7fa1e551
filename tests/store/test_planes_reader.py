"""Reading planes: one by one, many at once, from another process."""

import pickle

import numpy as np
import pytest

from eventsim.errors import ConfigError, StoreError
from eventsim.store.planes_reader import PlanesDataset
from eventsim.store.reader import open_dataset


@pytest.fixture
def made(tmp_path, hand):
    planes = hand.write_planes(tmp_path / "a.zarr")
    return open_dataset(tmp_path / "a.zarr"), planes


def test_samples_one_by_one(made):
    dataset, planes = made
    assert isinstance(dataset, PlanesDataset)
    assert len(dataset) == 8
    for sample, expected in zip(dataset, planes, strict=True):
        assert np.array_equal(sample.planes, expected)
        assert sample.ones == expected.sum()
        assert sample.rate == pytest.approx(expected.mean())
    assert (dataset[0].split, dataset[1].notes, dataset[-1].sample) == ("train", ("resized",), 8)
    assert [sample.index for sample in dataset[2:4]] == [2, 3]
    assert dataset.rate == pytest.approx(planes.mean())
    assert dataset.failures == [{"sample": 2, "source": "set#2", "reason": "it is broken"}]


@pytest.mark.parametrize("indices", [[0, 1, 2], [7, 0, 5, 5], [], [3]])
def test_many_at_once_in_any_order(made, indices):
    dataset, planes = made
    assert np.array_equal(dataset.read(indices), planes[indices].reshape(-1, 8, 2, 5, 11))


def test_a_pickle_opens_it_again(made):
    dataset, planes = made
    assert np.array_equal(pickle.loads(pickle.dumps(dataset))[4].planes, planes[4])


@pytest.mark.parametrize("indices", [[8], [-1], [0.5], [[0]]])
def test_wrong_indices(made, indices):
    with pytest.raises(ConfigError, match="indices"):
        made[0].read(indices)
    with pytest.raises(IndexError):
        made[0][8]


def test_recordings_are_no_planes(tmp_path, hand):
    hand.write_dataset(tmp_path / "a.zarr")
    with pytest.raises(StoreError, match="recordings, not planes"):
        PlanesDataset(tmp_path / "a.zarr")
