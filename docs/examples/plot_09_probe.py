"""
A look into pixels
==================

What three pixels have inside while the clip passes: the light (gray), what the photoreceptor makes
of it in dim light (blue), the band around the reference in which it may move without an event, and
the events with their kinds. On the command line: ``eventsim probe CLIP probe.png --pixel 120,80``.
"""

import eventsim
from eventsim.shipped import find

seen = eventsim.probe(
    find("bigbuckbunny.mp4"), [(70, 150), (120, 170), (40, 110)],
    sensor="davis346", stop_s=1.2, illuminance_lux=5,
)  # fmt: skip
figure = seen.plot()
figure

# %%
# As numbers, to go on with. Events are those of `eventsim.simulate`, bit for bit.
print(f"{len(seen.t_us)} frames, thresholds ON {seen.on_log.round(3)}, OFF {seen.off_log.round(3)}")
for (x, y), events, shot_hz in zip(seen.pixels, seen.events, seen.shot_hz.T, strict=True):
    rates = f"{shot_hz.min():.2f} to {shot_hz.max():.2f} Hz"
    print(f"({x}, {y}): {len(events)} events, shot noise of {rates}")

# %%
# *Big Buck Bunny, (c) 2008 Blender Foundation, www.bigbuckbunny.org, CC BY 3.0.*
