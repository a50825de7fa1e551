"""Convert image sets in idx files, such as MNIST and Fashion-MNIST.

    eventsim run idx_to_events FOLDER OUT.zarr --card i2e-mnist

FOLDER holds train-images-idx3-ubyte, t10k-images-idx3-ubyte and their labels, packed (.gz) or not.
"""

import sys
from pathlib import Path

from eventsim.cli.converter import run_converter
from eventsim.errors import SourceError
from eventsim.pipeline.image_plan import ImageInput


def find_inputs(source: Path, split: str) -> list[ImageInput]:
    """The idx files of a folder, one input a split."""
    splits = [split] if split else ["train", "test"]
    patterns = {"train": "train-images*idx3-ubyte*", "test": "t10k-images*idx3-ubyte*"}
    unknown = [name for name in splits if name not in patterns]
    if unknown:
        raise SourceError(f"idx files have the splits train and test, found {unknown[0]!r}.")
    missing = [patterns[name] for name in splits if not any(source.glob(patterns[name]))]
    if missing:
        raise SourceError(f"expected {' and '.join(missing)} in {source}. Check the folder.")
    return [ImageInput(str(source), split=name) for name in splits]


if __name__ == "__main__":
    sys.exit(run_converter(__doc__, find_inputs))
