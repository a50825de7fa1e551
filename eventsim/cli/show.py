"""`eventsim show NAME`: one thing with its documentation and sources."""

from pathlib import Path
from typing import Any, get_args

from pydantic.fields import FieldInfo
from rich.console import Console

from eventsim.camera import SETTINGS
from eventsim.cli.printing import make_console
from eventsim.errors import ConfigError, nearest
from eventsim.motion.settings import MotionSettings
from eventsim.pixel.settings import PRESETS
from eventsim.sensors.cards import SUFFIX, load_card, sensor_names
from eventsim.shipped import find, shipped_files


def show(name: str) -> None:
    """Print a sensor, a preset, a setting, a program or a card, with its sources.

    Parameters
    ----------
    name
        Name, as listed by `eventsim ls`, or the path of your own sensor card.
    """
    console = make_console()
    known = [*sensor_names(), *PRESETS, *SETTINGS, *MotionSettings.model_fields]
    if name in sensor_names() or (name.endswith(SUFFIX) and Path(name).exists()):
        _sensor(console, name)
    elif name in PRESETS:
        for key, value in PRESETS[name].items():
            console.print(f"{key:<26}{value:g} {_unit(key)}")
    elif name in SETTINGS:
        _setting(console, name, SETTINGS[name])
    elif name in MotionSettings.model_fields:
        _setting(console, name, MotionSettings.model_fields[name])
    else:
        files = shipped_files()
        names = {path.name for path in files} | {path.stem for path in files}
        if name not in names:
            raise ConfigError(
                f"there is nothing called {name!r}. "
                + nearest(name, [*known, *names], "`eventsim ls` lists what there is.")
            )
        _file(console, name)


def _sensor(console: Console, name: str) -> None:
    card = load_card(name)
    console.print(card.title)
    console.print(f"{'size':<26}{card.size or 'that of the frames'}")
    console.print(f"{'transfer':<26}{card.transfer}")
    for key, value in card.physics.items():
        shown = value if isinstance(value, str) else f"{value:g}"
        console.print(f"{key:<26}{shown} {_unit(key)}")
    console.print("sources")
    for key, source in card.sources.items():
        console.print(f"  {key:<26}{source}")


def _setting(console: Console, name: str, field: FieldInfo) -> None:
    console.print(f"{name}: {field.description}")
    limits = [*field.metadata, *(m for a in get_args(field.annotation) for m in _metadata(a))]
    bounds = [
        f"{sign} {value:g}"
        for limit in limits
        for sign, key in ((">", "gt"), (">=", "ge"), ("<", "lt"), ("<=", "le"))
        if (value := getattr(limit, key, None)) is not None
    ]
    extra: Any = field.json_schema_extra
    default = "that of the path" if field.default is None else field.default
    unit = f"unit {extra['unit']}, " if extra["unit"] else ""
    number = f"{default:g}" if isinstance(default, float) else str(default)
    console.print(f"{unit}default {number}{''.join(f', {bound}' for bound in bounds)}")
    for preset, values in PRESETS.items():
        if name in values:
            console.print(f"preset {preset}: {values[name]:g}")
    elsewhere = extra.get("elsewhere", {})
    if elsewhere:
        called = ", ".join(f"{other} {word}" for other, word in elsewhere.items())
        console.print(f"called elsewhere: {called}")


def _metadata(annotation: Any) -> tuple[Any, ...]:
    return tuple(getattr(annotation, "__metadata__", ()))


def _file(console: Console, name: str) -> None:
    path = find(name)
    try:
        console.print(path.read_text(encoding="utf-8"), end="")
    except UnicodeDecodeError:
        console.print(f"{path} ({path.stat().st_size:,} bytes, not text)")


def _unit(name: str) -> str:
    extra: Any = SETTINGS[name].json_schema_extra
    return str(extra["unit"])
