"""What is called with every sample is looked at before the first one."""

import inspect
from typing import Any

from eventsim.errors import ConfigError

_CALLED = {
    "transform": (2, "(events, rng)", "Flip()"),
    "mix": (3, "(events, other, rng)", "CutMix()"),
    "to": (3, "(events, t0_us, t1_us)", "VoxelGrid(bins=5)"),
}


def check_called(**given: Any) -> None:
    """Refuse what cannot be called as it will be: a class, a name, something of another kind.

    Parameters
    ----------
    **given
        ``transform``, ``mix`` or ``to``; None is nothing.

    Raises
    ------
    ConfigError
    """
    for name, value in given.items():
        count, words, example = _CALLED[name]
        if value is None:
            continue
        if isinstance(value, type) or not callable(value) or not _takes(value, count):
            raise ConfigError(
                f"{name} is called with {words}, found {value!r}. Pass an instance, such as "
                f"{example}."
            )


def _takes(value: Any, count: int) -> bool:
    """Whether something can be called with so many arguments."""
    try:
        inspect.signature(value).bind(*range(count))
    except TypeError:
        return False
    except ValueError:  # compiled, and says nothing of itself
        return True
    return True
