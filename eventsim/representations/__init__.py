"""Events to arrays of numbers, one a file. All are frozen values that are called.

``representation(events, t0_us, t1_us)`` looks at ``t0_us <= t < t1_us``; without the times, at all
events. What comes out depends on the window and not on where in it the first event happens to be.

>>> from eventsim.representations import EventFrames, VoxelGrid
>>> from eventsim.events import Events
>>> events = Events.of([0, 5, 9], [0, 1, 1], [0, 0, 0], [1, 0, 1], size=(2, 1))
>>> EventFrames(bins=2)(events, 0, 10).shape, float(VoxelGrid(bins=3)(events, 0, 10).sum())
((2, 2, 1, 2), 3.0)
"""

from eventsim.representations.averaged_time_surface import AveragedTimeSurface
from eventsim.representations.binary_planes import BinaryPlanes
from eventsim.representations.event_frames import EventFrames
from eventsim.representations.event_tokens import EventTokens
from eventsim.representations.group_tokens import GroupTokens
from eventsim.representations.sorted_time_surface import SortedTimeSurface
from eventsim.representations.stacked_histogram import StackedHistogram
from eventsim.representations.time_surface import TimeSurface
from eventsim.representations.voxel_grid import VoxelGrid

__all__ = [
    "AveragedTimeSurface",
    "BinaryPlanes",
    "EventFrames",
    "EventTokens",
    "GroupTokens",
    "SortedTimeSurface",
    "StackedHistogram",
    "TimeSurface",
    "VoxelGrid",
]
