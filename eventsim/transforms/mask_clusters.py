"""Whatever moves is cut out: nobody needs to say where it is."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms import cluster_kernels
from eventsim.transforms.boxes import in_boxes
from eventsim.transforms.changing import kept
from eventsim.transforms.ranges import check_number

_STEP_US = 10_000
"""How often the boxes of clusters are noted; chosen by eye."""
_MOST_CLUSTERS = 64
"""Followed at a time; chosen by eye."""


@dataclass(frozen=True)
class MaskClusters:
    """Follow clusters of events over time, and drop all events in their boxes.

    As trackers of clusters do [1]_: an event belongs to the nearest cluster within a radius, and
    pulls its center and its spread; one that is near to none begins a new one; of two that meet,
    the heavier stays. A cluster counts while enough events of the last time keep it alive, and its
    box reaches two mean deviations to each side of the center.

    Attributes
    ----------
    radius_px : float
        Within which events belong to a cluster: about half of what is to be cut out.
    least_events : float
        Of the last 50 ms, the older the less, that make a cluster. All three chosen by eye.
    hold_us : float
        A box counts so long before its time and after it.
    margin : float
        Share of its sides that a box is enlarged by on each.

    References
    ----------
    .. [1] Litzenberger et al., "Embedded Vision System for Real-Time Object Tracking using an
       Asynchronous Transient Vision Sensor", IEEE DSP Workshop 2006.
    """

    radius_px: float = 12.0
    least_events: float = 60.0
    hold_us: float = 100_000
    margin: float = 0.25

    leaves: ClassVar[str] = (
        "everybody who moves so little that no cluster is found, and where the clusters are."
    )

    def __post_init__(self) -> None:
        check_number("radius_px", self.radius_px, 1, 10_000)
        check_number("least_events", self.least_events, 1, 1e9)
        check_number("hold_us", self.hold_us, 0, 1e12)
        check_number("margin", self.margin, 0, 10)

    def boxes(self, events: Events) -> NDArray[np.float64]:
        """(n, 5) float64: t_us, x0, y0, x1, y1 of each cluster, every 10 ms."""
        if not len(events):
            return np.zeros((0, 5))
        settings = (self.radius_px, self.least_events, 50_000.0, _STEP_US, _MOST_CLUSTERS)
        rows = 1024
        while True:
            boxes = np.empty((rows, 5))
            n = cluster_kernels.follow_clusters(
                settings, tuple(events.size), events.t, events.x, events.y, boxes
            )
            if n >= 0:
                return boxes[:n]
            rows *= 4

    def __call__(self, events: Events, rng: Draws) -> Events:
        """Drop events."""
        return kept(events, ~in_boxes(events, self.boxes(events), self.margin, self.hold_us))
