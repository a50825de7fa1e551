"""A camera: a sensor with its noise, chosen by name and changed by single settings."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from eventsim.distributions import Distribution, is_distribution
from eventsim.errors import ConfigError, first_complaint, nearest
from eventsim.events import SensorSize
from eventsim.frames import Transfer
from eventsim.pixel.models import MODELS, ModelSettings, make_settings, settings_of
from eventsim.pixel.settings import CARD_NOISE, PRESETS
from eventsim.random import Draws, Stream, stream_key
from eventsim.readout.settings import Readout
from eventsim.sensors.cards import load_card


def _all_settings() -> dict[str, FieldInfo]:
    found: dict[str, FieldInfo] = {}
    for kind in (*(settings for settings, _ in MODELS.values()), Readout):
        found |= {name: info for name, info in kind.model_fields.items() if name not in found}
    return found


SETTINGS = _all_settings()
"""All that can be set on a camera, by name, with description, unit and range. Which of them a
pixel model has, its own settings say."""


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
    transfer : {"srgb", "linear", "pq", "hlg", "log"}
        How it reads 8-bit numbers, unless the caller says otherwise.
    settings : PixelSettings or those of another model
        Of the pixels, see `eventsim.pixel.models`.
    readout : Readout
        Of what lies behind them.
    spread : tuple of (name, Distribution)
        Settings that each recording draws anew, see `drawn`; those above have a typical value of
        them.
    """

    name: str
    noise: str
    size: SensorSize | None
    transfer: Transfer
    settings: ModelSettings
    readout: Readout = field(default_factory=Readout)
    spread: tuple[tuple[str, Distribution], ...] = ()

    @property
    def values(self) -> dict[str, Any]:
        """All settings by name; those that are drawn as text, such as ``uniform(0.1, 0.4)``."""
        drawn = {name: str(distribution) for name, distribution in self.spread}
        return {**self.settings.model_dump(), **self.readout.model_dump(), **drawn}

    def drawn(self, seed: int) -> "Camera":
        """The camera of a recording: what is drawn has its number, within the range of its setting.

        A draw is a function of the seed and of the name of the setting.

        Parameters
        ----------
        seed : int
            Of the recording.

        Raises
        ------
        ConfigError
            If the numbers contradict each other.
        """
        if not self.spread:
            return self
        values = self.drawn_values(seed)
        try:
            return replace(self, spread=()).changed(values)
        except ConfigError as error:
            raise ConfigError(
                f"what was drawn for seed {seed} contradicts itself: {error}"
            ) from error

    def drawn_values(self, seed: int) -> dict[str, Any]:
        """What a recording of a seed draws, by name."""
        key = int(stream_key(seed, Stream.SETTING))
        values: dict[str, Any] = {}
        for name, distribution in self.spread:
            draws = Draws(int(stream_key(key, zlib.crc32(name.encode()))))
            values[name] = _in_range(name, distribution.drawn((draws.uniform(0), draws.uniform(1))))
        return values

    def changed(self, values: Mapping[str, Any]) -> "Camera":
        """A camera with some settings changed and all else alike.

        Where `model` is changed, settings that the other model does not have are left out.

        Raises
        ------
        ConfigError
            If there is no such setting, or it is out of range.
        """
        settings, readout, spread = camera_parts(_with(self.values, values))
        return replace(self, settings=settings, readout=readout, spread=spread)


def camera_parts(
    values: Mapping[str, Any],
) -> tuple[ModelSettings, Readout, tuple[tuple[str, Distribution], ...]]:
    """Settings of the pixels and of the readout, and what is drawn, from names and values.

    Raises
    ------
    ConfigError
        For an unknown name, a value out of range (also at an end of what is drawn), or values that
        contradict each other.
    """
    texts = {n: v for n, v in values.items() if is_distribution(v) and n != "device_map"}
    spread = {name: _read(name, text) for name, text in texts.items()}
    unknown = [name for name in spread if name not in SETTINGS]
    if unknown:
        raise ConfigError(f"there is no setting {unknown[0]!r}. {nearest(unknown[0], SETTINGS)}")
    plain = {n: v for n, v in values.items() if n not in spread}
    middle = {n: _in_range(n, d.typical, ends=False) for n, d in spread.items()}
    parts = split_settings(plain | middle)
    for name, distribution in spread.items():
        for end in distribution.ends:
            split_settings(plain | middle | {name: _in_range(name, end, ends=False)})
    return (*parts, tuple(sorted(spread.items(), key=lambda item: item[0])))


def _read(name: str, text: str) -> Distribution:
    try:
        return Distribution.of(text)
    except ConfigError as error:
        raise ConfigError(f"{name}: {error}") from error


def without_draws(camera: Camera, what: str) -> Camera:
    """The camera itself.

    Raises
    ------
    ConfigError
        If it draws settings, which has no meaning where one camera is looked at.
    """
    if camera.spread:
        name, distribution = camera.spread[0]
        raise ConfigError(
            f"{what} needs one camera, found {name} = {distribution}, which each recording draws. "
            "Give a number."
        )
    return camera


def _in_range(name: str, value: Any, *, ends: bool = True) -> Any:
    """A drawn value as its setting takes it: whole numbers are rounded, the range is kept."""
    field_info = SETTINGS[name]
    if isinstance(value, str) or field_info.annotation not in (int, float):
        return value
    if ends:
        for rule in field_info.metadata:
            value = max(value, rule.ge) if hasattr(rule, "ge") else value
            value = min(value, rule.le) if hasattr(rule, "le") else value
    return round(value) if field_info.annotation is int else float(value)


def split_settings(values: Mapping[str, Any]) -> tuple[ModelSettings, Readout]:
    """Settings of the pixels and of the readout from names and values.

    Raises
    ------
    ConfigError
        For an unknown name, a value out of range, or values that contradict each other.
    """
    behind = {name: value for name, value in values.items() if name in Readout.model_fields}
    settings = make_settings({n: v for n, v in values.items() if n not in behind})
    try:
        return settings, Readout(**behind)
    except ValidationError as error:
        raise ConfigError(f"{first_complaint(error)}.") from error


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
        Names of `SETTINGS`; a number may be the text of a distribution, see
        `eventsim.distributions`. Where `model` names another pixel model, what that does not have
        is left out of the card and the preset.

    Raises
    ------
    ConfigError
        For an unknown name (the nearest is named) or a value out of range.
    """
    card = load_card(sensor)
    if noise != CARD_NOISE and noise not in PRESETS:
        known = [CARD_NOISE, *PRESETS]
        raise ConfigError(f"there is no noise preset {noise!r}. {nearest(str(noise), known)}")
    values = _with({**card.physics, **PRESETS.get(noise, {})}, overrides or {})
    return Camera(card.name, noise, card.size, card.transfer, *camera_parts(values))


def _with(values: Mapping[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Values, and what beats them; without those that another model, if there is one, lacks."""
    if "model" in overrides:
        known = {*settings_of(overrides["model"]).model_fields, *Readout.model_fields}
        values = {name: value for name, value in values.items() if name in known}
    return {**values, **overrides}


def twin_camera(camera: Camera, twin: Mapping[str, Any]) -> Camera:
    """A camera with some settings changed and all else alike.

    Parameters
    ----------
    camera : Camera
    twin : mapping
        Names of `SETTINGS`.

    Raises
    ------
    ConfigError
        If there is no such setting, it is out of range, or nothing changes.
    """
    changed = camera.changed(twin)
    if changed == camera:
        raise ConfigError(
            f"a twin must differ in a setting, found {dict(twin)!r}, which changes nothing. "
            "Give one of them another value than the camera has."
        )
    return changed
