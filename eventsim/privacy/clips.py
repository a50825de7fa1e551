"""What attackers are measured on: recordings of which everything is known."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from eventsim.events import Events
from eventsim.transforms.boxes import Box


@dataclass(frozen=True)
class Clip:
    """A short recording of one person.

    Attributes
    ----------
    events : Events
        Times from 0.
    duration_us : int
    person : int
        Who is seen.
    task : int
        What a user of the data wants to know, such as a gesture.
    attribute : int
        Something private that is not who, such as glasses; -1 if there is none.
    sensor : int
        That recorded it.
    is_test : bool
        Attackers learn from the others.
    track : tuple of Box
        Where the person is over time, as a detector would say.
    truth : (H, W) ndarray of float64
        What there was to see at the end, as on a screen, 1 is white: see `as_shown`.
    box : (x0, y0, x1, y1)
        Where the person is in it, px.
    """

    events: Events
    duration_us: int
    person: int
    task: int
    attribute: int
    sensor: int
    is_test: bool
    track: tuple[Box, ...]
    truth: NDArray[np.float64]
    box: tuple[int, int, int, int]


Change = Callable[[Clip, int], Events]
"""Anonymizes the events of a clip, which has a number."""


def changed(clips: Sequence[Clip], change: Change) -> list[Clip]:
    """The clips with their events anonymized."""
    return [replace(clip, events=change(clip, number)) for number, clip in enumerate(clips)]


def as_shown(luminance: NDArray[np.floating]) -> NDArray[np.float64]:
    """Linear luminance as numbers of a screen, about as light as it looks: its root (gamma 2.2)."""
    return np.clip(np.asarray(luminance, np.float64), 0, 1) ** (1 / 2.2)


def halves(clips: Sequence[Clip]) -> tuple[list[Clip], list[Clip]]:
    """Clips to learn from, and those to test with."""
    return [c for c in clips if not c.is_test], [c for c in clips if c.is_test]
