"""Convert CIFAR-10 or CIFAR-100.

    eventsim run cifar_to_events cifar-10-python.tar.gz OUT.zarr --card i2e-cifar10

The archive or what is in it, of the python or the binary version.
"""

import sys
from pathlib import Path

from cyclopts import App, CycloptsError

from eventsim.cli.convert_images import build_from_card
from eventsim.errors import EventSimError, SourceError
from eventsim.pipeline.image_plan import ImageInput
from eventsim.sources.cifar_images import is_cifar

app = App(help=(__doc__ or "").split("\n")[0], result_action="return_value")


def find_inputs(source: Path, split: str) -> list[ImageInput]:
    """The archive or folder, one input a split."""
    if not is_cifar(source):
        raise SourceError(
            f"expected a folder with the batches of CIFAR, or its .tar.gz, found {source}."
        )
    splits = [split] if split else ["train", "test"]
    return [ImageInput(str(source), split=name) for name in splits]


@app.default
def main(
    source: Path,
    out: Path,
    *,
    card: str,
    split: str = "",
    workers: int = 1,
    limit: int | None = None,
    overwrite: bool = False,
) -> int:
    """Build the dataset, and check that it is what the card says.

    Parameters
    ----------
    source
        Archive or folder.
    out
        The dataset to write, a .zarr.
    card
        What to make: the name of a card that comes along, or the path of one of your own
        (`eventsim cp NAME .` gives you one to edit).
    split
        Only train, or only test.
    workers
        Processes that share the work.
    limit
        Only the first so many images of each split, to try.
    overwrite
        Replace a dataset that is there.
    """
    inputs = find_inputs(source, split)
    return build_from_card(card, inputs, out, workers=workers, limit=limit, overwrite=overwrite)


if __name__ == "__main__":
    try:
        sys.exit(app(exit_on_error=False, print_error=False))
    except (EventSimError, CycloptsError) as error:
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("stopped; run the same command again to go on", file=sys.stderr)
        sys.exit(130)
