"""A denoised copy of a dataset: everything decided beforehand."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import eventsim
from eventsim.denoise.filter import Filter
from eventsim.events import Events
from eventsim.pipeline.dataset_parts import content_of, group_rows, still_true
from eventsim.pipeline.denoise_task import DenoiseTask
from eventsim.pipeline.fingerprints import file_identity
from eventsim.pipeline.plans import as_json, digest
from eventsim.store.manifest import Entry
from eventsim.store.places import as_path
from eventsim.store.reader import Dataset


@dataclass(frozen=True)
class DenoisePlan:
    """Recordings of a dataset, in order, and the filters that they go through.

    Attributes
    ----------
    source : Path
        The dataset that is copied.
    filters : tuple of Filter
        One after the other.
    split : str or None
        Only recordings of it.
    parts : tuple of tuple of (int, int)
        Row in the source, and sample in the copy.
    about : dict
        Of the attributes of the source: what is still true.
    events : tuple of int
        Of the source, by part.
    content : str
        SHA-256 of all that the source holds.
    weights : tuple of dict
        Name and hash of files of weights that are not those that are shipped.
    """

    source: Path
    filters: tuple[Filter, ...]
    split: str | None
    parts: tuple[tuple[tuple[int, int], ...], ...]
    about: dict[str, Any]
    events: tuple[int, ...]
    content: str
    weights: tuple[dict[str, str], ...] = ()

    @property
    def part_count(self) -> int:
        """Parts of the dataset."""
        return len(self.parts)

    @property
    def input_paths(self) -> list[str]:
        """The dataset that is copied."""
        return [str(self.source)]

    @property
    def recordings(self) -> int:
        """That are copied."""
        return sum(map(len, self.parts))

    def entries(self, out: Path) -> Sequence[Entry]:
        """Nothing: the source lists its inputs."""
        return []

    def attributes(self) -> dict[str, Any]:
        """Everything needed to make the dataset again, as JSON values."""
        attributes = {
            "version": eventsim.__version__,
            "method": "denoise",
            **self.about,
            "denoise": {
                "of": self.source.name,
                "methods": [repr(how) for how in self.filters],
                "split": self.split,
                **({"weights": self.weights} if self.weights else {}),
            },
            "inputs": {"count": self.recordings, "sha256": self.content},
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
    ) -> list[DenoiseTask]:
        """Tasks of all parts but those that are kept."""
        source, objects = as_path(self.source).absolute(), bool(self.about.get("objects"))
        content = digest([self.content, self.weights])
        return [
            DenoiseTask(out, number, source, part, self.filters, content, objects, run, strict)
            for number, part in enumerate(self.parts)
            if number not in kept
        ]

    def total(self, kept: set[int]) -> int:
        """Events that all parts will read but those that are kept."""
        return sum(count for number, count in enumerate(self.events) if number not in kept)


def plan_denoise(
    source: str | Path, filters: Sequence[Filter], *, split: str | None = None
) -> DenoisePlan:
    """Decide everything about a denoised copy.

    Parameters
    ----------
    source : path
        A finished dataset of recordings.
    filters : sequence of Filter
        One after the other.
    split : str, optional
        Only recordings of it.

    Raises
    ------
    ConfigError
        If there is no such split, or weights cannot be read.
    StoreError
        If the source is no finished dataset of recordings.
    """
    dataset = Dataset(source)
    chosen = dataset if split is None else dataset.filter(split=split)
    table = chosen.table()
    rows = [(int(row), sample) for sample, row in enumerate(table["index"].tolist())]
    events = table["events"].tolist()
    parts = group_rows(rows, events)
    by_part = tuple(sum(events[sample] for _, sample in part) for part in parts)
    about = still_true(dataset)
    if dataset.attributes.get("objects"):
        about["objects"] = True
    return DenoisePlan(
        as_path(source), tuple(filters), split, parts, about, by_part, content_of(dataset),
        _weights_of(filters),
    )  # fmt: skip


def _weights_of(filters: Sequence[Filter]) -> tuple[dict[str, str], ...]:
    """Name and hash of the files that filters have their weights from; these fit the filters."""
    nothing = Events.empty((1, 1))
    with_weights = [how for how in filters if getattr(how, "weights", "")]
    for how in with_weights:
        how(nothing)
    return tuple(file_identity(how.weights) for how in with_weights)  # type: ignore[attr-defined]
