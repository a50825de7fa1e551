"""What only people know of a dataset: its title, and whose videos it shows."""

from dataclasses import dataclass, fields
from typing import Any

NOT_STATED = "not stated: whoever shares this dataset must say whose videos or images it shows"


def is_recorded(attributes: dict[str, Any]) -> bool:
    """Whether the events of a dataset, or of what it is a copy of, are from a real camera."""
    return attributes.get("method") == "recorded" or bool(attributes.get("recorded"))


@dataclass(frozen=True)
class About:
    """What only people know of a dataset.

    Attributes
    ----------
    title : str
    license : str
        Of the videos or images: its name or its URL.
    source_url : str
        Where they are from.
    citation : str
    not_label_safe : str
        Names of transforms that may change a label, such as ``Flip, TimeReversal``.
    """

    title: str = ""
    license: str = ""
    source_url: str = ""
    citation: str = ""
    not_label_safe: str = ""

    @classmethod
    def of(cls, attributes: dict[str, Any]) -> "About":
        """What the attributes of a dataset say."""
        said = attributes.get("about")
        values = said if isinstance(said, dict) else {}
        names = [field.name for field in fields(cls)]
        return cls(**{name: str(values[name]) for name in names if name in values})
