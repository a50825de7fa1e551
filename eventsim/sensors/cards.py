"""Sensor cards: one TOML file a camera, beside this module.

The folder is the list. Each number stands with its source, so that a reader can tell
a data sheet from a guess.
"""

import difflib
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eventsim.errors import ConfigError
from eventsim.events import SensorSize
from eventsim.frames import Transfer

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class SensorCard:
    """What is known of a camera.

    Attributes
    ----------
    name : str
        Of the card's file.
    title : str
        The camera in words.
    size : SensorSize or None
        None if it takes the size of the frames.
    transfer : {"srgb", "linear"}
        How it reads 8-bit numbers.
    physics : dict of str to float
        Settings of the pixel, by the names of ``PixelSettings``.
    sources : dict of str to str
        Where each number (and the size and transfer) comes from.
    """

    name: str
    title: str
    size: SensorSize | None
    transfer: Transfer
    physics: dict[str, Any]
    sources: dict[str, str]


def sensor_names() -> list[str]:
    """Names of all cards, sorted."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def load_card(name: str) -> SensorCard:
    """Read a sensor card.

    Parameters
    ----------
    name : str
        As in `sensor_names`.

    Raises
    ------
    ConfigError
        If there is no such card (the nearest is named), or a number lacks its source.
    """
    known = sensor_names()
    if name not in known:
        close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
        hint = f"Did you mean {close[0]!r}?" if close else f"Known: {', '.join(known)}."
        raise ConfigError(f"there is no sensor {name!r}. {hint}")
    card = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    title = card.pop("title")
    for key, entry in card.items():
        if not isinstance(entry, dict) or set(entry) != {"value", "source"}:
            raise ConfigError(
                f"sensors/{name}.toml: {key} must be a table with value and source, found "
                f"{entry!r}."
            )
    sources = {key: str(entry["source"]) for key, entry in card.items()}
    values = {key: entry["value"] for key, entry in card.items()}
    size = SensorSize(*values.pop("size")) if "size" in values else None
    return SensorCard(name, title, size, values.pop("transfer"), values, sources)
