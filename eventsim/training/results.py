"""What a training found, as a file that says by which program, version and settings."""

import json
import platform
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

import eventsim


def peak_memory_bytes() -> int:
    """Most memory that this process has held so far."""
    if sys.platform == "win32":
        import psutil

        return int(psutil.Process().memory_info().peak_wset)
    import resource

    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(largest if sys.platform == "darwin" else largest * 1024)


def write_results(
    path: Path, recipe: str, settings: Mapping[str, Any], figures: Mapping[str, Any]
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
        JSON values.

    Returns
    -------
    dict
        What was written: also the versions of eventsim, PyTorch and Python, the device, the
        threads, and the most memory that was held.
    """
    found = {
        "recipe": recipe,
        "eventsim": eventsim.__version__,
        "torch": torch.__version__,
        "python": platform.python_version(),
        "device": torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu",
        "threads": torch.get_num_threads(),
        "peak_memory_mb": round(peak_memory_bytes() / 1e6),
        "settings": dict(settings),
        "figures": dict(figures),
    }
    partial = path.with_name(path.name + ".partial")
    partial.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    partial.replace(path)
    return found
