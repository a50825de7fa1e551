"""Event-camera (DVS) data from video and still images: every pixel solved in closed form.

>>> import eventsim
>>> events = eventsim.simulate("clip.mp4", sensor="davis346")      # doctest: +SKIP
>>> dataset = eventsim.convert("clips/", "clips.zarr", workers=4)    # doctest: +SKIP
>>> dataset = eventsim.open_dataset("clips.zarr")                   # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from eventsim.conversion import convert
    from eventsim.errors import EventSimError
    from eventsim.events import Events, Kind, Packet, SensorSize
    from eventsim.formats.reading import read, write
    from eventsim.frames import Encoding, Frame
    from eventsim.motion.moved_image import MovedImage
    from eventsim.motion.paths import EyePath
    from eventsim.planes.i2e import i2e
    from eventsim.probing import probe
    from eventsim.simulator import simulate, simulate_packets
    from eventsim.store.reader import open_dataset

__version__ = "0.15.0"

__all__ = [
    "Encoding",
    "EventSimError",
    "Events",
    "EyePath",
    "Frame",
    "Kind",
    "MovedImage",
    "Packet",
    "SensorSize",
    "__version__",
    "convert",
    "i2e",
    "open_dataset",
    "probe",
    "read",
    "simulate",
    "simulate_packets",
    "write",
]

# Where the names live: found on first use, so that `import eventsim` and `eventsim --help` stay
# fast, and Ctrl-C is heard from the first moment on.
_LAZY = {
    "Encoding": "eventsim.frames",
    "EventSimError": "eventsim.errors",
    "Events": "eventsim.events",
    "EyePath": "eventsim.motion.paths",
    "Frame": "eventsim.frames",
    "Kind": "eventsim.events",
    "MovedImage": "eventsim.motion.moved_image",
    "Packet": "eventsim.events",
    "SensorSize": "eventsim.events",
    "convert": "eventsim.conversion",
    "i2e": "eventsim.planes.i2e",
    "open_dataset": "eventsim.store.reader",
    "probe": "eventsim.probing",
    "read": "eventsim.formats.reading",
    "simulate": "eventsim.simulator",
    "simulate_packets": "eventsim.simulator",
    "write": "eventsim.formats.reading",
}


# Folders that are reached by `eventsim.NAME`, without an import of their own.
_FOLDERS = ("representations", "transforms", "view")


def __getattr__(name: str) -> Any:
    if name in _FOLDERS:
        return import_module(f"eventsim.{name}")
    if name not in _LAZY:
        raise AttributeError(f"module 'eventsim' has no attribute {name!r}")
    return getattr(import_module(_LAZY[name]), name)


def __dir__() -> list[str]:
    return sorted([*__all__, *_FOLDERS])
