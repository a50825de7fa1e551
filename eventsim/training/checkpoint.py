"""What a training needs to go on after an interruption, in one file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import torch

from eventsim.errors import ConfigError


class Stateful(Protocol):
    """A network, an optimizer, a schedule."""

    def state_dict(self) -> dict[str, Any]:
        """Everything it holds."""

    def load_state_dict(self, state_dict: dict[str, Any]) -> Any:
        """Go on from that."""


def save_checkpoint(
    path: Path, settings: Mapping[str, Any], parts: Mapping[str, Stateful], history: Any
) -> None:
    """Write a checkpoint, so that a kill leaves the old one or the new one.

    Parameters
    ----------
    path : Path
    settings : mapping
        What decides the result: numbers and words.
    parts : mapping of str to network, optimizer, ...
    history : list or dict
        What is known so far: numbers and words.
    """
    state = {name: part.state_dict() for name, part in parts.items()}
    partial = path.with_name(path.name + ".partial")
    torch.save({"settings": dict(settings), "history": history, "parts": state}, partial)
    partial.replace(path)


def load_checkpoint(path: Path, settings: Mapping[str, Any], parts: Mapping[str, Stateful]) -> Any:
    """Bring everything to where it was when a checkpoint was written.

    Parameters
    ----------
    path, settings, parts
        As for `save_checkpoint`.

    Returns
    -------
    list, dict or None
        Its history; None if there is no checkpoint.

    Raises
    ------
    ConfigError
        If it is of other settings, or cannot be read.

    Notes
    -----
    Nothing of the generators of random numbers is kept. A training ends with the very same numbers
    if what it draws in an epoch is a function of (seed, epoch): see `eventsim.training.seeding`.
    """
    if not path.is_file():
        return None
    before, history, state = _read(path)
    changed = [name for name, value in settings.items() if before.get(name, value) != value]
    changed += [name for name in settings if name not in before]
    if changed:
        raise ConfigError(
            f"{path.parent} holds a run with another {', '.join(changed)}. Give another --out."
        )
    for name, part in parts.items():
        part.load_state_dict(state[name])
    return history


def load_part(path: Path, name: str) -> dict[str, Any]:
    """State of one part of a checkpoint, such as the weights of a network to begin with.

    Parameters
    ----------
    path : Path
    name : str
        Of `parts` in `save_checkpoint`.

    Returns
    -------
    dict
        On the CPU.

    Raises
    ------
    ConfigError
        If there is no such file, it cannot be read, or has no such part.
    """
    if not path.is_file():
        raise ConfigError(f"{path} does not exist. Give a checkpoint.pt.")
    _, _, parts = _read(path)
    if name not in parts:
        raise ConfigError(f"{path} has no part {name!r}, but {', '.join(parts)}.")
    return dict(parts[name])


def _read(path: Path) -> tuple[dict[str, Any], Any, dict[str, Any]]:
    """Settings, history and parts of a checkpoint."""
    try:
        saved = torch.load(path, weights_only=True, map_location="cpu")
        return saved["settings"], saved["history"], saved["parts"]
    except Exception as error:
        raise ConfigError(
            f"{path} is no checkpoint of this version: {type(error).__name__}. Remove it, or give "
            "another."
        ) from error
