"""Convert Kinetics (400, 600, 700): clips of ten seconds from YouTube, by its CSV files.

    eventsim run kinetics SOURCE OUT.zarr --workers 8

SOURCE holds what https://github.com/cvdfoundation/kinetics-dataset loads and unpacks:

    annotations/train.csv, val.csv, test.csv    label, youtube_id, time_start, time_end, split
    train/ID_SSSSSS_EEEEEE.mp4 (and val/, test/), or in a folder per class: train/CLASS/ID_....mp4

Many videos are gone from YouTube: what is listed and not there is counted. A video may have given
more than one clip; all of them have one group.
"""

import csv
import sys
from pathlib import Path

from eventsim.cli.converter import run_corpus
from eventsim.errors import SourceError
from eventsim.pipeline.inputs import Input

ABOUT = {
    "title": "Kinetics as events",
    "license": "see its page; the videos are those of YouTube's users",
    "source_url": "https://github.com/cvdfoundation/kinetics-dataset",
    "citation": "W. Kay et al., The Kinetics Human Action Video Dataset, arXiv:1705.06950, 2017.",
}
SPLITS = {"train": "train", "val": "val", "validate": "val", "validation": "val", "test": "test"}
NEEDED = {"youtube_id", "time_start", "time_end"}


def find_inputs(source: Path, fold: int) -> tuple[list[Input], list[str]]:
    """All clips that are there, split by split, and how many are not. There is one fold only."""
    tables = sorted((source / "annotations").glob("*.csv"))
    if not tables:
        raise SourceError(f"expected annotations/train.csv and the like in {source}, found none.")
    inputs, notes = [], []
    for split in ("train", "val", "test"):
        for table in (t for t in tables if SPLITS.get(t.stem) == split):
            there = {path.name: path for path in sorted((source / table.stem).rglob("*.mp4"))}
            found, missing = _read(table, split, there)
            inputs += found
            if missing:
                notes.append(
                    f"{split}: {missing:,} of {missing + len(found):,} clips are not there"
                )
    return inputs, notes


def _read(table: Path, split: str, there: dict[str, Path]) -> tuple[list[Input], int]:
    """Clips of one table that are there, and the number of those that are not."""
    with table.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        absent = NEEDED - set(reader.fieldnames or ())
        if absent:
            raise SourceError(f"{table} has no column {min(absent)}.")
        rows = list(reader)
    found, missing = [], 0
    for row in rows:
        start, end = (int(float(row[name])) for name in ("time_start", "time_end"))
        path = there.get(f"{row['youtube_id']}_{start:06}_{end:06}.mp4")
        if path is None:
            missing += 1
            continue
        label = row.get("label") or ""  # the labels of a test set may be kept back
        found.append(
            Input(str(path), label=label, split=split, group=row["youtube_id"], id=path.stem)
        )
    return found, missing


if __name__ == "__main__":
    sys.exit(run_corpus(__doc__, find_inputs, about=ABOUT))
