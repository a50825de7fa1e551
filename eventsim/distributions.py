"""Numbers that are not one number: what a setting may be, for a draw in each recording."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from eventsim.errors import ConfigError, nearest

Value = float | int | str

_FORMS = {
    "uniform": "uniform(low, high)",
    "loguniform": "loguniform(low, high)",
    "normal": "normal(mean, standard deviation)",
    "lognormal": "lognormal(median, standard deviation of the logarithm)",
    "choice": "choice(one, another, ...)",
}
_CALL = re.compile(r"\s*([A-Za-z_]+)\s*\((.*)\)\s*", re.DOTALL)


@dataclass(frozen=True)
class Distribution:
    """What a setting is drawn from.

    Attributes
    ----------
    kind : {"uniform", "loguniform", "normal", "lognormal", "choice"}
    arguments : tuple of numbers or words
        Two numbers; of ``choice`` any number of values.

    Examples
    --------
    >>> uniform = Distribution.of("uniform(0.1, 0.4)")
    >>> uniform.drawn((0.5, 0.5)), uniform.ends, str(uniform)
    (0.25, (0.1, 0.4), 'uniform(0.1, 0.4)')
    """

    kind: str
    arguments: tuple[Value, ...]

    @classmethod
    def of(cls, text: str) -> "Distribution":
        """Read a distribution.

        Raises
        ------
        ConfigError
            If it is none, or its arguments are wrong.
        """
        found = _CALL.fullmatch(text)
        if not found:
            raise ConfigError(f"expected a distribution such as uniform(0.1, 0.4), found {text!r}.")
        kind, inside = found[1].lower(), found[2]
        if kind not in _FORMS:
            raise ConfigError(f"there is no distribution {kind!r}. {nearest(kind, _FORMS)}")
        pieces = [piece.strip() for piece in inside.split(",")]
        values = tuple(_number(piece) for piece in pieces)
        numbers = [value for value in values if not isinstance(value, str)]
        right = len(values) > 0 and "" not in values
        if kind != "choice":
            right = len(values) == len(numbers) == 2 and _fit(kind, *numbers)
        if not right:
            raise ConfigError(f"expected {_FORMS[kind]}, found {text.strip()!r}.")
        return cls(kind, values)

    def __str__(self) -> str:
        return f"{self.kind}({', '.join(map(str, self.arguments))})"

    @property
    def ends(self) -> tuple[Value, ...]:
        """Values that have to be possible: the bounds, the middle, or all of a choice."""
        if self.kind in ("normal", "lognormal"):
            return (self.typical,)
        return self.arguments

    @property
    def typical(self) -> Value:
        """A value in the middle; of a choice, the first."""
        first = self.arguments[0]
        if self.kind in ("uniform", "loguniform"):
            return self.drawn((0.5, 0.5))
        return first

    def drawn(self, uniforms: Sequence[float]) -> Value:
        """The value that two uniform draws in (0, 1) make."""
        u, v = uniforms
        if self.kind == "choice":
            return self.arguments[min(int(u * len(self.arguments)), len(self.arguments) - 1)]
        a, b = (float(value) for value in self.arguments)
        if self.kind == "uniform":
            return a + (b - a) * u
        if self.kind == "loguniform":
            return float(a * (b / a) ** u)
        z = math.sqrt(-2 * math.log(u)) * math.cos(2 * math.pi * v)  # Box and Muller 1958
        return a + b * z if self.kind == "normal" else a * math.exp(b * z)


def is_distribution(value: object) -> bool:
    """Whether a value is the text of a distribution, or looks like one."""
    return isinstance(value, str) and _CALL.fullmatch(value) is not None


def _number(text: str) -> Value:
    for kind in (int, float):
        try:
            value: float = kind(text)
        except ValueError:
            continue
        if math.isfinite(value):
            return value
    return text


def _fit(kind: str, a: float, b: float) -> bool:
    """Whether two numbers make such a distribution."""
    if kind == "uniform":
        return a <= b
    if kind == "loguniform":
        return 0 < a <= b
    return b >= 0 and (kind == "normal" or a > 0)
