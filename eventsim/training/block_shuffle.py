"""An order of samples in which neighbors stay near each other, and that can be resumed."""

from collections.abc import Iterator, Mapping, Sized

import numpy as np
from numpy.typing import NDArray
from torch.utils.data import Sampler

from eventsim.errors import ConfigError
from eventsim.random import Draws
from eventsim.training.epochs import check_epoch


class BlockShuffle(Sampler[int]):
    """Shuffle runs of neighboring samples, and then the samples of a few runs together.

    Windows that follow each other lie in the same chunks of a dataset, so reading a run of them
    costs little more than reading one. The order is a function of (seed, epoch).

    Parameters
    ----------
    data : sized
        The dataset, or anything with as many elements.
    block : int
        Samples of a run; 1 is a plain shuffle. Both defaults were chosen by measurement.
    mixed : int
        Runs whose samples are shuffled together. Their events should fit into what the reader keeps
        of what it decoded, 32 MB, about 2 million events, or it decodes them again and again.
    seed : int
    replicas, rank : int
        Processes that train together, and which of them this one is: each gets a stretch of the
        order, and all equally many samples; some come twice where the number does not divide.

    Examples
    --------
    >>> sampler = BlockShuffle(range(8), block=2, mixed=1)
    >>> order = list(sampler)
    >>> sorted(order), all(a // 2 == b // 2 for a, b in zip(order[::2], order[1::2], strict=True))
    ([0, 1, 2, 3, 4, 5, 6, 7], True)
    """

    def __init__(
        self,
        data: Sized,
        *,
        block: int = 32,
        mixed: int = 8,
        seed: int = 0,
        replicas: int = 1,
        rank: int = 0,
    ) -> None:
        if min(block, mixed, replicas) < 1 or not 0 <= rank < replicas:
            raise ConfigError(
                f"block, mixed and replicas must be 1 or more and rank below replicas, found "
                f"{block}, {mixed}, {replicas} and {rank}."
            )
        self._data, self._block, self._mixed, self._seed = data, block, mixed, seed
        self._replicas, self._rank = replicas, rank
        self._epoch = self._seen = 0

    def set_epoch(self, epoch: int) -> None:
        """Begin an epoch, in another order; the dataset has an epoch of its own."""
        check_epoch(epoch)
        if epoch != self._epoch:
            self._epoch, self._seen = epoch, 0

    def state_dict(self, samples_seen: int) -> dict[str, int]:
        """What is needed to go on in the middle of an epoch.

        Parameters
        ----------
        samples_seen : int
            How many samples of this epoch this process has trained on. A loader reads ahead, so
            that only the training loop knows.
        """
        return {"epoch": self._epoch, "samples_seen": samples_seen, "samples": len(self._data)}

    def load_state_dict(self, state: Mapping[str, int]) -> None:
        """Go on where a state was taken: what was seen is left out of the next pass.

        Raises
        ------
        ConfigError
            If the state is that of another number of samples.
        """
        if state["samples"] != len(self._data):
            raise ConfigError(
                f"the state is of {state['samples']} samples, and here are {len(self._data)}. "
                "Resume with the same dataset and windows."
            )
        self.set_epoch(state["epoch"])
        self._seen = state["samples_seen"]

    def __len__(self) -> int:
        """Samples of this process that are left in the epoch."""
        return max(0, -(-len(self._data) // self._replicas) - self._seen)

    def __iter__(self) -> Iterator[int]:
        left, self._seen = self._order()[self._seen :], 0
        return iter(left.tolist())

    def _order(self) -> NDArray[np.int64]:
        """Samples of this process, in the order of the epoch."""
        n, block = len(self._data), self._block
        rng = Draws.of(self._seed, self._epoch)
        firsts = np.arange(0, n, block)
        firsts = firsts[np.argsort(rng.uniforms(0, len(firsts)), kind="stable")]
        runs = (firsts[:, None] + np.arange(block)).ravel()
        # Runs of one group together: sorted by (group, a number of its own).
        group = np.arange(len(runs)) // (block * self._mixed)
        order = runs[np.lexsort((rng.uniforms(1, len(runs)), group))]
        order = order[order < n]
        each = -(-n // self._replicas)
        places = np.arange(self._rank * each, (self._rank + 1) * each) % max(1, n)
        return order[places] if n else order
