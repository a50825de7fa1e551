"""
Noise by light
==============

The darker it is, the more shot noise a sensor makes. The same 40 ms of the clip, seen clean and
with the noise of a sensor in daylight, in a dark room and in moonlight; each event in the color of
its kind.
"""

import matplotlib.pyplot as plt
import numpy as np

import eventsim
from eventsim import view
from eventsim.shipped import find

CLIP = find("bigbuckbunny.mp4")
CAMERAS = {
    "clean": {"noise": "v2e-clean"},
    "davis346, daylight": {},
    "v2e-noisy, a dark room": {"noise": "v2e-noisy"},
    "moonlight: 10 Hz per pixel": {"shot_noise_rate_hz": 10},
}

figure, axes = plt.subplots(2, 2, figsize=(10, 8), layout="constrained")
seen = {}
for axis, (title, settings) in zip(axes.flat, CAMERAS.items(), strict=True):
    events = eventsim.simulate(CLIP, sensor="davis346", stop_s=0.25, **settings)
    view.plot(events, 200_000, 240_000, color="kind", axes=axis)
    noise = np.mean(events.kind != eventsim.Kind.SIGNAL)
    axis.set_title(f"{title}: {noise:.0%} noise")
    seen[title] = events

# %%
# Each event knows its kind, so a denoiser can be measured event by event.
for title, events in seen.items():
    counts = {k.name.lower(): int(np.sum(events.kind == k)) for k in eventsim.Kind if k < 4}
    print(f"{title:28}{counts}")

# %%
# *Big Buck Bunny, (c) 2008 Blender Foundation, www.bigbuckbunny.org, CC BY 3.0.*
