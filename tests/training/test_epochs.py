"""Seeds of epochs."""

import pytest

from eventsim.errors import ConfigError
from eventsim.random import recording_seed
from eventsim.training.epochs import epoch_seed, sample_seed


def test_the_first_epoch_has_the_seed_itself_and_all_others_their_own():
    assert epoch_seed(7, 0) == 7
    seeds = [epoch_seed(seed, epoch) for seed in range(20) for epoch in range(20)]
    assert len(set(seeds)) == 400


def test_there_is_no_epoch_before_the_first():
    with pytest.raises(ConfigError, match="found -1"):
        epoch_seed(7, -1)


def test_samples_of_the_first_epoch_have_the_seeds_of_recordings():
    assert [sample_seed(5, 0, i) for i in range(9)] == [recording_seed(5, i) for i in range(9)]
    seeds = {sample_seed(5, epoch, i) for epoch in range(20) for i in range(20)}
    assert len(seeds) == 400
