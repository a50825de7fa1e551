"""How much structure events have, without any label: the event structural ratio."""

import numpy as np

from eventsim.denoise.hot_pixels import hot_pixels
from eventsim.events import Events

PACKET_EVENTS = 30_000
"""As in E-MLB, see `structural_ratio`."""


def structural_ratio(events: Events) -> float:
    """Event structural ratio (ESR) of a packet.

    Parameters
    ----------
    events : Events
        Two or more.

    Returns
    -------
    float
        Higher for events that lie on each other. It depends on how many there are, and on the
        sensor: compare equal packets of one sensor only.

    Notes
    -----
    With n_i events in pixel i, N in all, K pixels and ``M = 2 N / 3``::

        NTSS = sum_i n_i (n_i - 1) / (N (N - 1))
        L    = K - sum_i (1 - M / N)^n_i
        ESR  = sqrt(NTSS L)

    References
    ----------
    .. [1] S. Ding et al., "E-MLB: multilevel benchmark for event-based camera denoising", IEEE
       Trans. Multimedia, 2023.
    """
    width, height = events.size
    total = len(events)
    counts = np.bincount(events.y.astype(np.int64) * width + events.x, minlength=width * height)
    ntss = float((counts * (counts - 1)).sum()) / (total * (total - 1))
    reach = width * height - float(((1 / 3.0) ** counts).sum())
    return float(np.sqrt(ntss * reach))


def mean_structural_ratio(events: Events, *, packet_events: int = PACKET_EVENTS) -> float | None:
    """Mean of `structural_ratio` over packets of so many events (MESR); None if there is no packet.

    Hot pixels, which would look like the best structure of all, are left out first. The last
    packet, if it is not full, is too.

    Parameters
    ----------
    events : Events
    packet_events : int
    """
    calm = events[~hot_pixels(events)[events.y, events.x]]
    ratios = [
        structural_ratio(calm[first : first + packet_events])
        for first in range(0, len(calm) - packet_events + 1, packet_events)
    ]
    return float(np.mean(ratios)) if ratios else None
