"""A camera: a sensor with its noise, chosen by name and changed by single settings."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from eventsim.errors import ConfigError
from eventsim.events import SensorSize
from eventsim.frames import Transfer
from eventsim.pixel.settings import CARD_NOISE, PRESETS, PixelSettings, make_settings, nearest
from eventsim.sensors.cards import load_card


@dataclass(frozen=True)
class Camera:
    """A sensor with its noise: all that decides how light becomes events.

    Attributes
    ----------
    name : str
        Of the sensor card.
    noise : str
        Name of the noise preset, or ``card`` for the card's own numbers.
    size : SensorSize or None
        Of the sensor; None takes the size of the frames.
    transfer : {"srgb", "linear", "log"}
        How it reads 8-bit numbers, unless the caller says otherwise.
    settings : PixelSettings
    """

    name: str
    noise: str
    size: SensorSize | None
    transfer: Transfer
    settings: PixelSettings


def choose_camera(
    sensor: str = "davis346",
    noise: str = CARD_NOISE,
    overrides: Mapping[str, object] | None = None,
) -> Camera:
    """A camera from a sensor card, a noise preset and single settings.

    A single setting beats the preset, the preset beats the card, the card beats the default.

    Parameters
    ----------
    sensor : str
        Name of a card, see `eventsim.sensors.cards.sensor_names`; or the path of one of your own.
    noise : {"card", "v2e-clean", "v2e-noisy"}
        ``card`` keeps the noise of the sensor; the others are presets that replace it.
    overrides : mapping of str to number, optional
        Fields of `eventsim.pixel.settings.PixelSettings`.

    Raises
    ------
    ConfigError
        For an unknown name (the nearest is named) or a value out of range.
    """
    card = load_card(sensor)
    if noise != CARD_NOISE and noise not in PRESETS:
        known = [CARD_NOISE, *PRESETS]
        raise ConfigError(f"there is no noise preset {noise!r}. {nearest(str(noise), known)}")
    values = {**card.physics, **PRESETS.get(noise, {}), **(overrides or {})}
    return Camera(card.name, noise, card.size, card.transfer, make_settings(values))


def twin_camera(camera: Camera, twin: Mapping[str, Any]) -> Camera:
    """A camera with some settings changed and all else alike.

    Parameters
    ----------
    camera : Camera
    twin : mapping
        Fields of `PixelSettings`.

    Raises
    ------
    ConfigError
        If there is no such setting, it is out of range, or nothing changes.
    """
    changed = replace(camera, settings=make_settings({**camera.settings.model_dump(), **twin}))
    if changed.settings == camera.settings:
        raise ConfigError(
            f"a twin must differ in a setting, found {dict(twin)!r}, which changes nothing. "
            "Give one of them another value than the camera has."
        )
    return changed
