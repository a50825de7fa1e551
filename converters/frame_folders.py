"""Convert a corpus that holds a folder of images for each of its videos.

    eventsim run frame_folders SOURCE OUT.zarr --fps 30 --workers 8

SOURCE holds, with splits and classes or without:

    train/CLASS/VIDEO/000001.png, 000002.png, ... (and val/, test/)

Images of a folder are frames in the order of the numbers in their names; all have one size.
"""

import sys
from pathlib import Path

from eventsim.cli.converter import run_corpus
from eventsim.errors import SourceError
from eventsim.pipeline.corpus import gather
from eventsim.pipeline.inputs import Input

ABOUT = {"title": "Folders of frames as events"}


def find_inputs(source: Path, fold: int) -> tuple[list[Input], list[str]]:
    """All folders of images below the source; there is one fold only."""
    if not source.is_dir():
        raise SourceError(f"expected a folder of folders of images, found {source}.")
    inputs, notes = gather([source])
    folders = [given for given in inputs if Path(given.path).is_dir() and given.id]
    if not folders:
        raise SourceError(f"there is no folder of images below {source}. Check the path.")
    others = len(inputs) - len(folders)
    return folders, [*notes, *([f"{others:,} videos were left out"] if others else [])]


if __name__ == "__main__":
    sys.exit(run_corpus(__doc__, find_inputs, about=ABOUT))
