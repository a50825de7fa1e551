"""A fixed augmented copy of a dataset: everything decided beforehand."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import eventsim
from eventsim.errors import ConfigError
from eventsim.pipeline.augment_task import AugmentTask, PlannedCopy
from eventsim.pipeline.dataset_parts import content_of, group_rows, still_true
from eventsim.pipeline.plans import as_json
from eventsim.store.manifest import Entry
from eventsim.store.places import as_path
from eventsim.store.reader import Dataset
from eventsim.transforms.changing import Transform
from eventsim.transforms.label_safety import listed_in, unsafe_words


@dataclass(frozen=True)
class AugmentPlan:
    """Recordings of a dataset, in order, with what becomes of them.

    Attributes
    ----------
    source : Path
        The dataset that is copied.
    transform : Transform
    copies : int
        Of each recording.
    split : str or None
        Only recordings of it.
    seed : int
        Copy k of recording i is what `EventWindows` with this seed gives of it in epoch k.
    parts : tuple of tuple of PlannedCopy
    about : dict
        Of the attributes of the source: what is still true.
    content : str
        SHA-256 of all that the source holds.
    """

    source: Path
    transform: Transform
    copies: int
    split: str | None
    seed: int
    parts: tuple[tuple[PlannedCopy, ...], ...]
    about: dict[str, Any]
    content: str

    @property
    def warning(self) -> str:
        """That the transform is not safe for the labels, if the source says so; else ""."""
        return unsafe_words(self.transform, listed_in(self.about))

    @property
    def part_count(self) -> int:
        """Parts of the dataset."""
        return len(self.parts)

    @property
    def input_paths(self) -> list[str]:
        """The dataset that is copied."""
        return [str(self.source)]

    def entries(self, out: Path) -> Sequence[Entry]:
        """Nothing: the source lists its inputs."""
        return []

    def attributes(self) -> dict[str, Any]:
        """Everything needed to make the dataset again, as JSON values."""
        count = sum(len(part) for part in self.parts)
        attributes = {
            "version": eventsim.__version__,
            "method": "augment",
            "seed": self.seed,
            **self.about,
            "augment": {
                "of": self.source.name,
                "transform": repr(self.transform),
                "copies": self.copies,
                "split": self.split,
            },
            "inputs": {"count": count, "sha256": self.content},
        }
        return as_json(attributes)

    def tasks(
        self,
        out: Path,
        kept: set[int],
        threads: int | None,
        run: str = "",
        *,
        strict: bool = False,
    ) -> list[AugmentTask]:
        """Tasks of all parts but those that are kept."""
        source = as_path(self.source).absolute()
        return [
            AugmentTask(out, number, source, part, self.transform, self.seed, run, strict)
            for number, part in enumerate(self.parts)
            if number not in kept
        ]

    def total(self, kept: set[int]) -> int:
        """Recordings of all parts but those that are kept."""
        return sum(len(part) for number, part in enumerate(self.parts) if number not in kept)


def plan_augment(
    source: str | Path,
    transform: Transform,
    *,
    copies: int = 1,
    split: str | None = None,
    seed: int = 1,
) -> AugmentPlan:
    """Decide everything about an augmented copy.

    Parameters
    ----------
    source : path
        A finished dataset of recordings.
    transform : Transform
    copies : int
        Of each recording, one after the other.
    split : str, optional
        Only recordings of it.
    seed : int

    Raises
    ------
    ConfigError
        If a number is wrong, or there is no such split.
    StoreError
        If the source is no finished dataset of recordings.
    """
    if copies < 1:
        raise ConfigError(f"copies must be 1 or more, found {copies}.")
    dataset = Dataset(source)
    chosen = dataset if split is None else dataset.filter(split=split)
    table = chosen.table()
    planned = [
        PlannedCopy(int(row), place, copy, place * copies + copy)
        for place, row in enumerate(table["index"].tolist())
        for copy in range(copies)
    ]
    events = table["events"].tolist()
    parts = group_rows(planned, [events[one.place] for one in planned])
    about, content = still_true(dataset), content_of(dataset)
    return AugmentPlan(as_path(source), transform, copies, split, seed, parts, about, content)
