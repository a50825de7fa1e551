"""
Every transform
===============

What each transform does to the same half second of a film, strong enough to be seen. Those of time
are drawn as rows over time.
"""

from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np

import eventsim
from eventsim import Events, transforms
from eventsim.random import Draws
from eventsim.shipped import find
from eventsim.view.accumulate import accumulate

# A box that wanders over the middle of the sensor: where a face would be.
FACE = [(t, 45 + 8 * t / 5e5, 30, 95 + 8 * t / 5e5, 95) for t in range(0, 600_000, 20_000)]
SHOWN = {
    "Crop": transforms.Crop((84, 64)),
    "CorrelatedNoise": transforms.CorrelatedNoise(40_000, 3.0, 1000.0),
    "DropArea": transforms.DropArea(0.4),
    "DropBlocks": transforms.DropBlocks(0.3),
    "DropChunks": transforms.DropChunks(6, 8000),
    "DropPixels": transforms.DropPixels(0.4),
    "DropTime": transforms.DropTime(0.3),
    "HotPixels": transforms.HotPixels(0.01, 300.0),
    "MaskBoxes": transforms.MaskBoxes(FACE),
    "MaskClusters": transforms.MaskClusters(20.0, 300.0, 10_000.0),
    "Quantize": transforms.Quantize(10_000, 6),
    "RateCap": transforms.RateCap(1, 20_000),
    "ReplaceBoxes": transforms.ReplaceBoxes(FACE),
    "Refractory": transforms.Refractory(60_000.0),
    "Resize": transforms.Resize((48, 36)),
    "Roll": transforms.Roll(30.0, 20.0),
    "Rotate": transforms.Rotate(20.0),
    "Scale": transforms.Scale(1.5),
    "SensorNoise": transforms.SensorNoise(1.0, 20.0),
    "Shear": transforms.Shear(0.4),
    "SpatialJitter": transforms.SpatialJitter(2.0),
    "Thin": transforms.Thin(0.7),
    "TimeCrop": transforms.TimeCrop(0.5),
    "TimeJitter": transforms.TimeJitter(20_000.0),
    "TimeScale": transforms.TimeScale(0.6),
    "TimeWarp": transforms.TimeWarp(1.5, pieces=3),
    "Translate": transforms.Translate(25.0, -15.0),
}
IN_TIME = ("DropChunks", "DropTime", "TimeCrop", "TimeJitter", "TimeReversal", "TimeScale",
           "TimeWarp")  # fmt: skip
COMBINED = ("Compose", "OneOf", "Sometimes", "RandAugment")  # made of the others


def part(start_s):
    """Half a second of the clip, from 0 us on."""
    events = eventsim.simulate(find("bigbuckbunny.mp4"), size=(128, 96), sensor="ideal",
                               start_s=start_s, stop_s=start_s + 0.5)  # fmt: skip
    return replace(events, t=events.t - events.t[0])


def place(events):
    """Where the events of 40 ms are."""
    return accumulate(events.window(250_000, 290_000))


def rows_over_time(events):
    """In which row events are, over time."""
    x = np.minimum(events.t // 2945, 169)
    order = np.lexsort((x, events.y, events.t))[::12]  # or it would be all full
    return accumulate(Events.of(np.zeros(len(order)), *(c[order] for c in (x, events.y, events.p)),
                                size=(170, events.size.height)))  # fmt: skip


events, other = part(1.3), part(0.0)
cells = [("before", place(events)), ("before, over time", rows_over_time(events))]
for name in transforms.__all__:
    if name in COMBINED:
        continue
    made = SHOWN.get(name) or getattr(transforms, name)()
    if name.endswith("Mix"):
        after, weight = type(made)(0.4)(events, other, Draws(7))
        cells.append((f"{name}, weight {weight:.2f}", place(after)))
    elif name in IN_TIME:
        cells.append((f"{name}, over time", rows_over_time(made(events, Draws(7)))))
    else:
        cells.append((name, place(made(events, Draws(7)))))

rows = -(-len(cells) // 5)
figure, axes = plt.subplots(rows, 5, figsize=(11, 1.85 * rows), layout="constrained")
for axis in axes.flat:
    axis.set_axis_off()
for axis, (title, picture) in zip(axes.flat, cells, strict=False):
    axis.imshow(picture, interpolation="nearest", aspect="auto")
    axis.set_title(title, fontsize=8.5)

# %%
# *Big Buck Bunny, (c) 2008 Blender Foundation, www.bigbuckbunny.org, CC BY 3.0.*
