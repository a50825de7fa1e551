"""Frames that the pixels see before a recording begins."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from eventsim.errors import ConfigError
from eventsim.frames import Frame, FrameSource, Outline

LONGEST_S = 1e6
"""Twelve days; a slip of a unit is found by it. Chosen by eye."""


@dataclass(frozen=True)
class RunIn:
    """Lets frames through, and says how many of the first ones are a run-in.

    At the first frame all pixels are at rest, their references where the light is; those of a
    camera that has been running are anywhere between their thresholds. A
    `eventsim.frames.FrameStage`.

    Parameters
    ----------
    seconds : float
        From the first frame on.

    Raises
    ------
    ConfigError
        If it is negative or beyond `LONGEST_S`.
    """

    seconds: float

    def __post_init__(self) -> None:
        if not 0 <= self.seconds <= LONGEST_S:
            raise ConfigError(f"run_in_s must be from 0 to {LONGEST_S:g}, found {self.seconds:g}.")

    def outline(self, before: Outline) -> Outline:
        """As before, with a run-in."""
        return replace(before, run_in_us=before.run_in_us + round(self.seconds * 1e6))

    def frames(self, frames: FrameSource, notes: list[str]) -> Iterator[Frame]:
        """Yield the frames as they are."""
        yield from frames
