"""Convert image sets with a folder a class, such as ImageNet.

    eventsim run folder_to_events FOLDER OUT.zarr --card i2e-imagenet

FOLDER holds train/CLASS/*.JPEG and val/CLASS/*.JPEG (or test/), or CLASS/*.png without splits.
"""

import sys
from pathlib import Path

from cyclopts import App, CycloptsError

from eventsim.cli.convert_images import build_from_card
from eventsim.errors import EventSimError, SourceError
from eventsim.pipeline.image_plan import ImageInput

app = App(help=(__doc__ or "").split("\n")[0], result_action="return_value")


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
        Folder with the folders of the splits, or of the classes.
    out
        The dataset to write, a .zarr.
    card
        What to make: the name of a card that comes along, or the path of one of your own
        (`eventsim cp NAME .` gives you one to edit).
    split
        Only train, val or test.
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
