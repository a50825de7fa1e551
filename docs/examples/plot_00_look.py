"""
Look at events
==============

In a notebook events show themselves, and `eventsim.view` draws them: as a picture, in space and
time, and as a film.
"""

import eventsim
from eventsim import view
from eventsim.shipped import find

events = eventsim.simulate(find("bigbuckbunny.mp4"), sensor="davis346", stop_s=0.5)
events

# %%
# A window of time, ON warm and OFF blue, full color at three events of a pixel:
view.plot(events, 300_000, 340_000)

# %%
# In space and time; ``color="kind"`` would give noise its own colors:
view.plot_xyt(events, 200_000, 300_000)

# %%
# A film, five times slower than real:
view.animate(events, 250_000, 450_000, slow=5)

# %%
# *Big Buck Bunny, (c) 2008 Blender Foundation, www.bigbuckbunny.org, CC BY 3.0.*
