"""The present epoch, seen by all workers of a loader."""

import torch

from eventsim.training.epochs import check_epoch


class SharedEpoch:
    """A number that workers that live through several epochs see change; it can be pickled."""

    def __init__(self) -> None:
        self._number = torch.zeros((), dtype=torch.int64).share_memory_()  # type: ignore[no-untyped-call]

    @property
    def number(self) -> int:
        """From 0."""
        return int(self._number)

    def begin(self, epoch: int) -> None:
        """Begin an epoch.

        Raises
        ------
        ConfigError
            If it is negative.
        """
        check_epoch(epoch)
        self._number.fill_(epoch)
