"""`eventsim boxes FRAMES OUT.csv`: boxes of labeled objects, at every moment that pixels see."""

from pathlib import Path
from typing import Any

from eventsim.cli.options import CameraFlags, FrameFlags
from eventsim.cli.printing import make_console
from eventsim.cli.report import line
from eventsim.errors import ConfigError


def boxes(
    path: Path,
    output: Path,
    *,
    camera: CameraFlags | None = None,
    frames: FrameFlags | None = None,
) -> int:
    """Write the boxes of labeled objects as a table that `eventsim export --boxes` takes.

    A row for each object and frame, and with --upsample for the frames in between, on the time line
    and at the size of the events that `convert` makes with the same options.

    Parameters
    ----------
    path
        Folder of images, whose objects --labels says.
    output
        Table to write, .csv.

    Returns
    -------
    int
        0
    """
    if output.suffix.lower() != ".csv":
        raise ConfigError(f"the output must be a table (.csv), found {output}.")
    flags, given = camera or CameraFlags(), frames or FrameFlags()
    reading = given.reading()
    if reading.labels is None:
        raise ConfigError("boxes are those of labeled objects. Say which with --labels.")
    from eventsim.pipeline.corpus import with_ids
    from eventsim.pipeline.inputs import Input
    from eventsim.sources.masks import Masks, boxes_of_ids
    from eventsim.transforms.boxes import Box, write_boxes

    chosen = flags.camera()
    (named,) = with_ids([Input(str(path))])
    names = Masks(Path(reading.labels)).names
    source: Any = named.open(reading, chosen)
    rows: list[Box] = []
    tracks = set()
    for frame in source:
        for number, (x0, y0, x1, y1) in boxes_of_ids(frame.ids).items():
            label = names.get(number, "")
            rows.append(Box(frame.t_us, x0, y0, x1, y1, named.id, label, number))
            tracks.add(number)
    write_boxes(output, rows)
    console = make_console()
    for note in source.notes:
        line(console, "note", note)
    line(console, "wrote", f"{output}: {len(rows):,} boxes of {len(tracks):,} objects")
    return 0
