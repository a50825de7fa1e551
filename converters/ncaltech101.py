"""Bring N-Caltech101 (Orchard and others 2015), as it was recorded, into one dataset.

    eventsim run ncaltech101 Caltech101 OUT.zarr --split 0.8/0.1/0.1 --workers 8

SOURCE holds a folder for each of the 101 classes, as Caltech101.zip unpacks to:

    CLASS/image_0001.bin

The images have different sizes; all recordings get the 240x180 pixels that the largest took. There
is no official split: --split gives shares of train, val and test.
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
    "title": "N-Caltech101, recorded",
    "license": "see its page",
    "source_url": "https://www.garrickorchard.com/datasets/n-caltech101",
    "citation": "G. Orchard, A. Jayawant, G. K. Cohen and N. Thakor, Converting static image "
    "datasets to spiking neuromorphic datasets using saccades, Front. Neurosci. 9:437, 2015.",
}
LAYOUT = Layout(size=SensorSize(240, 180))
"""Of the part of the ATIS that the images were shown to (the dataset's own description)."""
CARE = Care(backwards="sort")


def find_inputs(source: Path, fold: int) -> tuple[list[Input], list[str]]:
    """All recordings by class."""
    files = sorted(source.glob("*/*.bin"))
    if not files:
        raise SourceError(
            f"expected recordings such as airplanes/image_0001.bin in {source}, found none. Give "
            "the folder of the classes."
        )
    inputs = [
        Input(str(file), label=file.parent.name, id=f"{file.parent.name}/{file.stem}")
        for file in files
    ]
    return inputs, []


if __name__ == "__main__":
    sys.exit(run_recorded(__doc__, find_inputs, about=ABOUT, layout=LAYOUT, care=CARE))
