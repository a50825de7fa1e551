"""
Every representation
====================

A part of what each representation gives of 150 ms of a film. White is 0, orange above, blue below.
"""

import matplotlib.pyplot as plt
import numpy as np

import eventsim
from eventsim.representations import (
    AveragedTimeSurface,
    BinaryPlanes,
    EventFrames,
    EventTokens,
    GroupTokens,
    SortedTimeSurface,
    StackedHistogram,
    TimeSurface,
    VoxelGrid,
)
from eventsim.shipped import find

events = eventsim.simulate(
    find("bigbuckbunny.mp4"), size=(128, 96), sensor="ideal", start_s=1.5, stop_s=1.65
)
shape = {}


def of(representation):
    """Its array, and a note of its shape."""
    array = events.to(representation)
    shape[type(representation).__name__] = f"{array.shape} {array.dtype}"
    return array.astype(np.float64)


frames, grid = of(EventFrames(bins=3)), of(VoxelGrid(bins=3, polarity="signed"))
surface, planes = of(TimeSurface(bins=3)), of(BinaryPlanes(bins=8))
cells = {
    "EventFrames, bin 1, ON - OFF": frames[1, 1] - frames[1, 0],
    "VoxelGrid, bin 0, signed": grid[0],
    "VoxelGrid, bin 1, signed": grid[1],
    "BinaryPlanes, bin 3, ON": planes[3, 1],
    "StackedHistogram, ON, bin 1": of(StackedHistogram(bins=3))[4],
    "TimeSurface, end of bin 2, ON": surface[2, 1],
    "SortedTimeSurface, ON": of(SortedTimeSurface())[1],
    "AveragedTimeSurface, cells": of(AveragedTimeSurface(cell_px=16))[1]
    .transpose(0, 2, 1, 3)
    .reshape(6 * 7, 8 * 7),
    "GroupTokens, one of 96": of(GroupTokens(bins=3)).reshape(2, 3, 2, 16, 24, 32)[0, 1, 1, 5],
    "EventTokens: x, y, p, dt": np.repeat(of(EventTokens(length=512)).T, 24, 0),
}

figure, axes = plt.subplots(4, 3, figsize=(10.5, 10), layout="constrained")
for axis in axes.flat:
    axis.set_axis_off()
for axis, (title, values) in zip(axes.flat, cells.items(), strict=False):
    most = np.quantile(np.abs(values), 0.995) or 1.0
    share = np.clip(values / most, -1, 1)[..., None]
    hue = np.where(share > 0, [0.835, 0.369, 0.0], [0.0, 0.447, 0.698])
    axis.imshow(1 - np.abs(share) * (1 - hue), interpolation="nearest", aspect="auto")
    axis.set_title(title, fontsize=9)

# %%
for name, text in shape.items():
    print(f"{name:22}{text}")

# %%
# *Big Buck Bunny, (c) 2008 Blender Foundation, www.bigbuckbunny.org, CC BY 3.0.*
