"""Convert HMDB51: 6,766 clips of 51 actions, with one of its three official splits.

    eventsim run hmdb51 SOURCE OUT.zarr --fold 1 --workers 8

SOURCE holds what the archives of https://serre.lab.brown.edu/hmdb51.html unpack to:

    CLASS/NAME.avi
    testTrainMulti_7030_splits/CLASS_test_split1.txt (and 2, 3)

A line of a list is a name and a number: 1 is train, 2 is test, 0 is in neither and left out. The
name of a clip begins with that of the film that it was cut from.
"""

import sys
from pathlib import Path

from eventsim.cli.converter import run_corpus
from eventsim.errors import SourceError
from eventsim.pipeline.inputs import Input

ABOUT = {
    "title": "HMDB51 as events",
    "license": "see its page; the clips are from films and YouTube",
    "source_url": "https://serre.lab.brown.edu/hmdb51.html",
    "citation": "H. Kuehne, H. Jhuang, E. Garrote, T. Poggio and T. Serre, HMDB: A Large Video "
    "Database for Human Motion Recognition, ICCV 2011.",
}
SPLITS = {"0": "", "1": "train", "2": "test"}


def find_inputs(source: Path, fold: int) -> tuple[list[Input], list[str]]:
    """All clips of a fold by class, and what is missing or in neither split."""
    lists = sorted((source / "testTrainMulti_7030_splits").glob(f"*_test_split{fold}.txt"))
    if not lists:
        raise SourceError(
            f"there are no lists of fold {fold} in {source / 'testTrainMulti_7030_splits'}. HMDB51 "
            "has the folds 1, 2 and 3; unpack test_train_splits.rar there."
        )
    inputs, missing, neither = [], [], 0
    for file in lists:
        label = file.name.removesuffix(f"_test_split{fold}.txt")
        for row in file.read_text(encoding="utf-8").splitlines():
            if not row.strip():
                continue
            name, _, number = row.strip().rpartition(" ")
            if number not in SPLITS:
                raise SourceError(f"{file} has the line {row!r}; expected a name and 0, 1 or 2.")
            clip = source / label / name.strip()
            if number == "0":
                neither += 1
            elif not clip.is_file():
                missing.append(f"{label}/{name}")
            else:
                film = clip.stem.partition(f"_{label}_")[0]
                inputs.append(
                    Input(
                        str(clip),
                        label=label,
                        split=SPLITS[number],
                        group=film,
                        id=f"{label}/{clip.stem}",
                    )
                )
    notes = []
    if neither:
        notes.append(f"{neither:,} clips are in neither split of fold {fold} and were left out")
    if missing:
        notes.append(f"{len(missing):,} listed clips are not there, such as {missing[0]}")
    return inputs, notes


if __name__ == "__main__":
    sys.exit(run_corpus(__doc__, find_inputs, about=ABOUT))
