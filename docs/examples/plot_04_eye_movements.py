"""
Eye movements
=============

A still image becomes events when it moves. Above the paths, in pixels; below 12 ms of the events
that a DVS128 sees under each.
"""

import matplotlib.pyplot as plt

import eventsim
from eventsim import view
from eventsim.motion.loops import diamond, square, triangle
from eventsim.motion.wandering import drift_microsaccade, random_walk
from eventsim.shipped import find
from eventsim.sources.opening import open_source
from eventsim.sources.reading import Reading

frames = open_source(find("bigbuckbunny.mp4"), Reading(size=(128, 128), start_s=1.0, stop_s=1.1))
image = next(iter(frames)).values
PATHS = {
    "triangle": triangle(),
    "diamond": diamond(loops=1),
    "square": square(loops=1),
    "random-walk": random_walk(2, duration_us=300_000),
    "drift-microsaccade": drift_microsaccade(2, duration_us=300_000),
}

figure, axes = plt.subplots(2, len(PATHS), figsize=(12, 5.2), layout="constrained")
for (above, below), (name, path) in zip(axes.T, PATHS.items(), strict=True):
    above.plot(path.x_px, path.y_px, color="#222226", lw=0.9)
    above.set(title=name, aspect="equal", xlim=(-9, 9), ylim=(9, -9), xticks=(-5, 0, 5))
    moved = eventsim.MovedImage(image, path, encoding=frames.encoding, blur_px=0.7)
    events = eventsim.simulate(moved, sensor="dvs128")
    view.plot(events, 42_000, 54_000, axes=below)
    below.set_title(f"{len(events):,} events in all", fontsize=9)

# %%
# The path is known, so the optical flow of every event is, too.
path = PATHS["triangle"]
moved = eventsim.MovedImage(image, path, encoding=frames.encoding)
events = eventsim.simulate(moved, sensor="dvs128").window(42_000, 54_000)[::40]
flow = path.flow(events.t, events.x, events.y, events.size)
figure, axis = plt.subplots(figsize=(5, 5), layout="constrained")
axis.imshow(image, cmap="gray", alpha=0.5)
axis.quiver(events.x, events.y, *flow.T, color="#d55e00", angles="xy")
axis.set_axis_off()
axis.set_title("optical flow of some events")

# %%
# *Big Buck Bunny, (c) 2008 Blender Foundation, www.bigbuckbunny.org, CC BY 3.0.*
