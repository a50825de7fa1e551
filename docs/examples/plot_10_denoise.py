"""
Filters that tell noise
=======================

The bundled film in the light of a candle, seen by a DAVIS346: what a camera gives, what of it is
signal (only a simulator knows), and what filters make of it.
"""

import matplotlib.pyplot as plt
import numpy as np

import eventsim
from eventsim import view
from eventsim.denoise import BAF, EBF, MLPF, STCF, Denoiser, GraphFilter
from eventsim.denoise_bench.curves import curve_of
from eventsim.shipped import find

events = eventsim.simulate(
    find("bigbuckbunny.mp4"), sensor="davis346", size=(173, 130), stop_s=0.4, illuminance_lux=1,
    upsample="flow",
)  # fmt: skip
is_signal = events.kind == eventsim.Kind.SIGNAL
filters = [BAF(), STCF(), EBF(), MLPF(), GraphFilter()]
scores = [Denoiser(how, events.size).scores(events) for how in filters]

# %%
# Each filter keeps as many events here as there is signal, those with the highest scores: so what
# is compared is how well it tells them apart, and not how strict it was set.
count = int(is_signal.sum())
shown = {"all events": events, "signal": events[is_signal]}
for how, score in zip(filters[1:], scores[1:], strict=True):
    shown[type(how).__name__] = events[np.sort(np.argsort(-score, kind="stable")[:count])]
figure, axes = plt.subplots(2, 3, figsize=(12, 6.6), layout="constrained")
for axis, (name, kept) in zip(axes.flat, shown.items(), strict=True):
    view.plot(kept, 180_000, 220_000, color="kind", axes=axis)
    right = np.mean(kept.kind == eventsim.Kind.SIGNAL)
    axis.set_title(f"{name}: {right:.0%} signal")

# %%
# All thresholds at once: the share of signal that is kept over the share of noise that is.
figure, axis = plt.subplots(figsize=(6, 5), layout="constrained")
for how, score in zip(filters, scores, strict=True):
    curve = curve_of(score, is_signal)
    axis.plot(curve.fpr, curve.tpr, label=f"{type(how).__name__}, area {curve.area:.3f}")
axis.plot([0, 1], [0, 1], ":", color="gray", label="a coin")
axis.set(xlabel="noise that is kept", ylabel="signal that is kept")
axis.legend()
