"""Inside a training loop: windows of datasets, and events made on the fly.

The only part that needs PyTorch.
"""

from eventsim.training.block_shuffle import BlockShuffle
from eventsim.training.collating import EventBatch, collate_events, collate_time_first
from eventsim.training.event_anonymizer import EventAnonymizer
from eventsim.training.event_windows import EventWindows
from eventsim.training.i2e import I2E
from eventsim.training.image_events import ImageEvents, IndexedImages
from eventsim.training.packing import unpack_planes
from eventsim.training.video_events import VideoEvents

__all__ = [
    "I2E",
    "BlockShuffle",
    "EventAnonymizer",
    "EventBatch",
    "EventWindows",
    "ImageEvents",
    "IndexedImages",
    "VideoEvents",
    "collate_events",
    "collate_time_first",
    "unpack_planes",
]
