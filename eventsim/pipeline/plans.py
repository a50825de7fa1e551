"""What can be run: a plan of any kind, and the tasks it is made of.

`eventsim.pipeline.run` knows no more than this of videos, still images and what is to come.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from eventsim.store.manifest import Entry

Step = Callable[[int, int, str], None]
"""Called with what was done (frames, images) and the events since the last call, and a name."""


class Task(Protocol):
    """One part, from its inputs to its commit; can be pickled."""

    @property
    def part(self) -> int:
        """Number of the part."""

    @property
    def name(self) -> str:
        """Of its first input."""

    @property
    def inputs(self) -> Sequence[str]:
        """Names of its inputs in order, as `step` is told them; empty if these are no measure."""

    def convert(self, step: Step | None = None) -> tuple[int, int]:
        """Write the part and commit it; gives what was done (frames, images), and the events."""


class Plan(Protocol):
    """A plan: everything that decides a dataset."""

    @property
    def part_count(self) -> int:
        """Parts of the dataset."""

    @property
    def input_paths(self) -> Sequence[str]:
        """All inputs; none may lie in the output."""

    def entries(self, out: Path) -> Sequence[Entry]:
        """What the manifest of a dataset will say of the inputs; empty if it gets none."""

    def attributes(self) -> dict[str, Any]:
        """Everything needed to make the dataset again, as JSON values."""

    def tasks(
        self,
        out: Path,
        kept: set[int],
        threads: int | None,
        run: str = "",
        *,
        strict: bool = False,
    ) -> Sequence[Task]:
        """Tasks of all parts but those that are kept, for a run that has begun."""

    def total(self, kept: set[int]) -> int | None:
        """What the tasks of these parts will do together (frames, images); None if unknown."""


def as_json(attributes: dict[str, Any]) -> dict[str, Any]:
    """Attributes as they come back from a file: tuples are lists."""
    values: dict[str, Any] = json.loads(json.dumps(attributes))
    return values


def differences(there: dict[str, Any], now: dict[str, Any], prefix: str = "") -> list[str]:
    """List what differs between the attributes of a dataset and of a plan, in words."""
    found = []
    for key, value in now.items():
        name = f"{prefix}{key}"
        other = there.get(key)
        if isinstance(value, dict) and isinstance(other, dict):
            found += differences(other, value, f"{name}.")
        elif other != value and name == "inputs.sha256":
            found.append("the inputs are others, or have changed since")
        elif other != value:
            found.append(f"{name} is {other} there and {value} now")
    return found


def digest(inputs: Sequence[Any]) -> str:
    """SHA-256 of what is known of the inputs, as JSON values."""
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()
