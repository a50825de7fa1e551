"""On the fly: images become events inside a training loop. The only part that needs PyTorch."""

from eventsim.training.i2e import I2E
from eventsim.training.image_events import ImageEvents, IndexedImages
from eventsim.training.packing import unpack_planes

__all__ = ["I2E", "ImageEvents", "IndexedImages", "unpack_planes"]
