"""Recordings of other programs into one dataset: everything decided beforehand."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import eventsim
from eventsim.errors import ConfigError, SourceError
from eventsim.formats.checking import Care
from eventsim.formats.file import Layout
from eventsim.formats.names import find_format, open_events
from eventsim.pipeline.corpus import with_ids
from eventsim.pipeline.dataset_parts import group_rows
from eventsim.pipeline.fingerprints import FILES_READ, absolute, fingerprint, place_to_retry
from eventsim.pipeline.import_task import KILOBYTE, ImportTask, PlannedFile
from eventsim.pipeline.inputs import Input
from eventsim.pipeline.plans import as_json
from eventsim.pipeline.video_plan import describe_inputs
from eventsim.sources.remote import is_url
from eventsim.store.manifest import Entry

BYTES_AN_EVENT = 4
"""Of a file, to group files into parts; formats have 2 to 20. Chosen by eye."""


@dataclass(frozen=True)
class ImportPlan:
    """Event files in order, grouped into parts, and how they are read.

    Attributes
    ----------
    parts : tuple of tuple of PlannedFile
    layout : Layout
    format : str or None
    care : Care
    """

    parts: tuple[tuple[PlannedFile, ...], ...]
    layout: Layout
    format: str | None
    care: Care

    @property
    def files(self) -> list[PlannedFile]:
        """Of all parts, in order."""
        return [file for part in self.parts for file in part]

    @property
    def part_count(self) -> int:
        """Parts of the dataset."""
        return len(self.parts)

    @property
    def input_paths(self) -> list[str]:
        """All files."""
        return [file.input.path for file in self.files]

    def entries(self, out: Path) -> list[Entry]:
        """What the manifest will say of the files."""
        return [
            Entry(
                sample=file.sample,
                part=number,
                seed=0,
                id=file.input.id,
                source=place_to_retry(out, file.input.path),
                label=file.input.label,
                split=file.input.split,
                group=file.input.group,
                options=file.input.options,
                fingerprint=file.fingerprint,
            )
            for number, part in enumerate(self.parts)
            for file in part
        ]

    def attributes(self) -> dict[str, Any]:
        """Everything needed to make the dataset again, as JSON values."""
        attributes = {
            "version": eventsim.__version__,
            "method": "recorded",
            "sensor": "unknown",
            "settings": {},
            "import": {"format": self.format, **asdict(self.layout), **asdict(self.care)},
            "inputs": describe_inputs([self.entries(Path("dataset"))]),
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
    ) -> list[ImportTask]:
        """Tasks of all parts but those that are kept; they may run in another folder."""
        return [
            ImportTask(
                out, number, tuple(map(_placed, part)), self.layout, self.format, self.care, run,
                strict,
            )
            for number, part in enumerate(self.parts)
            if number not in kept
        ]  # fmt: skip

    def total(self, kept: set[int]) -> int:
        """Kilobytes of all parts but those that are kept."""
        return sum(
            file.bytes // KILOBYTE
            for number, part in enumerate(self.parts)
            if number not in kept
            for file in part
        )


def plan_import(
    inputs: Iterable[str | Path | Input],
    *,
    layout: Layout = Layout(),  # noqa: B008 - frozen
    format: str | None = None,
    care: Care = Care(),  # noqa: B008 - frozen
) -> ImportPlan:
    """Decide everything about an import beforehand.

    Parameters
    ----------
    inputs : iterable of path or Input
        Each becomes a recording, in this order, from its start to its stop. One that cannot be
        read stays in the plan: the run will list it with its reason.
    layout : Layout
        What the files do not say.
    format : str, optional
        Of all files; by default that of each ending.
    care : Care
        What is done with events that break a promise.

    Raises
    ------
    ConfigError
        If there is no input or no such format, or one has settings of a pixel.
    SourceError
        If not one file can be opened.
    """
    named = with_ids(item if isinstance(item, Input) else Input(str(item)) for item in inputs)
    if not named:
        raise ConfigError("there is no input. Give at least one event file.")
    if format is not None:
        find_format(format)
    for one in named:
        if one.settings:
            raise ConfigError(f"settings are for videos; {one.path} is an event file.")
    ends_apart = -(-len(named) // FILES_READ)
    planned = [
        PlannedFile(
            one, sample, _bytes(one.path), fingerprint(one.path, ends=sample % ends_apart == 0)
        )
        for sample, one in enumerate(named)
    ]
    _open_one(planned, layout, format)
    parts = group_rows(planned, [file.bytes // BYTES_AN_EVENT for file in planned])
    return ImportPlan(parts, layout, format, care)


def _open_one(planned: Sequence[PlannedFile], layout: Layout, format: str | None) -> None:
    """Open files until one can be; what is wrong with all of them is better said now."""
    first: Exception | None = None
    for file in planned:
        if is_url(file.input.path):
            return  # it is fetched when its turn comes
        try:
            open_events(file.input.path, layout, format)
            return
        except (ConfigError, SourceError, OSError) as error:
            first = first or error
    if first is not None:
        many = f"none of the {len(planned)} files can be read; the first: "
        words = f"{many if len(planned) > 1 else ''}{first}"
        raise (ConfigError if isinstance(first, ConfigError) else SourceError)(words) from first


def _placed(file: PlannedFile) -> PlannedFile:
    return replace(file, input=replace(file.input, path=absolute(file.input.path)))


def _bytes(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:
        return 0
