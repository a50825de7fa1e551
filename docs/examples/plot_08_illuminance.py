"""
Light of a room
===============

A still white wall, seen by a DAVIS346 in light from a starry night to the sun, beside what was
measured at three levels. In the dark shot noise makes events, ON and OFF alike; in bright light
leakage does, and makes ON alone.
"""

import matplotlib.pyplot as plt
import numpy as np

import eventsim
from eventsim import view
from eventsim.shipped import find

WIDTH, HEIGHT, SECONDS = 100, 80, 4
MEASURED = {0.1: (5.64, 4.25), 161: (0.104, 0.0), 3000: (0.172, 0.0)}  # Joubert et al. 2021

wall = np.full((2, HEIGHT, WIDTH), 255, np.uint8), np.array([0, SECONDS * 1_000_000])


def rates(lux):
    """ON and OFF events per pixel and second."""
    events = eventsim.simulate(wall, sensor="davis346", illuminance_lux=lux)
    on = int(events.p.sum())
    return on / (WIDTH * HEIGHT * SECONDS), (len(events) - on) / (WIDTH * HEIGHT * SECONDS)


levels = np.geomspace(0.03, 30_000, 19)
on_hz, off_hz = np.array([rates(lux) for lux in levels]).T

figure, axis = plt.subplots(figsize=(7, 4.5), layout="constrained")
axis.loglog(levels, on_hz, "-", color="tab:red", label="ON, simulated")
axis.loglog(levels[off_hz > 0], off_hz[off_hz > 0], "-", color="tab:blue", label="OFF, simulated")
for k, (name, color) in enumerate((("ON", "tab:red"), ("OFF", "tab:blue"))):
    points = [(lux, hz[k]) for lux, hz in MEASURED.items() if hz[k]]
    axis.loglog(*zip(*points, strict=True), "o", color=color, label=f"{name}, measured")
axis.set(xlabel="illuminance, lux", ylabel="events per pixel and second", ylim=(1e-4, 30))
axis.legend()

# %%
# The same as a table. OFF was about 0 at 161 and 3,000 lux.
print("     lux     ON  measured    OFF  measured")
for lux, (on, off) in MEASURED.items():
    made = rates(lux)
    print(f"{lux:8g} {made[0]:6.3f} {on:9.3f} {made[1]:6.3f} {off:9.3f}")

# %%
# What that does to a scene: noise comes, and a photoreceptor that is as slow as its light is weak
# smears the moving edges.
figure, axes = plt.subplots(2, 2, figsize=(10, 8), layout="constrained")
for axis, lux in zip(axes.flat, (1000, 30, 3, 0.3), strict=True):
    events = eventsim.simulate(
        find("bigbuckbunny.mp4"), sensor="davis346", stop_s=0.25, illuminance_lux=lux
    )
    view.plot(events, 200_000, 240_000, color="kind", axes=axis)
    noise = np.mean(events.kind != eventsim.Kind.SIGNAL)
    axis.set_title(f"{lux:g} lux: {len(events):,} events, {noise:.0%} noise")

# %%
# *Big Buck Bunny, (c) 2008 Blender Foundation, www.bigbuckbunny.org, CC BY 3.0.*
