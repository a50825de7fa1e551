"""
The planes of I2E
=================

I2E compares an image with eight shifted copies of itself. Where a copy is brighter by more than a
threshold there is an ON event, where it is darker an OFF event: eight binary planes, which a
spiking network takes as time steps.
"""

import matplotlib.pyplot as plt
import numpy as np

import eventsim
from eventsim.shipped import find
from eventsim.sources.opening import open_source
from eventsim.sources.reading import Reading

frames = open_source(find("bigbuckbunny.mp4"), Reading(size=(128, 128), start_s=1.0, stop_s=1.1))
image = next(iter(frames)).values


def colored(plane):
    """ON orange, OFF blue, both in between."""
    off, on = plane[..., None].astype(float)
    return 1 - off * (1 - np.array([0, 114, 178]) / 255) - on * (1 - np.array([213, 94, 0]) / 255)


def draw(planes):
    _, axes = plt.subplots(3, 3, figsize=(7.5, 7.5), layout="constrained")
    axes[1, 1].imshow(image, cmap="gray")
    places = [k for k in range(9) if k != 4]
    for k, place in enumerate(places):
        axes.flat[place].imshow(np.clip(colored(planes[k]), 0, 1), interpolation="nearest")
        axes.flat[place].set_title(f"plane {k}", fontsize=9)
    for axis in axes.flat:
        axis.set_axis_off()


planes = eventsim.i2e(image[None], ratio=0.12)[0]
draw(planes)

# %%
# The ratio is the threshold, as a share of the range of values: it decides the density.
for ratio in (0.05, 0.1, 0.2, 0.4):
    print(f"ratio {ratio}: {eventsim.i2e(image[None], ratio=ratio).mean():.2%} ones")

# %%
# Or ask for a density, and the threshold of each image is solved for.
draw(eventsim.i2e(image[None], rate=0.02)[0])

# %%
# *Big Buck Bunny, (c) 2008 Blender Foundation, www.bigbuckbunny.org, CC BY 3.0.*
