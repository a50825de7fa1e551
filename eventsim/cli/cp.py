"""`eventsim cp NAME [FOLDER]`: a copy of a program or card, to edit."""

import shutil
from pathlib import Path

from eventsim.cli.printing import make_console, printable
from eventsim.errors import ConfigError
from eventsim.sensors.cards import FOLDER, SUFFIX, sensor_names
from eventsim.shipped import find


def cp(name: str, folder: Path = Path()) -> None:
    """Copy a converter, recipe, card, sensor or sample into a folder, to edit it there.

    Parameters
    ----------
    name
        Name, as listed by `eventsim ls`.
    folder
        Existing folder to copy it to. Nothing in it is ever overwritten.
    """
    sensor = name.removesuffix(SUFFIX)
    path = FOLDER / f"{sensor}{SUFFIX}" if sensor in sensor_names() else find(name)
    if not folder.is_dir():
        raise ConfigError(f"there is no folder {folder}. Make it first.")
    target = folder / path.name
    try:
        with target.open("xb") as copy, path.open("rb") as original:
            shutil.copyfileobj(original, copy)
    except FileExistsError:
        raise ConfigError(
            f"{target} exists already and is never replaced. Choose another folder."
        ) from None
    make_console().print(printable(target))
