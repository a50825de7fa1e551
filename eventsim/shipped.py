"""Where the bundled programs and cards are: converters, recipes, datasets.

In an installed wheel they lie under ``eventsim/_shipped/``, in a checkout beside the package. The
folders are the list.
"""

import ast
import tomllib
from pathlib import Path

from eventsim.errors import ConfigError, nearest

FOLDERS = ("converters", "recipes", "datasets")


def shipped_root() -> Path:
    """Return the folder that holds the three: of the wheel if it is one, else of the checkout."""
    package = Path(__file__).resolve().parent
    inside = package / "_shipped"
    return inside if inside.is_dir() else package.parent


def shipped_files() -> list[Path]:
    """List all programs, cards and samples, in the order of their folders and names.

    Returns
    -------
    list of Path
        Absolute.
    """
    root = shipped_root()
    return [
        path
        for folder in FOLDERS
        for path in sorted((root / folder).glob("*"))
        if path.is_file() and not path.name.startswith((".", "_"))
    ]


def title_of(path: Path) -> str:
    """Say in a line what a program or card is.

    Parameters
    ----------
    path : Path
        From `shipped_files`.

    Returns
    -------
    str
        First line of the docstring of a program, `title` of a card, "" for anything else.
    """
    if path.suffix == ".py":
        text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        return text.split("\n")[0]
    if path.suffix == ".toml":
        return str(tomllib.loads(path.read_text(encoding="utf-8")).get("title", ""))
    return ""


def find(name: str) -> Path:
    """Find a program, card or sample by its name, with or without the suffix.

    Parameters
    ----------
    name : str
        Such as ``bigbuckbunny.mp4``, or ``frames_to_events`` for ``frames_to_events.py``. Where
        two files differ in their suffix alone, the program, then the card, is meant.

    Returns
    -------
    Path
        Absolute.

    Raises
    ------
    ConfigError
        If there is none; names the nearest.
    """
    files = shipped_files()
    for wanted in (name, f"{name}.py", f"{name}.toml"):
        for path in files:
            if path.name == wanted:
                return path
    for path in files:
        if path.stem == name:
            return path
    names = [path.name for path in files]
    hint = nearest(name, names, "`eventsim ls` lists what there is.")
    raise ConfigError(f"there is no program, card or sample {name!r}. {hint}")
