"""What a camera sees of the clip, and how many events of each kind that is."""

import numpy as np

from eventsim.camera import Camera
from eventsim.events import Events, Kind
from eventsim.random import recording_seed
from eventsim.simulator import simulate_source
from eventsim.tuner.clip import Clip


def see(clip: Clip, camera: Camera, seed: int = 1) -> Events:
    """Events of the clip, the same as `eventsim convert` makes of its first input.

    Parameters
    ----------
    clip : Clip
    camera : Camera
    seed : int
        Of the run.
    """
    packets = simulate_source(clip, camera, seed=recording_seed(seed, 0))
    return Events.concatenate([packet.events for packet in packets], clip.size)


def rates(events: Events, seconds: float) -> list[tuple[str, int, float, float]]:
    """Of each kind its name, its events, and ON and OFF events per pixel and second.

    Parameters
    ----------
    events : Events
    seconds : float
        That they were recorded in, > 0.
    """
    pixels = events.size.width * events.size.height
    found = []
    for kind in Kind:
        if kind == Kind.UNKNOWN:
            continue
        of_kind = events.kind == kind
        on, off = (int(np.count_nonzero(of_kind & (events.p == p))) for p in (True, False))
        name = kind.name.lower()
        found.append((name, on + off, on / pixels / seconds, off / pixels / seconds))
    return found
