"""Mirror the sensor."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms.changing import settled


@dataclass(frozen=True)
class Flip:
    """Mirror the events. Wrap it in `Sometimes` for one sample in two.

    Attributes
    ----------
    axis : {"x", "y"}
        ``x``: left becomes right; ``y``: top becomes bottom.

    Examples
    --------
    >>> events = Events.of([5], [0], [1], [True], size=(4, 2))
    >>> Flip()(events, Draws.of(1)).x.tolist()
    [3]
    """

    axis: Literal["x", "y"] = "x"

    def __post_init__(self) -> None:
        if self.axis not in ("x", "y"):
            raise ConfigError(f"axis must be x or y, found {self.axis!r}.")

    def __call__(self, events: Events, rng: Draws) -> Events:
        """Mirror events."""
        x, y = events.x.copy(), events.y.copy()
        if self.axis == "x":
            np.subtract(np.uint16(events.size.width - 1), events.x, out=x)
        else:
            np.subtract(np.uint16(events.size.height - 1), events.y, out=y)
        return settled(Events(events.t, x, y, events.p.copy(), events.kind.copy(), events.size))
