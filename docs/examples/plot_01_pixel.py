"""
One pixel, effect by effect
===========================

One pixel sees the same light each time: eight frames, 40 ms apart, and a straight ramp in log
luminance between them. Each picture switches one effect on. Triangles are events, ON up and OFF
down, in the color of their kind; the band is one contrast threshold around the reference, the log
luminance that the pixel memorized at its last event.
"""

from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np

import eventsim
from eventsim.pixel.circuit import lag_at, photoreceptor_tau_s

T_US = np.arange(8) * 40_000
LIGHT = np.log([40, 150, 150, 60, 60, 170, 40, 40]).astype(np.float32)
COLORS = {"SIGNAL": "#33363c", "SHOT": "#cc4c9c", "LEAK": "#008a3e", "HOT": "#d55e00"}
THRESHOLD = 0.25


def photoreceptor(t_us, cutoff_hz):
    """Output of the photoreceptor at any moments: in an interval a ramp and an exponential."""
    output = np.interp(t_us, T_US, LIGHT)
    if not cutoff_hz:
        return output
    lag = np.float32(0)
    for (t0, t1), (first, last) in zip(pairwise(T_US), pairwise(LIGHT), strict=True):
        tau_us = 1e6 * photoreceptor_tau_s(float(np.exp([first, last]).mean()), cutoff_hz)
        x, rise = np.float32((t1 - t0) / tau_us), np.float32(last - first)
        for k in np.flatnonzero((t_us > t0) & (t_us <= t1)):
            output[k] += lag_at(lag, rise, x, np.float32((t_us[k] - t0) / (t1 - t0)))
        lag = lag_at(lag, rise, x, np.float32(1))
    return output


def show(title, **settings):
    """Draw the pixel with an effect, and say below when it fires without."""
    scene = LIGHT[:, None, None], T_US
    common = {"contrast_threshold_on": THRESHOLD, "contrast_threshold_off": THRESHOLD}
    plain = eventsim.simulate(scene, sensor="ideal", encoding="log", **common)
    events = eventsim.simulate(scene, sensor="ideal", encoding="log", **{**common, **settings})
    exact = settings | {"timestamp_resolution_us": 1}  # the pixel itself knows no clock
    inside = eventsim.simulate(scene, sensor="ideal", encoding="log", **{**common, **exact})
    cutoff_hz = settings.get("photoreceptor_cutoff_hz", 0)
    t_us = np.linspace(0, T_US[-1], 2001)
    seen = photoreceptor(t_us, cutoff_hz)
    on, off = (settings.get(f"contrast_threshold_{p}", THRESHOLD) for p in ("on", "off"))

    figure, (axes, rows) = plt.subplots(
        2, 1, figsize=(9.5, 4.4), sharex=True, height_ratios=(5, 1), layout="constrained"
    )
    reference = reference_of(inside, t_us, seen, settings)
    axes.fill_between(
        t_us / 1e3, reference - off, reference + on, color="#969698", alpha=0.2, lw=0, step="pre"
    )
    axes.plot(T_US / 1e3, LIGHT, "o--", color="#222226", lw=1, ms=5, label="frames, and between")
    if cutoff_hz:
        axes.plot(t_us / 1e3, seen, color="#7a3e9d", lw=2, label="photoreceptor output")
    axes.fill_between([], [], color="#969698", alpha=0.2, label="reference ± a threshold")
    for name, color in COLORS.items():
        some = events[events.kind == eventsim.Kind[name]]
        height = np.interp(some.t, t_us, seen)
        for brighter, marker in ((True, "^"), (False, "v")):
            these = some.p == brighter
            axes.plot(some.t[these] / 1e3, height[these], marker, color=color, ms=8)
        if len(some):
            axes.plot([], [], "^", color=color, label=f"{name.lower()} event")
    axes.set(ylabel="log luminance (ln)", title=title)
    axes.legend(loc="upper right", bbox_to_anchor=(1.0, 1.0), fontsize=8, frameon=False, ncols=2)
    axes.set_ylim(3.2, 6.0)
    rows.vlines(plain.t / 1e3, 0.05, 0.45, color="#969698")
    rows.vlines(
        events.t / 1e3, 0.55, 0.95, color=[COLORS[eventsim.Kind(k).name] for k in events.kind]
    )
    rows.set(yticks=[0.25, 0.75], yticklabels=["thresholds alone", "with it"], ylim=(0, 1))
    rows.set_xlabel("time (ms)")
    for axis in (axes, rows):
        axis.spines[["top", "right"]].set_visible(False)
    return figure


def reference_of(events, t_us, seen, settings):
    """What the pixel compares with: what it saw at its last event, less the leak since."""
    on = settings.get("contrast_threshold_on", THRESHOLD)
    fall = on * settings.get("leak_rate_hz", 0) * 1e-6
    resets = [e for e in events if e.kind not in (eventsim.Kind.SHOT, eventsim.Kind.HOT)]
    level, since = seen[0], 0
    if fall and resets:  # the leak did not begin with the first frame
        level = np.interp(resets[0].t, t_us, seen) - on + fall * resets[0].t
    reference = level - fall * t_us
    for event in resets:
        since = event.t + settings.get("refractory_period_us", 0)
        later = t_us > since
        reference[later] = np.interp(since, t_us, seen) - fall * (t_us[later] - since)
    return reference


# %%
# Thresholds
# ----------
# An event falls when the output is exactly one threshold away from the reference, which then moves
# by that threshold. Each moment is solved for: the ramp from 40 to 80 ms makes five events.
show("thresholds of 0.25")

# %%
# Unequal thresholds
# ------------------
# ON and OFF have thresholds of their own, and each pixel deviates from them by its mismatch.
show("ON 0.4, OFF 0.2", contrast_threshold_on=0.4, contrast_threshold_off=0.2)

# %%
# Photoreceptor
# -------------
# It follows the light with a time constant, which is longer in the dark. Between two frames its
# output is a line and an exponential: events come later, and small changes are missed.
show("3 dB cutoff of 30 Hz at white", photoreceptor_cutoff_hz=30)

# %%
# Refractory period
# -----------------
# After an event the pixel is blind; when it wakes, it memorizes what it then sees. Of fast changes
# it misses most.
show("refractory period of 12 ms", refractory_period_us=12_000)

# %%
# Leak
# ----
# The reference falls by itself, so that a pixel at rest fires ON events, and ON events of the
# signal come early, OFF events late. (25 Hz is far more than any sensor has.)
show("leak of 25 Hz", leak_rate_hz=25)

# %%
# Shot noise
# ----------
# Events by chance, ON and OFF, more in the dark. They do not move the reference: the signal is that
# of the pixel without them.
show("shot noise of 40 Hz in the dark", shot_noise_rate_hz=40)

# %%
# A hot pixel
# -----------
# fires ON events without a cause.
show("a hot pixel of 30 Hz", hot_pixel_fraction=1, hot_pixel_rate_hz=30)

# %%
# The clock
# ---------
# Times are rounded up to what the sensor's clock can tell.
show("timestamps of 10 ms", timestamp_resolution_us=10_000)
