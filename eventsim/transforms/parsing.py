"""Transforms written down in one line, as Python writes them, and read again.

``repr(transform)`` is such a line. Nothing is run but the transforms themselves.
"""

import ast
import inspect
from collections.abc import Sequence
from typing import Any

import eventsim.denoise as filters
import eventsim.transforms as named
from eventsim.denoise.filter import Filter
from eventsim.errors import ConfigError, nearest
from eventsim.transforms import keyed, published
from eventsim.transforms.changing import Transform
from eventsim.transforms.compose import Compose


def parse_transform(text: str) -> Transform:
    """A transform of a line such as ``Sometimes(Flip(), 0.5)`` or ``Rotate(angle_deg=(-9, 9))``.

    Parameters
    ----------
    text : str
        The name of a transform of `eventsim.transforms`, or of a set of
        `eventsim.transforms.published`, or of a filter of `eventsim.denoise`, with its arguments as
        Python has them: numbers, texts, tuples and other transforms. Without arguments the
        parentheses may be left out.

    Returns
    -------
    Transform

    Raises
    ------
    ConfigError
        If it is none, or an argument is wrong.

    Examples
    --------
    >>> parse_transform("Sometimes(Flip, 0.3)")
    Sometimes(transform=Flip(axis='x'), probability=0.3)
    """
    made = _parsed(text, _transforms())
    if not callable(made) or "other" in inspect.signature(made).parameters:
        raise ConfigError(f"expected a transform, such as Flip, found {text!r}.")
    return made  # type: ignore[no-any-return]


def parse_transforms(texts: Sequence[str]) -> Transform:
    """One transform of several lines, one after the other; see `parse_transform`."""
    made = [parse_transform(text) for text in texts]
    return made[0] if len(made) == 1 else Compose(tuple(made))


def parse_method(text: str) -> Any:
    """A way to anonymize: a transform, or one of `eventsim.transforms.keyed`.

    Parameters
    ----------
    text : str
        As `parse_transform`. What is in the arguments has no key.

    Raises
    ------
    ConfigError
        If it is none, or an argument is wrong.

    Examples
    --------
    >>> parse_method("PermutePixels(rekey_us=20000)")
    PermutePixels(block_px=None, rekey_us=20000)
    """
    ways, known = _keyed(), _transforms()
    name = _name_of(text)
    if name in ways:
        return _parsed(text, ways)
    if name.isidentifier() and name not in known:
        raise _unknown(name, {**known, **ways})
    return parse_transform(text)


def parse_filter(text: str) -> Filter:
    """A filter of `eventsim.denoise`, such as ``STCF(neighbors=3)``.

    Raises
    ------
    ConfigError
        If it is none, or an argument is wrong.

    Examples
    --------
    >>> parse_filter("BAF(window_us=5000)")
    BAF(window_us=5000)
    """
    known, name = _filters(), _name_of(text)
    if name not in known:
        raise ConfigError(f"there is no filter called {name!r}. {nearest(name, known)}")
    made: Filter = _parsed(text, known)
    return made


def filter_names() -> list[str]:
    """Names of all filters of `eventsim.denoise`."""
    return list(_filters())


def is_keyed_text(text: str) -> bool:
    """Whether a line names one of `eventsim.transforms.keyed`."""
    return _name_of(text) in _keyed()


def _keyed() -> dict[str, Any]:
    return {word: getattr(keyed, word) for word in keyed.__all__ if word != "EventKey"}


def _name_of(text: str) -> str:
    return text.strip().partition("(")[0].strip()


def _parsed(text: str, known: dict[str, Any]) -> Any:
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ConfigError(
            f"a transform is written as Flip, or Rotate(angle_deg=(-10, 10)), found {text!r}."
        ) from None
    return _value(tree, text, known)


def _filters() -> dict[str, Any]:
    found = {word: getattr(filters, word) for word in filters.__all__}
    return {word: value for word, value in found.items() if hasattr(value, "threshold")}


def _transforms() -> dict[str, Any]:
    known = {word: getattr(named, word) for word in named.__all__}
    return (
        known
        | _filters()
        | {
            word: value
            for word, value in vars(published).items()
            if getattr(value, "__module__", "") == published.__name__
        }
    )


def _value(node: ast.expr, text: str, known: dict[str, Any]) -> Any:
    if isinstance(node, ast.Name):
        return _made(node.id, [], {}, text, known)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        options = {word.arg: _value(word.value, text, known) for word in node.keywords if word.arg}
        values = [_value(one, text, known) for one in node.args]
        return _made(node.func.id, values, options, text, known)
    if isinstance(node, ast.Tuple | ast.List):
        return tuple(_value(one, text, known) for one in node.elts)
    try:
        return ast.literal_eval(node)
    except ValueError:
        found = ast.unparse(node)
        raise ConfigError(
            f"arguments must be numbers, texts, tuples or transforms, found {found} in {text!r}."
        ) from None


def _made(
    name: str, values: list[Any], options: dict[str, Any], text: str, known: dict[str, Any]
) -> Any:
    if name not in known:
        raise _unknown(name, known)
    try:
        return known[name](*values, **options)
    except (TypeError, AttributeError) as error:
        words = str(error).replace(f"{name}.__init__()", name)
        raise ConfigError(f"{text!r} cannot be made: {words}.") from error


def _unknown(name: str, known: dict[str, Any]) -> ConfigError:
    return ConfigError(f"there is no transform called {name!r}. {nearest(name, known)}")
