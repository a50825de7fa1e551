"""Time surface: how long ago each pixel fired."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.representations import kernels
from eventsim.representations.windows import bin_edges, check_bins, cut


@dataclass(frozen=True)
class TimeSurface:
    """``exp(-(t_end - t_last) / tau)`` of each pixel and polarity, at the end of each bin.

    Attributes
    ----------
    bins : int
        Moments at which the surface is taken; what was seen in earlier bins is kept.
    tau_us : float
        Microseconds; chosen by eye. Layers of HOTS have longer ones the deeper they are [1]_.

    References
    ----------
    .. [1] Lagorce et al., "HOTS: A Hierarchy of Event-Based Time-Surfaces for Pattern Recognition",
       TPAMI 2017.

    Examples
    --------
    >>> events = Events.of([6], [0], [0], [True], size=(1, 1))
    >>> TimeSurface(bins=2, tau_us=4)(events, 0, 10)[:, :, 0, 0].round(3).tolist()
    [[0.0, 0.0], [0.0, 0.36800000071525574]]
    """

    bins: int = 1
    tau_us: float = 20_000.0

    def __post_init__(self) -> None:
        check_bins(self.bins)
        if not self.tau_us > 0:
            raise ConfigError(f"tau_us must be above 0, found {self.tau_us!r}.")

    def __call__(
        self, events: Events, t0_us: int | None = None, t1_us: int | None = None
    ) -> NDArray[np.float32]:
        """(bins, 2, H, W) float32 in [0, 1]; 0 where a pixel has not fired yet."""
        events, t0_us, t1_us = cut(events, t0_us, t1_us)
        edges = bin_edges(t0_us, t1_us, self.bins)
        out = np.zeros((self.bins, 2, events.size.height, events.size.width), np.float32)
        bounds = np.searchsorted(events.t, edges)
        columns = (events.t, events.x, events.y, events.p)
        kernels.decay(*columns, bounds, edges, float(self.tau_us), out)
        return out
