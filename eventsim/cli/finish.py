"""`eventsim finish`: close a dataset, also one that lacks parts."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from eventsim.cli.card import renew_card
from eventsim.cli.printing import make_console
from eventsim.cli.report import counted, line


def finish(path: Path, *, allow_partial: Annotated[bool, Parameter(negative="")] = False) -> int:
    """Make an interrupted dataset readable, if all of its parts are there.

    Parameters
    ----------
    path
        The dataset.
    allow_partial
        Finish it although parts are missing; the command that began it can still resume it.

    Returns
    -------
    int
        0
    """
    from eventsim.pipeline.run import close
    from eventsim.store.places import as_path
    from eventsim.store.summary import PlanesSummary

    path = as_path(path)
    summary = close(path, allow_missing=allow_partial)
    if isinstance(summary, PlanesSummary):
        what = counted(summary.samples, "sample")
    else:
        what = counted(summary.recordings, "recording")
    console = make_console()
    line(console, "wrote", f"{path}: {what}, {summary.events:,} events")
    renew_card(console, path, {})
    return 0
