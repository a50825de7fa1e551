"""`eventsim denoise`: a copy of a dataset without its noise."""

import time
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from eventsim.cli.card import has_card, renew_card
from eventsim.cli.convert_images import check_dataset_path, show_made
from eventsim.cli.options import RunFlags
from eventsim.cli.printing import make_console
from eventsim.cli.report import Meter, counted, line


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
    from eventsim.pipeline.outputs import check_output, is_complete
    from eventsim.pipeline.run import run
    from eventsim.store.places import as_path
    from eventsim.transforms.parsing import parse_filter

    how = flags or RunFlags()
    check_dataset_path(out)
    out = as_path(out)
    filters = [parse_filter(text) for text in method or ["STCF"]]
    planned = plan_denoise(dataset, filters, split=split)
    console = make_console(quiet=how.quiet)
    if not how.overwrite and is_complete(planned, out) and not has_card(out):
        renew_card(console, out, {})  # a run that was killed at its very end
        return 0
    check_output(planned, out, overwrite=how.overwrite)
    line(console, "reads", f"{dataset}, {counted(planned.recordings, 'recording')}")
    line(console, "keeps", f"what passes {', then '.join(map(repr, filters))}")
    started = time.monotonic()
    with Meter(console, "event") as meter:
        summary = run(planned, out, overwrite=how.overwrite, progress=meter.update, **how.options())
    seconds = time.monotonic() - started
    show_made(console, summary, out, 0, seconds)
    if seconds > 0 and meter.events:
        line(console, "speed", f"{meter.events / seconds / 1e6:,.1f} million events kept/s")
    renew_card(console, out, {})
    return 1 if summary.failures else 0
