"""`eventsim denoise`: a copy of a dataset without its noise."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from eventsim.cli.convert_images import check_dataset_path
from eventsim.cli.copying import write_copy
from eventsim.cli.options import RunFlags
from eventsim.cli.report import counted


def denoise(
    dataset: Path,
    out: Path,
    *,
    method: Annotated[list[str] | None, Parameter(negative="")] = None,
    split: str | None = None,
    flags: RunFlags | None = None,
) -> int:
    """Write a copy of a dataset whose noise is filtered out.

    Each recording is filtered from its beginning, in packets: memory is bounded, and each event is
    judged by those before it. The notes of a recording say how many events were dropped.

    Parameters
    ----------
    dataset
        Dataset to copy; recordings, not planes.
    out
        Dataset to write.
    method
        Filter in Python syntax, such as STCF (the default) or "STCF(neighbors=3, window_us=5000)".
        Several are applied one after the other, such as HotPixelFilter first.
    split
        Copy only the recordings of this split.

    Returns
    -------
    int
        0; 1 if a recording failed (the others are in the copy).
    """
    from eventsim.pipeline.denoise_plan import plan_denoise
    from eventsim.store.places import as_path
    from eventsim.transforms.parsing import parse_filter

    how = flags or RunFlags()
    check_dataset_path(out)
    out = as_path(out)
    filters = [parse_filter(text) for text in method or ["STCF"]]
    planned = plan_denoise(dataset, filters, split=split)
    words = [
        ("reads", f"{dataset}, {counted(planned.recordings, 'recording')}"),
        ("keeps", f"what passes {', then '.join(map(repr, filters))}"),
    ]
    return write_copy(planned, out, how, words, unit="event")
