"""Seeds of epochs and samples: what a sample is, is a function of (seed, epoch, index)."""

from eventsim.errors import ConfigError
from eventsim.random import recording_seed, stream_key

_EPOCH_STREAM = 1 << 48
"""Seeds of epochs are drawn from streams after this, far from all others."""


def check_epoch(epoch: int) -> None:
    """Refuse a negative epoch.

    Raises
    ------
    ConfigError
    """
    if epoch < 0:
        raise ConfigError(f"epoch must be 0 or more, found {epoch}.")


def epoch_seed(seed: int, epoch: int) -> int:
    """Seed of an epoch; that of epoch 0 is the seed itself.

    Parameters
    ----------
    seed : int
    epoch : int
        From 0.

    Returns
    -------
    int
        In [0, 2**64) for epochs after the first.

    Raises
    ------
    ConfigError
        If the epoch is negative.
    """
    check_epoch(epoch)
    return seed if epoch == 0 else int(stream_key(seed, _EPOCH_STREAM + epoch))


def sample_seed(seed: int, epoch: int, index: int) -> int:
    """Seed of a sample in an epoch; in epoch 0 that of the recording of a dataset.

    Parameters
    ----------
    seed, epoch : int
    index : int
        Of the sample, from 0.

    Returns
    -------
    int
        In [0, 2**63).
    """
    return recording_seed(epoch_seed(seed, epoch), index)
