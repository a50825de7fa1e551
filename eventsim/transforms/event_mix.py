"""EventMix: a cloud of space and time comes from another sample."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms.changing import kept, merged
from eventsim.transforms.mixing import Box, share_of, volume_of
from eventsim.transforms.ranges import Range, check_range

_PROBES = 4096
"""Random points of the volume by which the edge of the cloud is found: its share is then right
within 1.6 % (2 standard deviations)."""


@dataclass(frozen=True)
class EventMix:
    """Replace the events inside a random cloud by those of another sample there [1]_.

    The cloud is where a mixture of Gaussians over (t, y, x) is above a level, chosen so that the
    cloud fills its share of the volume. Centers are anywhere; the standard deviation along an axis
    is ``max(u, 0.1) / 2`` of its length, and the weights are uniform, as in the authors' code. The
    weight of the first label is the share of its events in what comes out.

    Attributes
    ----------
    share : number or (low, high)
        Of the volume that is replaced.
    components : int
        Gaussians; 3 in the authors' code.

    References
    ----------
    .. [1] Shen, Zhao and Zeng, "EventMix: An efficient data augmentation strategy for event-based
       learning", Information Sciences 2023.
    """

    share: Range = (0.0, 1.0)
    components: int = 3

    def __post_init__(self) -> None:
        check_range("share", self.share, 0, 1)
        if self.components < 1:
            raise ConfigError(f"components must be 1 or more, found {self.components}.")

    def __call__(self, events: Events, other: Events, rng: Draws) -> tuple[Events, float]:
        """Mix two samples.

        Returns
        -------
        events : Events
        weight : float
            Of the first one's label, in [0, 1]; that of the other is what is left.
        """
        volume = volume_of(events, other)
        share = rng.between(0, self.share)
        probes = rng.uniforms(1, 3 * _PROBES).reshape(3, _PROBES)
        # A level above the highest probe, so that of nothing there is nothing.
        level = np.quantile(self._density(probes, rng), 1 - share) if share > 0 else np.inf
        mine = kept(events, self._density(_placed(events, volume), rng) < level)
        theirs = kept(other, self._density(_placed(other, volume), rng) >= level)
        return merged(mine, theirs), share_of(mine, theirs)

    def _density(self, places: NDArray[np.float64], rng: Draws) -> NDArray[np.float64]:
        """Height of the mixture at places in the unit cube, (3, N)."""
        drawn = rng.uniforms(2, 7 * self.components).reshape(self.components, 7)
        height = np.zeros(places.shape[1])
        for component in drawn:
            center, sd, weight = component[:3], 0.5 * np.maximum(component[3:6], 0.1), component[6]
            distance = (places - center[:, None]) / sd[:, None]
            height += weight / np.prod(sd) * np.exp(-0.5 * (distance**2).sum(0))
        return height


def _placed(events: Events, volume: Box) -> NDArray[np.float64]:
    """(3, N): t, y, x as shares of the volume, each event in the middle of its pixel."""
    columns: tuple[NDArray[Any], ...] = (events.t, events.y, events.x)
    return np.stack(
        [
            (column.astype(np.float64) + 0.5 - start) / (end - start)
            for column, (start, end) in zip(columns, volume, strict=True)
        ]
    )
