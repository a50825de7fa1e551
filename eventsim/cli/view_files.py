"""Files that `eventsim view` reads beside a dataset, and those that it must not overwrite."""

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from eventsim.errors import ConfigError, EventSimError
from eventsim.sources.opening import RECORDED

if TYPE_CHECKING:
    from eventsim.frames import FrameSource
    from eventsim.sources.reading import Reading
    from eventsim.store.planes_reader import PlanesDataset
    from eventsim.store.reader import Dataset, Recording


def protect(output: Path, dataset: "Dataset | PlanesDataset", given: Path | None = None) -> None:
    """Refuse to overwrite what the events were made from.

    That is a source, a file in a folder of images, and, because a relative path may mean another
    file from here, any file with the name of a source that is not found.
    """
    if not output.exists():
        return
    names = {str(name) for name in dataset.table()["source"]} - {""}
    home = dataset.path.parent
    sources = [Path(os.path.normpath(home / name)) for name in sorted(names)]
    for video in sources if given is None else [*sources, given]:
        same = output.samefile(video) if video.exists() else output.name == video.name
        if same or (video.is_dir() and output.parent.samefile(video)):
            raise ConfigError(
                f"the output would overwrite the source '{video}' of {dataset.path}. "
                "Choose another output."
            )


def open_shown_source(
    dataset: "Dataset", recording: "Recording", given: Path | None, notes: list[str]
) -> "FrameSource | None":
    """Open the source as the conversion did, or say why there is none."""
    path = given or recording.source_path
    if given is None and "motion" in dataset.attributes:
        return None  # a still image, which moved: there are no frames to show
    recorded = dataset.attributes.get("method") == "recorded"
    if given is None and recorded and (path is None or path.suffix.lower() != RECORDED):
        return None  # an event file, which has none
    if path is None or (given is None and not path.exists()):
        where = f"'{path}' is not there" if path else "is not known"
        notes.append(f"The source {where}: events alone. --source VIDEO shows one beside them.")
        return None
    from eventsim.sources.opening import open_source
    from eventsim.sources.reading import Reading

    try:
        how = Reading() if recorded else _reading(dataset, path)
        reading = replace(how, size=recording.size)
        opened: FrameSource = open_source(path, reading)
        return opened
    except (EventSimError, AttributeError, TypeError, ValueError) as error:
        # Not ours: what the dataset says of how it was read was edited.
        if given is not None and isinstance(error, EventSimError):
            raise
        notes.append(f"The source cannot be shown: {error}")
        return None


def _reading(dataset: "Dataset", source: Path) -> "Reading":
    """Find how the conversion read its sources."""
    from eventsim.sources.reading import Reading

    attributes = dataset.attributes
    times = attributes.get("geometry", {}).get("times_file")
    found: Path | None = None
    if isinstance(times, dict):  # kept by name and hash: it lies beside the one or the other
        places = (source.parent, source, dataset.path.parent, Path())
        candidates = (place / str(times.get("name")) for place in places)
        found = next((path for path in candidates if path.is_file()), None)
    elif isinstance(times, str):  # of version 0.2.0
        found = Path(times)
    return replace(Reading.of(attributes), times_file=None if found is None else str(found))
