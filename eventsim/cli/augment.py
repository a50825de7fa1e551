"""`eventsim augment`: a copy of a dataset with its events transformed."""

import time
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from eventsim.cli.card import has_card, renew_card
from eventsim.cli.convert_images import check_dataset_path, show_made
from eventsim.cli.options import RunFlags
from eventsim.cli.printing import make_console
from eventsim.cli.report import Meter, counted, line
from eventsim.errors import ConfigError


def augment(
    dataset: Path,
    out: Path,
    *,
    transform: Annotated[list[str] | None, Parameter(negative="")] = None,
    copies: int = 1,
    split: str | None = None,
    seed: int = 1,
    flags: RunFlags | None = None,
) -> int:
    """Write a copy of a dataset whose events are transformed.

    A training loop does better with `eventsim.training.EventWindows`, which transforms again in
    every epoch. This is for programs that read files, and for test sets that must stay the same.

    Parameters
    ----------
    dataset
        Dataset to copy; recordings, not planes.
    out
        Dataset to write.
    transform
        Transform in Python syntax, such as Flip or "Rotate(angle_deg=(-10, 10))". Several are
        applied one after the other.
    copies
        Number of copies of each recording, each with other random numbers.
    split
        Copy only the recordings of this split.
    seed
        Seed of the transforms.

    Returns
    -------
    int
        0; 1 if a recording failed (the others are in the copy).
    """
    from eventsim.pipeline.augment_plan import plan_augment
    from eventsim.pipeline.outputs import check_output, is_complete
    from eventsim.pipeline.run import run
    from eventsim.store.places import as_path
    from eventsim.transforms.parsing import parse_transforms

    how = flags or RunFlags()
    if not transform:
        raise ConfigError("augment needs --transform, such as --transform Flip.")
    check_dataset_path(out)
    out = as_path(out)
    whole = parse_transforms(transform)
    planned = plan_augment(dataset, whole, copies=copies, split=split, seed=seed)
    console = make_console(quiet=how.quiet)
    if not how.overwrite and is_complete(planned, out) and not has_card(out):
        renew_card(console, out, {})  # a run that was killed at its very end
        return 0
    check_output(planned, out, overwrite=how.overwrite)
    line(console, "reads", f"{dataset}, {counted(planned.total(set()) // copies, 'recording')}")
    line(console, "makes", f"{copies} of each by {whole!r}")
    line(console, "seed", f"{seed}")
    if planned.warning:
        line(console, "WARNING", planned.warning)
    started = time.monotonic()
    with Meter(console, "recording") as meter:
        summary = run(planned, out, overwrite=how.overwrite, progress=meter.update, **how.options())
    seconds = time.monotonic() - started
    show_made(console, summary, out, 0, seconds)
    if seconds > 0 and meter.events:
        line(console, "speed", f"{meter.events / seconds / 1e6:,.1f} million events/s")
    renew_card(console, out, {})
    return 1 if summary.failures else 0
