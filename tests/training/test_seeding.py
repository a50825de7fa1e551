"""What an epoch draws is a function of (seed, epoch)."""

import torch

from eventsim.training.seeding import begin_epoch, shuffled


def test_an_epoch_draws_the_same_again():
    draws = {}
    for seed, epoch in ((1, 0), (1, 1), (2, 0), (1, 1), (-1, 3)):
        begin_epoch(seed, epoch)
        drawn = torch.rand(3)
        assert torch.equal(draws.setdefault((seed, epoch), drawn), drawn)
    assert len({tuple(d.tolist()) for d in draws.values()}) == 4


def test_orders_are_permutations_that_nothing_else_moves():
    first = shuffled(50, 1, 0)
    torch.rand(7)
    assert torch.equal(first, shuffled(50, 1, 0))
    assert sorted(first.tolist()) == list(range(50))
    assert not torch.equal(first, shuffled(50, 1, 1))
    assert not torch.equal(first, shuffled(50, 2, 0))
