"""What a recipe found, as a file that says by which program, version and settings."""

import json
import platform
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import eventsim
from eventsim.errors import ConfigError

_NAMES = ("recipe", "command", "quick", "score", "seconds", "eventsim", "peak_memory_mb",
          "settings", "figures")  # fmt: skip
"""Without which a file is no results."""


def peak_memory_bytes() -> int:
    """Most memory that this process has held so far."""
    if sys.platform == "win32":
        import psutil

        return int(psutil.Process().memory_info().peak_wset)
    import resource

    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(largest if sys.platform == "darwin" else largest * 1024)


def write_results(
    path: Path,
    recipe: str,
    settings: Mapping[str, Any],
    figures: Mapping[str, Any],
    *,
    score: Mapping[str, float] | None = None,
    seconds: float = 0.0,
    quick: bool = False,
) -> dict[str, Any]:
    """Write a JSON file; a kill leaves the old one or the new one.

    Parameters
    ----------
    path : Path
    recipe : str
        Name of the program.
    settings : mapping
        All that decides the figures.
    figures : mapping
        JSON values, no NaN. `spikes` and `synaptic_operations` for one answer stand in a
        leaderboard.
    score : mapping of str to float, optional
        What the recipe is run for, by its name, such as ``{"accuracy": 0.98}``. None: it is not
        through, and these are the figures so far.
    seconds : float
        That it took, all resumed runs together.
    quick : bool
        Whether it was a small run, to see that it works.

    Returns
    -------
    dict
        What was written: also the command, the versions of eventsim, PyTorch and Python, the
        device, the threads of PyTorch, and the most memory that was held.
    """
    torch: Any = sys.modules.get("torch")  # of a recipe that uses it
    found = {
        "recipe": recipe,
        "command": shlex.join(["eventsim", "run", recipe, *sys.argv[1:]]),
        "quick": quick,
        "score": None if score is None else dict(score),
        "seconds": round(seconds, 1),
        "eventsim": eventsim.__version__,
        "torch": str(torch.__version__) if torch else None,
        "python": platform.python_version(),
        "device": torch.cuda.get_device_name() if torch and torch.cuda.is_available() else "cpu",
        "threads": torch.get_num_threads() if torch else None,
        "peak_memory_mb": round(peak_memory_bytes() / 1e6),
        "settings": dict(settings),
        "figures": dict(figures),
    }
    partial = path.with_name(path.name + ".partial")
    partial.write_text(json.dumps(found, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    partial.replace(path)
    return found


def read_results(path: Path) -> dict[str, Any]:
    """Read what `write_results` wrote.

    Raises
    ------
    ConfigError
        If it cannot be read, or is something else.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path} cannot be read: {error}. Give a results.json.") from error
    missing = [name for name in _NAMES if not isinstance(found, dict) or name not in found]
    if missing:
        raise ConfigError(f"{path} has no {missing[0]}: it is not the results.json of a recipe.")
    return dict(found)


def results_so_far(path: Path, recipe: str, settings: Mapping[str, Any]) -> dict[str, Any] | None:
    """What an interrupted run of a recipe has found already.

    Parameters
    ----------
    path, recipe, settings
        As for `write_results`.

    Returns
    -------
    dict or None
        None if there is no such file.

    Raises
    ------
    ConfigError
        If it is of other settings, or another version of eventsim.
    """
    if not path.is_file():
        return None
    found = read_results(path)
    asked = json.loads(json.dumps(dict(settings)))
    before = found["settings"]
    changed = [name for name, value in asked.items() if before.get(name, "?") != value]
    changed += ["version of eventsim"] if found["eventsim"] != eventsim.__version__ else []
    if found["recipe"] != recipe or changed:
        other = ", ".join(changed) or "recipe"
        raise ConfigError(f"{path.parent} holds a run with another {other}. Give another --out.")
    return found
