"""Bring DSEC (Gehrig and others 2021), as it was recorded, into one dataset.

    eventsim run dsec DSEC OUT.zarr --workers 8

SOURCE holds train/ and test/, or sequences, as the archives unpack to:

    train/interlaken_00_c/events/left/events.h5
    train/interlaken_00_c/events/right/events.h5

Each camera of a sequence becomes a recording, on its own clock. The drive (interlaken_00) is the
group. Needs the extra io: the files are compressed with Blosc.
"""

import sys
from pathlib import Path

from eventsim.cli.converter import run_recorded
from eventsim.errors import SourceError
from eventsim.events import SensorSize
from eventsim.formats.file import Layout
from eventsim.pipeline.inputs import Input

ABOUT = {
    "title": "DSEC, recorded",
    "license": "CC BY-SA 4.0",
    "source_url": "https://dsec.ifi.uzh.ch/",
    "citation": "M. Gehrig, W. Aarents, D. Gehrig and D. Scaramuzza, DSEC: A Stereo Event Camera "
    "Dataset for Driving Scenarios, IEEE RA-L 6(3), 2021.",
}
LAYOUT = Layout(size=SensorSize(640, 480))


def find_inputs(source: Path, fold: int) -> tuple[list[Input], list[str]]:
    """The cameras of all sequences."""
    homes = [(source / split, split) for split in ("train", "test") if (source / split).is_dir()]
    inputs = []
    for home, split in homes or [(source, "")]:
        for file in sorted(home.glob("*/events/*/events.h5")):
            sequence, side = file.parents[2].name, file.parent.name
            drive = "_".join(sequence.split("_")[:-1]) or sequence
            inputs.append(
                Input(str(file), label=side, split=split, group=drive, id=f"{sequence}/{side}")
            )
    if not inputs:
        raise SourceError(
            f"expected events such as train/interlaken_00_c/events/left/events.h5 in {source}, "
            "found none. Give the folder that the archives were unpacked in."
        )
    return inputs, []


if __name__ == "__main__":
    sys.exit(run_recorded(__doc__, find_inputs, about=ABOUT, layout=LAYOUT))
