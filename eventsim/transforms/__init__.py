"""Events to events: augmentations, one a file.

>>> from eventsim.transforms import Compose, Flip, Rotate, Sometimes
>>> augment = Compose((Sometimes(Flip(), 0.5), Rotate(angle_deg=(-15, 15))))
"""

from eventsim.transforms.compose import Compose, OneOf, Sometimes
from eventsim.transforms.correlated_noise import CorrelatedNoise
from eventsim.transforms.crop import Crop
from eventsim.transforms.cut_mix import CutMix
from eventsim.transforms.drop_area import DropArea
from eventsim.transforms.drop_blocks import DropBlocks
from eventsim.transforms.drop_chunks import DropChunks
from eventsim.transforms.drop_pixels import DropPixels
from eventsim.transforms.drop_time import DropTime
from eventsim.transforms.event_mix import EventMix
from eventsim.transforms.flip import Flip
from eventsim.transforms.hot_pixels import HotPixels
from eventsim.transforms.integrate_blocks import IntegrateBlocks
from eventsim.transforms.mask_boxes import MaskBoxes
from eventsim.transforms.mask_clusters import MaskClusters
from eventsim.transforms.polarity_flip import PolarityFlip
from eventsim.transforms.quantize import Quantize
from eventsim.transforms.rand_augment import RandAugment
from eventsim.transforms.rate_cap import RateCap
from eventsim.transforms.refractory import Refractory
from eventsim.transforms.remove_fingerprint import RemoveFingerprint
from eventsim.transforms.replace_boxes import ReplaceBoxes
from eventsim.transforms.resize import Resize
from eventsim.transforms.roll import Roll
from eventsim.transforms.rotate import Rotate
from eventsim.transforms.scale import Scale
from eventsim.transforms.sensor_noise import SensorNoise
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
    "CorrelatedNoise",
    "Crop",
    "CutMix",
    "DropArea",
    "DropBlocks",
    "DropChunks",
    "DropPixels",
    "DropTime",
    "EventMix",
    "Flip",
    "HotPixels",
    "IntegrateBlocks",
    "MaskBoxes",
    "MaskClusters",
    "OneOf",
    "PolarityFlip",
    "Quantize",
    "RandAugment",
    "RateCap",
    "Refractory",
    "RemoveFingerprint",
    "ReplaceBoxes",
    "Resize",
    "Roll",
    "Rotate",
    "Scale",
    "SensorNoise",
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
