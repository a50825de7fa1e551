"""The attack on fixed orders of pixels, tried: on one that stays, and on those that change."""

from dataclasses import dataclass

import numpy as np
from skimage import data

from eventsim.events import Events, SensorSize
from eventsim.motion.moved_image import MovedImage
from eventsim.motion.paths import EyePath
from eventsim.privacy.order_attack import find_order, recovered_share
from eventsim.random import Draws
from eventsim.simulator import simulate
from eventsim.transforms.keyed import ChaoticScramble, EventKey, PermutePixels

SIDE_PX = 32
SECONDS = 20
_STEP_US = 10_000
_STEP_PX = 1.2
"""Of a walk at random, in each direction and step; the texture moves by some 120 px/s."""
_REACH_PX = 60.0
WAYS = (
    PermutePixels(rekey_us=None),
    ChaoticScramble(),
    PermutePixels(rekey_us=1_000_000),
    PermutePixels(rekey_us=10_000),
)


@dataclass(frozen=True)
class Broken:
    """How much of an order was found.

    Attributes
    ----------
    words : str
        The method.
    events : int
        That the attacker had.
    exact, near : float
        Share of addresses found exactly, and to within a pixel.
    """

    words: str
    events: int
    exact: float
    near: float


def moving_texture(seed: int, seconds: float = SECONDS) -> Events:
    """Gravel that moves before a sensor of 32 x 32 pixels.

    Parameters
    ----------
    seed : int
        Of the walk.
    seconds : float
    """
    nodes = max(2, round(seconds * 1e6 / _STEP_US))
    rng = Draws.of(seed)
    walk = np.cumsum(_STEP_PX * np.stack([rng.normals(k, nodes) for k in (0, 1)]), axis=1)
    x, y = _REACH_PX * np.sin(walk / _REACH_PX)
    path = EyePath.of(np.arange(nodes) * _STEP_US, x, y)
    source = MovedImage(data.gravel()[::2, ::2], path, size=(SIDE_PX, SIDE_PX), scale=1.0)
    return simulate(
        source,
        sensor="davis346",
        noise="v2e-clean",
        seed=seed,
        photoreceptor_cutoff_hz=0,  # thresholds alone, as for the faces
        refractory_period_us=0,
    )


def attack_orders(events: Events, seed: int) -> list[Broken]:
    """Try the attack on each way to permute pixels, with the same events.

    Of an order that changes, what counts is how much of the first one was found.

    Parameters
    ----------
    events : Events
    seed : int
        Of the key.
    """
    key = EventKey.of(seed.to_bytes(32, "little"), "00" * 16)
    found = []
    for way in WAYS:
        hidden = way(events, key)
        table = way.tables(key, SensorSize(*events.size))(0)
        exact, near = recovered_share(find_order(hidden), table, events.size)
        found.append(Broken(repr(way), len(events), exact, near))
    return found
