"""Averaged time surfaces (HATS): what the neighborhood of an event looks like, cell by cell."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.representations import kernels
from eventsim.representations.windows import cut


@dataclass(frozen=True)
class AveragedTimeSurface:
    """Mean over the events of a cell of the time surface around them.

    The surface around an event at time t is, for each place within `radius_px`, the sum of
    ``exp(-(t - t_j) / tau)`` over the earlier events j of its polarity there, as long as they lie
    in the same cell [1]_. The paper also forgets events older than a limit; with a limit of several
    tau that changes nothing, and there is none here.

    Attributes
    ----------
    cell_px : int
        Side of a cell; 10 is tonic's default, too.
    radius_px : int
        Of the neighborhood; chosen by eye.
    tau_us : float
        Microseconds; chosen by eye.

    References
    ----------
    .. [1] Sironi et al., "HATS: Histograms of Averaged Time Surfaces for Robust Event-based Object
       Classification", CVPR 2018.
    """

    cell_px: int = 10
    radius_px: int = 3
    tau_us: float = 20_000.0

    def __post_init__(self) -> None:
        if self.cell_px < 1 or self.radius_px < 0 or not self.tau_us > 0:
            raise ConfigError(
                f"cell_px must be 1 or more, radius_px 0 or more and tau_us above 0, found {self}."
            )

    def __call__(
        self, events: Events, t0_us: int | None = None, t1_us: int | None = None
    ) -> NDArray[np.float32]:
        """(2, rows, columns, 2 R + 1, 2 R + 1) float32: a surface a cell, the event in its middle.

        ``rows = ceil(H / cell_px)``, and columns alike.
        """
        events, t0_us, _ = cut(events, t0_us, t1_us)
        width, height = events.size
        cells = (2, -(-height // self.cell_px), -(-width // self.cell_px))
        side = 2 * self.radius_px + 1
        out = np.zeros((*cells, side, side), np.float64)
        memory, counts = np.zeros((2, 2, height, width)), np.zeros(cells, np.int64)
        columns = (events.t - t0_us, events.x, events.y, events.p)
        kernels.average_surfaces(
            *columns, self.cell_px, self.radius_px, float(self.tau_us), memory, counts, out
        )
        return (out / np.maximum(counts, 1)[..., None, None]).astype(np.float32)
