"""Bring N-ImageNet (Kim and others 2021), as it was recorded, into one dataset.

    eventsim run n_imagenet N_Imagenet OUT.zarr --workers 8
    eventsim run n_imagenet extracted_val_mode_1 OUT.zarr

SOURCE holds the folders that the archives unpack to, or is one of them, also of the nine variants
with other motions and lights:

    extracted_train/n01440764/n01440764_10026.npz
    extracted_val/n01440764/ILSVRC2012_val_00000293.npz

The label is the number of the class in WordNet.
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
    "title": "N-ImageNet, recorded",
    "license": "see its page; the images are those of ImageNet",
    "source_url": "https://github.com/82magnolia/n_imagenet",
    "citation": "J. Kim, J. Bae, G. Park, D. Zhang and Y. M. Kim, N-ImageNet: Towards Robust, "
    "Fine-Grained Object Recognition with Event Cameras, ICCV 2021.",
}
LAYOUT = Layout(size=SensorSize(640, 480))
CARE = Care(backwards="sort")
SPLITS = {"extracted_train": "train", "extracted_val": "val"}


def find_inputs(source: Path, fold: int) -> tuple[list[Input], list[str]]:
    """All recordings by class."""
    homes = [(source / name, split) for name, split in SPLITS.items() if (source / name).is_dir()]
    inputs = [
        Input(
            str(file),
            label=file.parent.name,
            split=split,
            id=f"{split}/{file.stem}" if split else file.stem,
        )
        for home, split in homes or [(source, "")]
        for file in sorted(home.rglob("n*/*.npz"))
    ]
    if not inputs:
        raise SourceError(
            f"expected recordings such as extracted_train/n01440764/n01440764_10026.npz in "
            f"{source}, found none. Give the folder that the archives were unpacked in."
        )
    return inputs, []


if __name__ == "__main__":
    sys.exit(run_recorded(__doc__, find_inputs, about=ABOUT, layout=LAYOUT, care=CARE))
