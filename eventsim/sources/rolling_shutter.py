"""Video whose rows were not taken at one moment."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from eventsim.errors import ConfigError
from eventsim.frames import Frame, FrameSource, Outline

LONGEST_US = 1e6
"""A second from the first row to the last; a slip of a unit is found by it."""


@dataclass(frozen=True)
class RollingShutter:
    """Lets frames through, and says by how much later each row of them was taken.

    Pixels see nothing of each other. So their rows are simulated as if they were of one moment, and
    then all events of row r of H come later by ``r / (H - 1)`` of the time given: the same events
    as with a time for each row. A `eventsim.frames.FrameStage`.

    Parameters
    ----------
    us : float
        From the first row to the last, microseconds; below 0 if the last row comes first.

    Raises
    ------
    ConfigError
        If it is longer than `LONGEST_US`.
    """

    us: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.us) and abs(self.us) <= LONGEST_US):
            raise ConfigError(
                f"rolling_shutter_us must be at most {LONGEST_US:g}, found {self.us:g}. It is the "
                "time from the first row of a frame to the last, such as 16000."
            )

    def outline(self, before: Outline) -> Outline:
        """As before, with a time for each row."""
        return replace(before, rows_us=before.rows_us + self.us)

    def frames(self, frames: FrameSource, notes: list[str]) -> Iterator[Frame]:
        """Yield the frames as they are."""
        yield from frames
