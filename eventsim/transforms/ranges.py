"""Parameters that are a number or a range to draw from, checked when a transform is made."""

import math

from eventsim.errors import ConfigError

Range = float | tuple[float, float]
"""A number, or (low, high) to draw from, both included."""


def check_number(name: str, value: float, least: float, most: float) -> None:
    """Refuse what is no number, or lies outside of what makes sense.

    Raises
    ------
    ConfigError
    """
    number = isinstance(value, int | float) and math.isfinite(value)
    if not number or not least <= value <= most:
        raise ConfigError(f"{name} must be a number within {least:g} to {most:g}, found {value!r}.")


def check_range(name: str, value: Range, least: float = -math.inf, most: float = math.inf) -> None:
    """Refuse what is no number and no range, or lies outside of what makes sense.

    Parameters
    ----------
    name : str
    value : number or (low, high)
    least, most : float
        Both allowed.

    Raises
    ------
    ConfigError
    """
    ends = value if isinstance(value, tuple) else (value, value)
    numbers = len(ends) == 2 and all(
        isinstance(end, int | float) and math.isfinite(end) for end in ends
    )
    if not numbers or not least <= ends[0] <= ends[1] <= most:
        raise ConfigError(
            f"{name} must be a number or a range (low, high) within {least:g} to {most:g}, found "
            f"{value!r}."
        )
