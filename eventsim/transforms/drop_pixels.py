"""Dead pixels."""

from dataclasses import dataclass

from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms.changing import kept
from eventsim.transforms.ranges import Range, check_range


@dataclass(frozen=True)
class DropPixels:
    """Silence random pixels.

    Attributes
    ----------
    share : number or (low, high)
        Probability with which a pixel is dead.
    """

    share: Range = (0.0, 0.2)

    def __post_init__(self) -> None:
        check_range("share", self.share, 0, 1)

    def __call__(self, events: Events, rng: Draws) -> Events:
        """Drop the events of some pixels."""
        width, height = events.size
        alive = rng.uniforms(1, width * height) >= rng.between(0, self.share)
        return kept(events, alive.reshape(height, width)[events.y, events.x])
