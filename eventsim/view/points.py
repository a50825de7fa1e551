"""Points of a scatter: no more than can be drawn, and signal before noise."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eventsim.events import Events, Kind, is_noise
from eventsim.view.windows import Rates, Viewable, ViewOptions, count_rates, pieces

POINT_LIMIT = 100_000
"""Most points in a scatter; more take seconds to draw and only hide each other."""


SCATTER_US = 300_000
"""Shown in space and time if nothing else is asked for: more is a block of points. By eye."""


@dataclass(frozen=True)
class Points:
    """Events chosen for a scatter.

    Attributes
    ----------
    events : Events
        In order of time.
    span : (start_us, stop_us)
        That they were chosen from.
    signal_step, noise_step : int
        Every so many-th event was taken; 0 is none.
    """

    events: Events
    span: tuple[int, int]
    signal_step: int
    noise_step: int

    @property
    def notes(self) -> list[str]:
        """What was left out, in a sentence."""
        if self.signal_step == self.noise_step == 1:
            return []
        signal, noise = (_every(step) for step in (self.signal_step, self.noise_step))
        points = f"{len(self.events):,} points"
        return [f"The scatter shows {signal} signal event and {noise} noise event: {points}."]


def scatter_points(
    recording: Viewable, rates: Rates, options: ViewOptions
) -> tuple[Points, list[str]]:
    """Choose what a scatter shows: a short time, and of that as much as can be told apart.

    Parameters
    ----------
    recording : Viewable
    rates : Rates
        Of what is to be shown.
    options : ViewOptions

    Returns
    -------
    points : Points
    notes : list of str
        What is left out, one sentence each.
    """
    start, stop = int(rates.edges_us[0]), int(rates.edges_us[-1])
    notes = []
    if options.start_us is None and options.stop_us is None and stop - start > SCATTER_US:
        best = int(rates.counts.sum(axis=(0, 1)).argmax())
        middle = (rates.edges_us[best] + rates.edges_us[best + 1]) / 2
        start = max(start, min(stop - SCATTER_US, round(middle - SCATTER_US / 2)))
        stop = start + SCATTER_US
        notes.append(f"The scatter shows {SCATTER_US / 1e6:g} s around the busiest moment.")
    points = thin(recording, (start, stop))
    return points, [*notes, *points.notes]


def thin(recording: Viewable, span: tuple[int, int]) -> Points:
    """Take every n-th signal event, and of the noise what then fits into `POINT_LIMIT`.

    Parameters
    ----------
    recording : Viewable
    span : (start_us, stop_us)

    Returns
    -------
    Points
        The first signal event is always among them. What is unknown counts as signal.
    """
    counts = count_rates(recording, span=span, bins=1).counts.sum(axis=(1, 2))
    signal = int(counts[Kind.SIGNAL] + counts[Kind.UNKNOWN])
    noise = int(counts.sum()) - signal
    signal_step = max(1, -(-signal // POINT_LIMIT))
    room = POINT_LIMIT - -(-signal // signal_step)
    noise_step = max(1, -(-noise // room)) if room else 0
    kept: list[Events] = []
    seen = {True: 0, False: 0}
    for piece in pieces(recording, span):
        is_signal = ~is_noise(piece.events.kind)
        chosen: list[NDArray[np.int64]] = []
        for which, step in ((True, signal_step), (False, noise_step)):
            places = np.flatnonzero(is_signal == which)
            if step:
                chosen.append(places[-seen[which] % step :: step])
            seen[which] += len(places)
        # By index, which copies: a slice would keep the whole piece in memory.
        kept.append(piece.events[np.sort(np.concatenate(chosen))])
    return Points(Events.concatenate(kept, recording.size), span, signal_step, noise_step)


def _every(step: int) -> str:
    """Say which events are taken: no, every, every 2nd, ..."""
    if step < 2:
        return "every" if step else "no"
    endings = {1: "st", 2: "nd", 3: "rd"}
    ending = "th" if step % 100 in (11, 12, 13) else endings.get(step % 10, "th")
    return f"every {step}{ending}"
