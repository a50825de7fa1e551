"""Transforms that make another label true: mirrored digits, waves of the other hand."""

from collections.abc import Iterable
from typing import Any

import eventsim.transforms as named
from eventsim.errors import ConfigError
from eventsim.transforms.compose import names_in


class LabelWarning(UserWarning):
    """A transform is used that the dataset's card lists as not safe for its labels."""


def parse_names(text: str) -> tuple[str, ...]:
    """Names of transforms of a text such as ``Flip, TimeReversal``.

    Raises
    ------
    ConfigError
        If there is no such transform.
    """
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    for name in names:
        if name not in named.__all__:
            raise ConfigError(
                f"there is no transform called {name!r}. There are {', '.join(named.__all__)}."
            )
    return names


def unsafe_words(transform: Any, listed: Iterable[str]) -> str:
    """What to say of a transform that a card lists; "" if it is safe.

    Parameters
    ----------
    transform : Transform
    listed : iterable of str
        Names of transforms that are not safe.
    """
    used = set(names_in(transform))
    found = [name for name in listed if name in used]
    if not found:
        return ""
    return (
        f"{' and '.join(found)} may change the label: this dataset's card lists what is not safe "
        "for its classes."
    )


def listed_in(attributes: dict[str, Any]) -> tuple[str, ...]:
    """Names that the attributes of a dataset list; whatever else stands there is no list."""
    about = attributes.get("about")
    text = about.get("not_label_safe") if isinstance(about, dict) else None
    return tuple(name.strip() for name in text.split(",")) if isinstance(text, str) else ()
