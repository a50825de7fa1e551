"""Voxel grid: each event shared among the two bins of time that it lies between."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.representations import kernels
from eventsim.representations.windows import check_bins, cut


@dataclass(frozen=True)
class VoxelGrid:
    """Share each event among the two nearest bins, in proportion to their distance.

    ``place = (bins - 1) (t - t0) / (t1 - t0)``; bin ``floor(place)`` gets ``1 - fraction`` and the
    next one ``fraction``, so that no event is lost at an end (with ``bins`` in place of
    ``bins - 1``, as some libraries have it, the last events fall out of the grid).

    Attributes
    ----------
    bins : int
    polarity : {"separate", "signed"}
        A plane for each polarity, or one to which an OFF event adds -1.

    References
    ----------
    .. [1] Zhu et al., "Unsupervised Event-based Learning of Optical Flow, Depth, and Egomotion",
       CVPR 2019.

    Examples
    --------
    >>> events = Events.of([0, 4], [0, 0], [0, 0], [1, 0], size=(1, 1))
    >>> VoxelGrid(bins=3)(events, 0, 8)[:, :, 0, 0].tolist()
    [[0.0, 1.0], [1.0, 0.0], [0.0, 0.0]]
    >>> VoxelGrid(bins=3, polarity="signed")(events, 0, 8)[:, 0, 0].tolist()
    [1.0, -1.0, 0.0]
    """

    bins: int = 10
    polarity: Literal["separate", "signed"] = "separate"

    def __post_init__(self) -> None:
        check_bins(self.bins)
        if self.polarity not in ("separate", "signed"):
            raise ConfigError(f"polarity must be separate or signed, found {self.polarity!r}.")

    def __call__(
        self, events: Events, t0_us: int | None = None, t1_us: int | None = None
    ) -> NDArray[np.float32]:
        """(bins, 2, H, W) float32, polarity 0 is OFF and 1 is ON; signed: (bins, H, W)."""
        events, t0_us, t1_us = cut(events, t0_us, t1_us)
        signed = self.polarity == "signed"
        planes = 1 if signed else 2
        out = np.zeros((self.bins, planes, events.size.height, events.size.width), np.float32)
        per_us = (self.bins - 1) / (t1_us - t0_us)
        kernels.spread(events.t, events.x, events.y, events.p, t0_us, per_us, signed, out)
        return out[:, 0] if signed else out
