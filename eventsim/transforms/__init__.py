"""Events to events: augmentations, one a file.

>>> from eventsim.transforms import Compose, Flip, Rotate, Sometimes
>>> augment = Compose((Sometimes(Flip(), 0.5), Rotate(angle_deg=(-15, 15))))
"""

from eventsim.transforms.compose import Compose, OneOf, Sometimes
from eventsim.transforms.crop import Crop
from eventsim.transforms.drop_area import DropArea
from eventsim.transforms.drop_blocks import DropBlocks
from eventsim.transforms.drop_chunks import DropChunks
from eventsim.transforms.drop_pixels import DropPixels
from eventsim.transforms.drop_time import DropTime
from eventsim.transforms.flip import Flip
from eventsim.transforms.polarity_flip import PolarityFlip
from eventsim.transforms.refractory import Refractory
from eventsim.transforms.resize import Resize
from eventsim.transforms.roll import Roll
from eventsim.transforms.rotate import Rotate
from eventsim.transforms.scale import Scale
from eventsim.transforms.shear import Shear
from eventsim.transforms.spatial_jitter import SpatialJitter
from eventsim.transforms.thin import Thin
from eventsim.transforms.time_crop import TimeCrop
from eventsim.transforms.time_jitter import TimeJitter
from eventsim.transforms.time_reversal import TimeReversal
from eventsim.transforms.time_scale import TimeScale
from eventsim.transforms.time_warp import TimeWarp
from eventsim.transforms.translate import Translate

__all__ = [
    "Compose",
    "Crop",
    "DropArea",
    "DropBlocks",
    "DropChunks",
    "DropPixels",
    "DropTime",
    "Flip",
    "OneOf",
    "PolarityFlip",
    "Refractory",
    "Resize",
    "Roll",
    "Rotate",
    "Scale",
    "Shear",
    "Sometimes",
    "SpatialJitter",
    "Thin",
    "TimeCrop",
    "TimeJitter",
    "TimeReversal",
    "TimeScale",
    "TimeWarp",
    "Translate",
]
