"""Convert UCF101: 13,320 videos of 101 actions, with one of its three official splits.

    eventsim run ucf101 SOURCE OUT.zarr --fold 1 --workers 8

SOURCE holds what the two archives of https://www.crcv.ucf.edu/data/UCF101.php unpack to:

    UCF-101/CLASS/v_CLASS_gGG_cCC.avi
    ucfTrainTestlist/trainlist01.txt, testlist01.txt (and 02, 03)

Clips of one group (gGG) were cut from one video, and all of them lie on one side of each split.
"""

import re
import sys
from pathlib import Path

from eventsim.cli.converter import run_corpus
from eventsim.errors import SourceError
from eventsim.pipeline.inputs import Input

ABOUT = {
    "title": "UCF101 as events",
    "license": "see its page; the videos are from YouTube",
    "source_url": "https://www.crcv.ucf.edu/data/UCF101.php",
    "citation": "K. Soomro, A. R. Zamir and M. Shah, UCF101: A Dataset of 101 Human Action Classes "
    "From Videos in The Wild, CRCV-TR-12-01, 2012.",
}
NAME = re.compile(r"v_(?P<label>.+)_g(?P<group>\d+)_c\d+\.avi")


def find_inputs(source: Path, fold: int) -> tuple[list[Input], list[str]]:
    """All videos of a fold, train and then test, and what is missing or not listed."""
    videos, lists = source / "UCF-101", source / "ucfTrainTestlist"
    if not videos.is_dir():
        raise SourceError(f"expected the folder UCF-101 in {source}. Unpack UCF101.rar there.")
    inputs, missing = [], []
    for split in ("train", "test"):
        file = lists / f"{split}list{fold:02}.txt"
        if not file.is_file():
            raise SourceError(f"there is no {file}. UCF101 has the folds 1, 2 and 3.")
        for row in file.read_text(encoding="utf-8").splitlines():
            if not row.strip():
                continue
            name = row.split()[0]
            found = NAME.fullmatch(Path(name).name)
            if found is None:
                raise SourceError(f"{file} names {name!r}, which is no name of UCF101.")
            if not (videos / name).is_file():
                missing.append(name)
                continue
            label = found["label"]
            inputs.append(
                Input(
                    str(videos / name),
                    label=Path(name).parent.name,
                    split=split,
                    group=f"{label}_g{found['group']}",
                    id=Path(name).stem,
                )
            )
    notes = (
        [f"{len(missing):,} listed videos are not there, such as {missing[0]}"] if missing else []
    )
    return inputs, notes


if __name__ == "__main__":
    sys.exit(run_corpus(__doc__, find_inputs, about=ABOUT))
