"""
Every effect on one clip
========================

40 ms of the bundled clip as seen by a camera with one effect at a time. The colors are those of the
kinds of events: signal gray, leak green, shot noise pink, hot pixels orange.
"""

import matplotlib.pyplot as plt

import eventsim
from eventsim import view
from eventsim.shipped import find

CLIP = find("bigbuckbunny.mp4")
T0_US, T1_US = 300_000, 340_000

EFFECTS = {
    "thresholds of 0.2": {},
    "thresholds of 0.4": {"contrast_threshold_on": 0.4, "contrast_threshold_off": 0.4},
    "mismatch of 0.1": {"threshold_mismatch": 0.1},
    "photoreceptor, 10 Hz": {"photoreceptor_cutoff_hz": 10},
    "refractory period, 30 ms": {"refractory_period_us": 30_000},
    "leak, 5 Hz": {"leak_rate_hz": 5},
    "shot noise, 5 Hz": {"shot_noise_rate_hz": 5},
    "hot pixels, 1 % of 50 Hz": {"hot_pixel_fraction": 0.01, "hot_pixel_rate_hz": 50},
    "clock of 20 ms": {"timestamp_resolution_us": 20_000},
}


def seen_with(settings):
    """Events of the 40 ms."""
    events = eventsim.simulate(CLIP, sensor="ideal", size=(173, 130), stop_s=0.35, **settings)
    return events.window(T0_US, T1_US)


figure, axes = plt.subplots(3, 3, figsize=(11, 8.6), layout="constrained")
for axis, (title, settings) in zip(axes.flat, EFFECTS.items(), strict=True):
    events = seen_with(settings)
    view.plot(events, T0_US, T1_US, color="kind", axes=axis)
    axis.set_title(f"{title}: {len(events):,} events", fontsize=9)

# %%
# A clock of 20 ms changes no picture, but the times: all events of the 40 ms are at one of two
# moments.
clocked, free = seen_with({"timestamp_resolution_us": 20_000}), seen_with({})
print(len(set(clocked.t.tolist())), "and", len(set(free.t.tolist())), "moments")

# %%
# *Big Buck Bunny, (c) 2008 Blender Foundation, www.bigbuckbunny.org, CC BY 3.0.*
