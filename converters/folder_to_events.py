"""Convert image sets with a folder per class, such as ImageNet.

    eventsim run folder_to_events FOLDER OUT.zarr --card i2e-imagenet

FOLDER holds train/CLASS/*.JPEG and val/CLASS/*.JPEG (or test/), or CLASS/*.png without splits.
"""

import sys
from pathlib import Path

from eventsim.cli.converter import run_converter
from eventsim.errors import SourceError
from eventsim.pipeline.image_plan import ImageInput


def find_inputs(source: Path, split: str) -> list[ImageInput]:
    """The folders train, val and test that are there, one input each; or the folder itself."""
    if not source.is_dir():
        raise SourceError(f"expected a folder of folders of images, found {source}.")
    there = [name for name in ("train", "val", "test") if (source / name).is_dir()]
    if split and split not in there:
        raise SourceError(f"there is no folder {split} in {source}, only {', '.join(there)}.")
    if not there:
        return [ImageInput(str(source))]
    return [ImageInput(str(source), split=name) for name in ([split] if split else there)]


if __name__ == "__main__":
    sys.exit(run_converter(__doc__, find_inputs))
