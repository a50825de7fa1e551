"""The models that pixels may follow, chosen by the settings: each has its own.

A new model is a file with its settings and its class, and a line in `MODELS`.
"""

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from eventsim.errors import ConfigError, first_complaint, nearest
from eventsim.events import Packet, SensorSize
from eventsim.pixel.closed_form import ClosedFormPixels
from eventsim.pixel.light import Light
from eventsim.pixel.linear import LinearPixels, LinearSettings
from eventsim.pixel.look import Look
from eventsim.pixel.settings import PixelSettings

ModelSettings = PixelSettings | LinearSettings


class PixelModel(Protocol):
    """Pixels through time: light in, sorted packets of events out."""

    @property
    def last_us(self) -> int | None:
        """Time of the last frame, microseconds; None before the first."""

    def seen(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Log luminance (ln of DN) and luminance (DN) of the last frame, (P,) each."""

    def push(self, light: Light, t_us: NDArray[np.int64]) -> Packet:
        """Events of some more frames; the very first frame sets the pixels at rest.

        Parameters
        ----------
        light : Light
        t_us : (F,) ndarray of int64
            Their times, microseconds, increasing, after all earlier ones.

        Returns
        -------
        Packet
            Events with ``t_us`` of the frame before < t <= ``t_us`` of each frame, sorted by time,
            ties in raster order.
        """

    def look(self, pixels: NDArray[np.int64]) -> Look:
        """What some pixels, by their raster indices, have inside at the last frame."""

    def exchange(self, light: Light) -> None:
        """See another light, one frame, as if it had been there at the last frame already.

        How far pixels are from their thresholds stays, and so does what else they remember.
        """

    def save(self) -> dict[str, NDArray[Any]]:
        """Everything needed to go on later or elsewhere, as arrays by name."""

    def restore(self, saved: dict[str, NDArray[Any]]) -> None:
        """Go on from what `save` gave; size, settings and seed must be the same."""


MODELS: dict[str, tuple[type[ModelSettings], Any]] = {
    "closed-form": (PixelSettings, ClosedFormPixels),
    "linear": (LinearSettings, LinearPixels),
}
"""By the name in `settings.model`: settings, and what makes pixels of (size, settings, seed,
threads)."""


def make_model(size: SensorSize, settings: ModelSettings, seed: int, threads: int) -> PixelModel:
    """Pixels that follow the model of the settings."""
    _, make = MODELS[settings.model]
    model: PixelModel = make(size, settings, seed, threads)
    return model


def settings_of(model: object) -> type[ModelSettings]:
    """Class of the settings of a model.

    Raises
    ------
    ConfigError
        If there is no such model.
    """
    if model not in MODELS:
        raise ConfigError(f"there is no pixel model {model!r}. {nearest(str(model), MODELS)}")
    return MODELS[str(model)][0]


def make_settings(values: Mapping[str, Any]) -> ModelSettings:
    """Settings from names and values, with errors a person can act on.

    Parameters
    ----------
    values : mapping of str to number
        Names as in the settings of the model, which `model` names (default: closed-form); what is
        left out keeps its default.

    Raises
    ------
    ConfigError
        For an unknown name, a value out of range, or values that contradict each other.
    """
    kind = settings_of(values.get("model", "closed-form"))
    known = list(kind.model_fields)
    for name in values:
        if name not in known:
            raise ConfigError(f"there is no setting {name!r}. {nearest(name, known)}")
    try:
        return kind(**values)
    except ValidationError as error:
        raise ConfigError(f"{first_complaint(error)}.") from error
