"""Randomness of a training: what an epoch draws is a function of (seed, epoch)."""

import torch
from torch import Tensor

from eventsim.training.epochs import epoch_seed

_SEED_BITS = (1 << 63) - 1


def begin_epoch(seed: int, epoch: int) -> None:
    """Set PyTorch's generators, so that an epoch is the same after a restart.

    Dropout and new weights draw from them, and have no generator of their own.

    Parameters
    ----------
    seed : int
        Of the training.
    epoch : int
        From 0. New weights belong to epoch 0.
    """
    torch.manual_seed(epoch_seed(seed, epoch) & _SEED_BITS)


def shuffled(count: int, seed: int, epoch: int) -> Tensor:
    """Order of the samples of an epoch; the same whatever else was drawn.

    Parameters
    ----------
    count : int
    seed, epoch : int

    Returns
    -------
    (count,) tensor of int64
        A permutation.
    """
    generator = torch.Generator().manual_seed(epoch_seed(seed, epoch) & _SEED_BITS)
    return torch.randperm(count, generator=generator)
