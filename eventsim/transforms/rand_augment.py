"""A few random transforms, all as strong as one number says."""

from dataclasses import dataclass

from eventsim.errors import ConfigError
from eventsim.events import Events, SensorSize
from eventsim.random import Draws
from eventsim.transforms.changing import Transform
from eventsim.transforms.drop_area import DropArea
from eventsim.transforms.drop_time import DropTime
from eventsim.transforms.ranges import check_range
from eventsim.transforms.rotate import Rotate
from eventsim.transforms.scale import Scale
from eventsim.transforms.shear import Shear
from eventsim.transforms.spatial_jitter import SpatialJitter
from eventsim.transforms.thin import Thin
from eventsim.transforms.time_warp import TimeWarp
from eventsim.transforms.translate import Translate


@dataclass(frozen=True)
class RandAugment:
    """Some of a fixed set of transforms, drawn again for each sample [1]_.

    Flips, time reversal and polarity flip are not among them: whether they are safe for a label is
    a question of its own. Add them by `Compose`.

    Attributes
    ----------
    count : int
        Transforms a sample; the same one may come twice.
    strength : float
        From 0, nothing, to 1: the largest ranges of EventRPG for geometry (60 degrees, 0.3 of the
        sensor, shear 0.3, scale 0.5 to 1.5, see `Rotate`) and of EventDrop for drops (0.9 of the
        time, 0.9 of the events; half of each side), jitter of 2 px, and `TimeWarp` of strength 1.

    References
    ----------
    .. [1] Cubuk et al., "RandAugment: Practical automated data augmentation with a reduced search
       space", NeurIPS 2020.
    """

    count: int = 2
    strength: float = 0.3

    def __post_init__(self) -> None:
        check_range("strength", self.strength, 0, 1)
        if self.count < 0:
            raise ConfigError(f"count must be 0 or more, found {self.count}.")

    def __call__(self, events: Events, rng: Draws) -> Events:
        """Transform events."""
        choices = transforms_of(float(self.strength), events.size)
        for k in range(self.count):
            chosen = rng.integer(k, 0, len(choices) - 1)
            events = choices[chosen](events, rng.child(k))
        return events


def transforms_of(strength: float, size: SensorSize) -> tuple[Transform, ...]:
    """All that is chosen from, at a strength on a sensor."""
    width, height = (0.3 * strength * side for side in size)
    return (
        Rotate((-60.0 * strength, 60.0 * strength)),
        Translate((-width, width), (-height, height)),
        Shear((-0.3 * strength, 0.3 * strength)),
        Shear(0.0, (-0.3 * strength, 0.3 * strength)),
        Scale((1 - 0.5 * strength, 1 + 0.5 * strength)),
        DropTime((0.0, 0.9 * strength)),
        DropArea((0.0, 0.5 * strength)),
        Thin((0.0, 0.9 * strength)),
        SpatialJitter(2.0 * strength),
        TimeWarp(strength),
    )
