"""Write the card of a dataset into it: README.md, croissant.json, two pictures, two tables."""

import csv
import io
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from eventsim.card.about import About
from eventsim.card.command import MANIFEST_FILE
from eventsim.card.croissant import SAMPLES_FILE, make_croissant
from eventsim.card.readme import write_readme
from eventsim.card.statistics import Statistics, gather_statistics
from eventsim.events import Events
from eventsim.pipeline.inputs import Input
from eventsim.sources.remote import is_url
from eventsim.store.dataset import add_attributes, open_root, writing
from eventsim.store.manifest import latest, read_batches
from eventsim.store.places import as_path, is_remote
from eventsim.store.reader import Recording, open_dataset
from eventsim.view.overview import busiest_events, write_rates, write_samples

README_FILE, CROISSANT_FILE = "README.md", "croissant.json"
SHOWN = 12
"""Samples in the picture."""


def write_card(path: str | Path, about: About | None = None) -> None:
    """Write the card of a finished dataset; one that is there is replaced.

    The same dataset gives the same files. The samples stay as they are.

    Parameters
    ----------
    path : path
    about : About, optional
        By default what the attributes of the dataset say.

    Raises
    ------
    StoreError
        If it is no finished dataset, or cannot be written.
    """
    path = as_path(path)
    if not is_remote(path):
        with writing(path):
            _write(path, path, about)
        return
    with tempfile.TemporaryDirectory(prefix="eventsim-") as name, writing(path):
        # Pictures are drawn into files.
        folder = Path(name)
        _write(path, folder, about)
        for file in sorted(one for one in folder.rglob("*") if one.is_file()):
            (path / file.relative_to(folder).as_posix()).write_bytes(file.read_bytes())


def renew_card(path: str | Path, about: Mapping[str, str]) -> None:
    """Write the card of a finished dataset with what people say of it.

    Parameters
    ----------
    path : path
    about : mapping
        Of what only people know: what is said again. All else of it is kept.

    Raises
    ------
    StoreError
        As `write_card`.
    """
    if about:
        said = open_root(path).attrs.asdict().get("about")
        add_attributes(path, {"about": {**(said if isinstance(said, dict) else {}), **about}})
    write_card(path)


def _write(path: Path, folder: Path, about: About | None) -> None:
    """Write the card of a dataset into a folder."""
    dataset = open_dataset(path)
    attributes = dataset.attributes
    about = About.of(attributes) if about is None else about
    statistics = gather_statistics(path)
    name = path.resolve().name
    samples = _csv(statistics.table)
    (folder / "card").mkdir(exist_ok=True)
    (folder / SAMPLES_FILE).write_bytes(samples)
    batches = read_batches(path)
    if batches:
        (folder / MANIFEST_FILE).write_bytes(_manifest(path, batches, "twin" in attributes))
    write_samples(folder / "card" / "samples.png", _shown(dataset, statistics))
    column, unit = ("rate_hz", "events per pixel per second")
    if column not in statistics.table:
        column, unit = "events", "events per sample"
    values = statistics.table[column].astype(np.float64)
    by = {
        key: {one: values[statistics.table[key] == one] for one in names}
        for key, names in (("split", statistics.by_split), ("label", statistics.by_class))
    }
    write_rates(folder / "card" / "rates.png", by["split"], by["label"], unit)
    croissant = make_croissant(name, attributes, statistics, about, samples)
    (folder / CROISSANT_FILE).write_text(croissant, "utf-8", "backslashreplace")
    text = write_readme(name, attributes, statistics, about)
    (folder / README_FILE).write_text(text, "utf-8", "backslashreplace")


def _csv(table: dict[str, Any]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table)
    for row in zip(*(column.tolist() for column in table.values()), strict=True):
        writer.writerow(f"{v:.9g}" if isinstance(v, float) else v for v in row)
    return text.getvalue().encode("utf-8", "surrogateescape")


def _manifest(path: Path, batches: list[Any], twins: bool) -> bytes:
    """The inputs as a table that `convert --manifest` takes; paths are seen from its folder."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    names = ("path", "id", "label", "split", "group", "start_s", "stop_s", "settings")
    writer.writerow(names)
    for entry in latest(batches):
        if twins and entry.sample % 2:  # `--twin` makes it again
            continue
        given = Input.of(entry, path)
        # The table lies in a folder of the dataset, and a source is seen from beside it.
        away = is_url(entry.source) or Path(entry.source).is_absolute()
        place = entry.source if away else f"../../{entry.source}"
        settings = json.dumps(dict(given.settings)) if given.settings else ""
        writer.writerow(
            [place, entry.id, entry.label, entry.split, entry.group,
             _or_blank(given.start_s), _or_blank(given.stop_s), settings]
        )  # fmt: skip
    return text.getvalue().encode("utf-8", "surrogateescape")


def _or_blank(value: float | None) -> str:
    return "" if value is None else repr(value)


def _shown(dataset: Any, statistics: Statistics) -> list[tuple[str, Events]]:
    """Some samples that differ: of as many classes as there are, else evenly spread."""
    labels = statistics.table["label"]
    firsts = [int(np.flatnonzero(labels == one)[0]) for one in sorted(set(labels.tolist()))]
    spread = (
        np.linspace(0, len(labels) - 1, SHOWN).round().astype(int).tolist() if len(labels) else []
    )
    apart = np.linspace(0, len(firsts) - 1, min(SHOWN, len(firsts))).round().astype(int).tolist()
    chosen = list(dict.fromkeys([firsts[k] for k in apart] + spread))[:SHOWN]
    shown = []
    for index in sorted(chosen):
        sample = dataset[index]
        name = Path(sample.id if isinstance(sample, Recording) else sample.source).name
        title = f"{sample.label}: {name}" if sample.label else name
        shown.append((title, sample))
    return [(title, _events_of(sample)) for title, sample in shown]


def _events_of(sample: Any) -> Events:
    if isinstance(sample, Recording):
        return busiest_events(sample)
    t, p, y, x = np.nonzero(sample.planes)
    return Events.of(t, x, y, p, size=sample.size)
