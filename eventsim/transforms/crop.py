"""A part of the sensor."""

from dataclasses import dataclass
from typing import Literal

from eventsim.errors import ConfigError
from eventsim.events import Events, SensorSize, checked_size
from eventsim.random import Draws


@dataclass(frozen=True)
class Crop:
    """Cut a part out of the sensor: the events are then on a sensor of that size.

    Attributes
    ----------
    size : (width, height)
        Px; no larger than the sensor.
    place : {"random", "center"}
    """

    size: tuple[int, int]
    place: Literal["random", "center"] = "random"

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", tuple(checked_size(self.size)))
        if self.place not in ("random", "center"):
            raise ConfigError(f"place must be random or center, found {self.place!r}.")

    def __call__(self, events: Events, rng: Draws) -> Events:
        """Cut events out.

        Raises
        ------
        ConfigError
            If the part is larger than the sensor.
        """
        room = SensorSize(*(have - want for have, want in zip(events.size, self.size, strict=True)))
        if min(room) < 0:
            raise ConfigError(
                f"a part of {SensorSize(*self.size)} cannot be cut out of a {events.size} sensor. "
                "Crop less, or resize first."
            )
        x, y = room.width // 2, room.height // 2
        if self.place == "random":
            x, y = rng.integer(0, 0, room.width), rng.integer(1, 0, room.height)
        return events.region(x, y, x + self.size[0], y + self.size[1])
