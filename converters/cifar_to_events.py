"""Convert CIFAR-10 or CIFAR-100.

    eventsim run cifar_to_events cifar-10-python.tar.gz OUT.zarr --card i2e-cifar10

The archive or what is in it, of the python or the binary version.
"""

import sys
from pathlib import Path

from eventsim.cli.converter import run_converter
from eventsim.errors import SourceError
from eventsim.pipeline.image_plan import ImageInput
from eventsim.stills.cifar import is_cifar


def find_inputs(source: Path, split: str) -> list[ImageInput]:
    """The archive or folder, one input a split."""
    if not is_cifar(source):
        raise SourceError(
            f"expected a folder with the batches of CIFAR, or its .tar.gz, found {source}."
        )
    splits = [split] if split else ["train", "test"]
    return [ImageInput(str(source), split=name) for name in splits]


if __name__ == "__main__":
    sys.exit(run_converter(__doc__, find_inputs))
