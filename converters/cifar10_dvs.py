"""Bring CIFAR10-DVS (Li and others 2017), as it was recorded, into one dataset.

    eventsim run cifar10_dvs SOURCE OUT.zarr --workers 8

SOURCE holds a folder for each of the ten classes, as their .zip files unpack to:

    airplane/cifar10_airplane_0.aedat

There is no official split. The one that most papers use since TEBN (Duan and others 2022) is set:
the first 100 recordings of each class are test, the others train. The camera lay on its side, so
rows and columns are exchanged, as in the script that comes with the dataset.
"""

import sys
from pathlib import Path

from eventsim.cli.converter import run_recorded
from eventsim.errors import SourceError
from eventsim.events import SensorSize
from eventsim.formats.checking import Care
from eventsim.formats.file import Layout
from eventsim.pipeline.inputs import Input

ABOUT = {
    "title": "CIFAR10-DVS, recorded",
    "license": "CC BY 4.0",
    "source_url": "https://figshare.com/articles/dataset/CIFAR10-DVS_New/4724671",
    "citation": "H. Li, H. Liu, X. Ji, G. Li and L. Shi, CIFAR10-DVS: An Event-Stream Dataset for "
    "Object Classification, Front. Neurosci. 11:309, 2017.",
}
LAYOUT = Layout(size=SensorSize(128, 128), transpose=True)
CARE = Care(backwards="sort")
TEST = 100
"""Recordings of each class in the split test."""


def find_inputs(source: Path, fold: int) -> tuple[list[Input], list[str]]:
    """All recordings by class, in the order of their numbers."""
    inputs = []
    for file in source.glob("*/cifar10_*.aedat"):
        label, number = file.parent.name, file.stem.rpartition("_")[2]
        if number.isdigit():
            split = "test" if int(number) < TEST else "train"
            inputs.append(
                Input(str(file), label=label, split=split, id=f"{label}/{int(number):03d}")
            )
    if not inputs:
        raise SourceError(
            f"expected recordings such as airplane/cifar10_airplane_0.aedat in {source}, found "
            "none. Unpack the .zip files of the classes there."
        )
    return sorted(inputs, key=lambda one: one.id), []


if __name__ == "__main__":
    sys.exit(run_recorded(__doc__, find_inputs, about=ABOUT, layout=LAYOUT, care=CARE))
