"""`eventsim run NAME ...`: a program of converters/ or recipes/, with this Python."""

import inspect
import subprocess
import sys
from typing import Annotated

from cyclopts import Parameter

from eventsim.cli.printing import make_console
from eventsim.errors import ConfigError
from eventsim.shipped import find

Untouched = Annotated[str, Parameter(allow_leading_hyphen=True)]


def run(name: Untouched, *arguments: Untouched) -> int:
    """Run a bundled converter or recipe.

    `eventsim ls` lists them, `eventsim run NAME --help` says what one takes, and `eventsim cp NAME`
    gives you a copy to edit.

    Parameters
    ----------
    name
        Of the program, with or without .py.
    arguments
        Go to the program as they are.

    Returns
    -------
    int
        Exit code of the program.
    """
    if name in ("--help", "-h"):
        text = inspect.cleandoc(run.__doc__ or "").split("\n\nParameters")[0]
        make_console().print(f"Usage: eventsim run NAME [ARGUMENTS]\n\n{text}")
        return 0
    path = find(name)
    if path.suffix != ".py":
        raise ConfigError(f"{path.name} is not a program. `eventsim show {name}` prints it.")
    return subprocess.run([sys.executable, str(path), *arguments], check=False).returncode
