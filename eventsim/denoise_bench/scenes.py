"""Scenes of the bench, made of seeds: what moves, and before what."""

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError, nearest
from eventsim.events import SensorSize
from eventsim.frames import Encoding, FrameSource
from eventsim.motion.moved_image import MovedImage
from eventsim.motion.paths import EyePath
from eventsim.random import Draws
from eventsim.scenes.clouds import clouds
from eventsim.scenes.leaves import dead_leaves
from eventsim.scenes.objects import MovingObjects
from eventsim.shipped import find
from eventsim.sources.opening import open_source
from eventsim.sources.reading import Reading

SCENES = {
    "pan": "a camera that wanders over a still world, of dead leaves or of clouds",
    "traffic": "a still camera, before which eight disks cross a still world",
    "lone": "a still camera, before which one small disk crosses an even gray",
    "film": "the bundled film, with frames between its frames",
}
"""What they show."""
_NODE_US = 5000
_SWINGS = 3
"""Between two nodes of a path, and swings of it; chosen by eye."""


def open_scene(name: str, size: SensorSize, seconds: float, seed: int) -> FrameSource:
    """Frames of a scene.

    Parameters
    ----------
    name : str
        Of `SCENES`.
    size : SensorSize
    seconds : float
        Of ``film`` at most its 2.5.
    seed : int
        Of everything in it.

    Raises
    ------
    ConfigError
        If there is no such scene.
    """
    rng = Draws.of(seed)
    if name == "pan":
        return _pan(size, seconds, rng)
    if name == "traffic":
        return MovingObjects.of(_world(size, rng), 8, seed=rng.child(1).key).source(seconds)
    if name == "lone":
        gray = np.full((size.height, size.width), 15.0 * 16.0 ** rng.uniform(0), np.float32)
        one = MovingObjects.of(gray, 1, seed=rng.child(1).key, radius_px=(1.5, 5.0))
        return one.source(seconds)
    if name == "film":
        reading = Reading(size=(size.width, size.height), upsample="flow", stop_s=seconds)
        return open_source(str(find("bigbuckbunny.mp4")), reading, seed=seed)
    raise ConfigError(f"there is no scene {name!r}. {nearest(name, SCENES)}")


def _world(size: SensorSize, rng: Draws) -> NDArray[np.float32]:
    """Leaves or clouds, with a contrast of 1.3 to 16; chosen by eye."""
    seed, darkest_dn = rng.child(0).key, 15.0 * 12.0 ** rng.uniform(1)
    if rng.uniform(3) < 0.5:
        return dead_leaves(size, seed=seed, darkest_dn=darkest_dn)
    return clouds(size, seed=seed, exponent=0.8 + 0.8 * rng.uniform(4), darkest_dn=darkest_dn)


def _pan(size: SensorSize, seconds: float, rng: Draws) -> FrameSource:
    """Swings of some directions and rhythms, at 20 to 600 px/s together, of a world that is blurred
    by at most 2 px; all chosen by eye.
    """
    world = (2 * size.width, 2 * size.height)
    image = _world(SensorSize(*world), rng)
    t_us = np.arange(0, int(seconds * 1e6) + _NODE_US, _NODE_US)
    speed_px_s = 20.0 * 30.0 ** rng.uniform(0)
    places = np.zeros((2, len(t_us)))
    for k in range(_SWINGS):
        own = rng.child(1 + k)
        hz = 0.3 + 1.7 * own.uniform(0)
        phase, angle = 2 * np.pi * own.uniform(1), 2 * np.pi * own.uniform(2)
        swing = np.sin(2 * np.pi * hz * t_us * 1e-6 + phase)
        reach_px = min(speed_px_s / (2 * np.pi * hz * _SWINGS) * 1.6, min(size) / (2.5 * _SWINGS))
        places += reach_px * swing * np.array([[np.cos(angle)], [np.sin(angle)]])
    path = EyePath.of(t_us, places[0], places[1])
    linear, blur_px = Encoding("linear"), 2.0 * rng.uniform(2)
    return MovedImage(image, path, encoding=linear, size=size, scale=1.0, blur_px=blur_px)
