"""Sets of augmentations as papers have them; ranges are continuous where a paper lists steps."""

from math import radians, tan

from eventsim.transforms.changing import Transform
from eventsim.transforms.compose import Compose, OneOf, Sometimes
from eventsim.transforms.correlated_noise import CorrelatedNoise
from eventsim.transforms.drop_area import DropArea
from eventsim.transforms.drop_blocks import DropBlocks
from eventsim.transforms.drop_chunks import DropChunks
from eventsim.transforms.drop_time import DropTime
from eventsim.transforms.flip import Flip
from eventsim.transforms.roll import Roll
from eventsim.transforms.rotate import Rotate
from eventsim.transforms.scale import Scale
from eventsim.transforms.shear import Shear
from eventsim.transforms.thin import Thin
from eventsim.transforms.time_reversal import TimeReversal
from eventsim.transforms.translate import Translate


def event_drop() -> Transform:
    """EventDrop: nothing, a stretch of time, a box, or random events; each in one of four samples.

    Gu et al., IJCAI 2021. The box is dropped as the paper says; the reference code drops a cross.
    """
    return OneOf((Compose(), DropTime((0.1, 0.9)), DropArea((0.05, 0.25)), Thin((0.1, 0.9))))


def nda(shift_px: float = 5.0, angle_deg: float = 30.0) -> Transform:
    """NDA: mirrored in one of two samples, then rolled, turned or slanted.

    Li et al., ECCV 2022. Not label-safe where left and right differ.

    Parameters
    ----------
    shift_px, angle_deg : float
        5 and 30 for CIFAR10-DVS at 48x48; 3 and 15 for N-Caltech101.
    """
    slant = tan(radians(angle_deg))
    around = Roll((-shift_px, shift_px), (-shift_px, shift_px))
    turned, slanted = Rotate((-angle_deg, angle_deg)), Shear((-slant, slant))
    return Compose((Sometimes(Flip()), OneOf((around, turned, slanted))))


def event_rpg(width: int, height: int) -> Transform:
    """EventRPG's geometric set: one of nothing, flip, rotation, shift, shear, scale or box.

    Sun et al., ICLR 2024, without its drops and mixes by relevance, which need a trained network.

    Parameters
    ----------
    width, height : int
        Of the sensor, px: shifts are up to 0.3 of it.
    """
    return OneOf(
        (
            Compose(),
            Flip(),
            Rotate((-60.0, 60.0), center="events"),
            Translate((-0.3 * width, 0.3 * width), 0.0),
            Translate(0.0, (-0.3 * height, 0.3 * height)),
            Shear((-0.3, 0.3)),
            Shear(0.0, (-0.3, 0.3)),
            Scale((0.5, 1.5)),
            DropArea((0.1, 0.5)),
        )
    )


def ecdp(shift_px: float = 20.0) -> Transform:
    """ECDP's augmentations of events: backwards in one of two samples, shifted, with noise added.

    Yang, Pan and Liu, ICCV 2023; 20 px at 224x224.
    """
    shifted = Translate((-shift_px, shift_px), (-shift_px, shift_px))
    return Compose((Sometimes(TimeReversal()), shifted, CorrelatedNoise()))


def event2vec() -> Transform:
    """Event2Vec's augmentations, each in six of ten samples.

    Fang and Panda, 2025.
    """
    each = (
        Scale((0.8, 1.2)),
        Rotate((-10.0, 10.0)),
        Shear((-0.02, 0.02)),
        Translate((-16.0, 16.0), (-16.0, 16.0)),
        DropBlocks(0.1, 16),
        DropChunks(8, 256),
    )
    return Compose(tuple(Sometimes(transform, 0.6) for transform in each))
