"""CutMix: a box of space and time comes from another sample."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms.changing import kept, merged
from eventsim.transforms.mixing import share_of, volume_of
from eventsim.transforms.ranges import Range, check_range


@dataclass(frozen=True)
class CutMix:
    """Replace the events of a box in space and time by those of another sample there.

    The weight of the first label is the share of its events in what comes out: of an empty corner
    nothing is seen, where the area of the box, which [1]_ takes, would count it.

    Attributes
    ----------
    share : number or (low, high)
        Of the volume; each side of the box is its cube root. CutMix draws it from 0 to 1 [1]_.

    References
    ----------
    .. [1] Yun et al., "CutMix: Regularization Strategy to Train Strong Classifiers with Localizable
       Features", ICCV 2019.
    """

    share: Range = (0.0, 1.0)

    def __post_init__(self) -> None:
        check_range("share", self.share, 0, 1)

    def __call__(self, events: Events, other: Events, rng: Draws) -> tuple[Events, float]:
        """Mix two samples.

        Returns
        -------
        events : Events
        weight : float
            Of the first one's label, in [0, 1]; that of the other is what is left.
        """
        side = rng.between(0, self.share) ** (1 / 3)
        box = []
        for axis, (start, end) in enumerate(volume_of(events, other)):
            length = round(side * (end - start))
            first = start + rng.integer(1 + axis, 0, end - start - length)
            box.append((first, first + length))
        mine, theirs = kept(events, ~_inside(events, box)), kept(other, _inside(other, box))
        return merged(mine, theirs), share_of(mine, theirs)


def _inside(events: Events, box: list[tuple[int, int]]) -> NDArray[np.bool_]:
    mask = np.ones(len(events), np.bool_)
    places: tuple[NDArray[Any], ...] = (events.t, events.y, events.x)
    for place, (first, last) in zip(places, box, strict=True):
        mask &= (place >= first) & (place < last)
    return mask
