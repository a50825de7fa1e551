"""Filters that tell signal from noise, one a file; each is a transform too.

>>> from eventsim.denoise import STCF, Denoiser
>>> clean = STCF(neighbors=2, window_us=10_000)(events)            # doctest: +SKIP
>>> denoiser = Denoiser(STCF(), size=(346, 260))                    # packet by packet
"""

from eventsim.denoise.age_polarity import AgePolarity
from eventsim.denoise.baf import BAF
from eventsim.denoise.double_window import DoubleWindow
from eventsim.denoise.ebf import EBF
from eventsim.denoise.filter import Denoiser
from eventsim.denoise.graph import GraphFilter
from eventsim.denoise.hot_pixels import HotPixelFilter, hot_pixels
from eventsim.denoise.mlpf import MLPF
from eventsim.denoise.order_n import OrderN
from eventsim.denoise.refractory import RefractoryFilter
from eventsim.denoise.stcf import STCF
from eventsim.denoise.time_surface import TimeSurfaceFilter
from eventsim.denoise.ynoise import YNoise

__all__ = [
    "BAF",
    "EBF",
    "MLPF",
    "STCF",
    "AgePolarity",
    "Denoiser",
    "DoubleWindow",
    "GraphFilter",
    "HotPixelFilter",
    "OrderN",
    "RefractoryFilter",
    "TimeSurfaceFilter",
    "YNoise",
    "hot_pixels",
]
