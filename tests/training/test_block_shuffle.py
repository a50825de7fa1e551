"""Orders of samples."""

import numpy as np
import pytest
from torch.utils.data import DataLoader

from eventsim.errors import ConfigError
from eventsim.training import BlockShuffle


@pytest.mark.parametrize(("n", "block", "mixed"), [(100, 7, 3), (5, 10, 2), (64, 1, 1), (0, 4, 4)])
def test_every_sample_comes_once(n, block, mixed):
    sampler = BlockShuffle(range(n), block=block, mixed=mixed)
    assert sorted(sampler) == list(range(n))
    assert len(sampler) == n


def test_neighbors_stay_near_each_other():
    order = np.array(list(BlockShuffle(range(1000), block=20, mixed=5)))
    # A hundred samples in a row come from five runs of twenty.
    for group in order.reshape(-1, 100):
        assert len(np.unique(group // 20)) == 5
    plain = np.array(list(BlockShuffle(range(1000), block=1, mixed=1000)))
    assert len(np.unique(plain[:100] // 20)) > 25


def test_the_order_is_a_function_of_seed_and_epoch():
    one, two = BlockShuffle(range(100)), BlockShuffle(range(100))
    first = list(one)
    assert first != list(range(100))
    assert list(two) == first
    assert list(BlockShuffle(range(100), seed=1)) != first
    two.set_epoch(1)
    assert list(two) != first
    two.set_epoch(0)
    assert list(two) == first


def test_an_epoch_goes_on_where_it_was_left():
    sampler = BlockShuffle(range(50), block=4, mixed=2)
    sampler.set_epoch(3)
    whole = list(sampler)
    state = sampler.state_dict(samples_seen=18)
    again = BlockShuffle(range(50), block=4, mixed=2)
    again.load_state_dict(state)
    again.set_epoch(3)  # as the loop over epochs does
    assert len(again) == 32
    assert [int(i) for batch in DataLoader(range(50), batch_size=9, sampler=again) for i in batch] \
        == whole[18:]  # fmt: skip
    assert len(again) == 50
    again.set_epoch(4)
    assert len(list(again)) == 50


def test_a_state_of_another_dataset_is_refused():
    with pytest.raises(ConfigError, match="of 50 samples, and here are 51"):
        BlockShuffle(range(51)).load_state_dict(BlockShuffle(range(50)).state_dict(3))


@pytest.mark.parametrize("n", [40, 41, 2])
def test_processes_share_an_epoch(n):
    parts = [list(BlockShuffle(range(n), block=3, replicas=4, rank=r)) for r in range(4)]
    assert len({len(part) for part in parts}) == 1
    assert set().union(*parts) == set(range(n))
    assert sum(map(len, parts)) < n + 4


def test_what_makes_no_sense_is_refused():
    with pytest.raises(ConfigError, match="rank below replicas"):
        BlockShuffle(range(3), replicas=2, rank=2)
    with pytest.raises(ConfigError, match="epoch"):
        BlockShuffle(range(3)).set_epoch(-1)
