"""Sensor cards: one TOML file a camera, beside this module.

The folder is the list. Each number stands with its source, so that a reader can tell
a data sheet from a guess.
"""

import json
import tomllib
from dataclasses import dataclass, replace
from os import PathLike, fspath
from pathlib import Path
from typing import Any, get_args

from eventsim.errors import ConfigError, nearest
from eventsim.events import SensorSize
from eventsim.frames import Transfer

FOLDER = Path(__file__).parent
SUFFIX = ".toml"


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


def load_card(name: str | PathLike[str]) -> SensorCard:
    """Read a sensor card.

    Parameters
    ----------
    name : str or path
        As in `sensor_names`; or the path of a card of one's own, which ends with .toml.

    Raises
    ------
    ConfigError
        If there is no such card (the nearest is named), or a number lacks its source.
    """
    name = fspath(name)
    if name.endswith(SUFFIX):
        return _load_file(Path(name))
    known = sensor_names()
    if name not in known:
        raise ConfigError(
            f"there is no sensor {name!r}. {nearest(name, known)} A card of your own is a path "
            "that ends with .toml."
        )
    return replace(_load_file(FOLDER / f"{name}{SUFFIX}"), name=name)


def _load_file(path: Path) -> SensorCard:
    """Read a card from a file, whose name with its suffix becomes that of the card."""
    try:
        return read_card(path.name, tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ConfigError(
            f"the sensor card {path} cannot be read: {error.strerror}. `eventsim cp davis346` "
            "makes one to edit."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"the sensor card {path} is not TOML: {error}. Fix the file.") from error


def read_card(name: str, card: dict[str, Any]) -> SensorCard:
    """Check the contents of a card's file, and put them in order.

    Parameters
    ----------
    name : str
        Of the card, or of its file.
    card : dict
        As in the file: `title`, and for each number a table with `value` and `source`.

    Raises
    ------
    ConfigError
        If something is missing or has the wrong form.
    """
    where = f"the sensor card {name}"
    title = card.pop("title", None)
    if not isinstance(title, str):
        raise ConfigError(f"{where} needs a title (a string), found {title!r}. Add it.")
    for key, entry in card.items():
        if not isinstance(entry, dict) or set(entry) != {"value", "source"} or not entry["source"]:
            raise ConfigError(
                f"{where}: {key} must be a table with value and source, found {entry!r}. "
                f"Write [{key}], and value and source under it."
            )
    sources = {key: str(entry["source"]) for key, entry in card.items()}
    values = {key: entry["value"] for key, entry in card.items()}
    size, transfer = values.pop("size", None), values.pop("transfer", None)
    if transfer not in get_args(Transfer):
        known = ", ".join(get_args(Transfer))
        raise ConfigError(f"{where}: transfer must be one of {known}, found {transfer!r}.")
    if size is not None and not (
        isinstance(size, list) and len(size) == 2 and all(type(n) is int and n > 0 for n in size)
    ):
        raise ConfigError(
            f"{where}: size must be two positive integers [width, height], found {size!r}."
        )
    return SensorCard(name, title, SensorSize(*size) if size else None, transfer, values, sources)


def card_text(card: SensorCard) -> str:
    """A card as it stands in a file; `read_card` reads it.

    Parameters
    ----------
    card : SensorCard
        With a source for each number.
    """
    values: dict[str, Any] = {} if card.size is None else {"size": list(card.size)}
    values |= {"transfer": card.transfer, **card.physics}
    lines = [f"title = {_quoted(card.title)}"]
    for name, value in values.items():
        text = _quoted(value) if isinstance(value, str) else f"{value}"
        lines += ["", f"[{name}]", f"value = {text}", f"source = {_quoted(card.sources[name])}"]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A basic string of TOML, which JSON's strings are."""
    return json.dumps(text, ensure_ascii=False)
