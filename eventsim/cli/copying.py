"""Copies of datasets, from a plan to the last line: what `augment` and its kin have in common."""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from eventsim.cli.card import has_card, renew_card
from eventsim.cli.convert_images import show_made
from eventsim.cli.options import RunFlags
from eventsim.cli.printing import make_console
from eventsim.cli.report import Meter, line

if TYPE_CHECKING:
    from eventsim.pipeline.plans import Plan


def write_copy(
    planned: "Plan",
    out: Path,
    how: RunFlags,
    words: Iterable[tuple[str, str]],
    *,
    unit: str = "recording",
) -> int:
    """Write what was planned, show how far it is, and say what was made.

    Parameters
    ----------
    planned : Plan
    out : Path
        Dataset to write.
    how : RunFlags
    words : iterable of (str, str)
        Lines about the copy, and the words that they begin with.
    unit : str
        What the plan counts.

    Returns
    -------
    int
        0; 1 if a recording failed.
    """
    from eventsim.pipeline.outputs import check_output, is_complete
    from eventsim.pipeline.run import run

    console = make_console(quiet=how.quiet)
    if not how.overwrite and is_complete(planned, out) and not has_card(out):
        renew_card(console, out, {})  # a run that was killed at its very end
        return 0
    check_output(planned, out, overwrite=how.overwrite)
    for word, text in words:
        line(console, word, text)
    started = time.monotonic()
    with Meter(console, unit) as meter:
        summary = run(planned, out, overwrite=how.overwrite, progress=meter.update, **how.options())
    seconds = time.monotonic() - started
    show_made(console, summary, out, 0, seconds)
    if seconds > 0 and meter.events:
        line(console, "speed", f"{meter.events / seconds / 1e6:,.1f} million events/s")
    renew_card(console, out, {})
    return 1 if summary.failures else 0
