"""Transforms made of transforms."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms.changing import Transform
from eventsim.transforms.ranges import check_range


@dataclass(frozen=True)
class Compose:
    """One transform after the other; without any, the events as they are.

    Each has random numbers of its own, so one that is added at the end changes nothing before it.

    Attributes
    ----------
    transforms : tuple of Transform
    """

    transforms: tuple[Transform, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "transforms", _checked(self.transforms))

    def __call__(self, events: Events, rng: Draws) -> Events:
        """Transform events."""
        for place, transform in enumerate(self.transforms):
            events = transform(events, rng.child(place))
        return events


@dataclass(frozen=True)
class OneOf:
    """One of several transforms, each as likely as the others.

    Attributes
    ----------
    transforms : tuple of Transform
        ``Compose()`` among them is to do nothing.
    """

    transforms: tuple[Transform, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "transforms", _checked(self.transforms))
        if not self.transforms:
            raise ConfigError("OneOf needs one transform or more, found none.")

    def __call__(self, events: Events, rng: Draws) -> Events:
        """Transform events."""
        chosen = rng.integer(0, 0, len(self.transforms) - 1)
        return self.transforms[chosen](events, rng.child(1 + chosen))


@dataclass(frozen=True)
class Sometimes:
    """A transform that is used with a probability.

    Attributes
    ----------
    transform : Transform
    probability : float
    """

    transform: Transform
    probability: float = 0.5

    def __post_init__(self) -> None:
        _checked((self.transform,))
        check_range("probability", self.probability, 0, 1)

    def __call__(self, events: Events, rng: Draws) -> Events:
        """Transform events, or leave them."""
        return self.transform(events, rng.child(1)) if rng.uniform(0) < self.probability else events


def names_in(transform: Any) -> Iterator[str]:
    """Names of a transform and of all that it is made of."""
    yield type(transform).__name__
    inner = getattr(transform, "transforms", ())
    if hasattr(transform, "transform"):
        inner = (*inner, transform.transform)
    for part in inner:
        yield from names_in(part)


def _checked(transforms: Any) -> tuple[Transform, ...]:
    given = tuple(transforms) if isinstance(transforms, list | tuple) else (transforms,)
    for transform in given:
        if isinstance(transform, type) or not callable(transform):
            raise ConfigError(
                f"a transform is called with (events, rng), found {transform!r}. "
                "Pass an instance, such as Flip()."
            )
    return given
