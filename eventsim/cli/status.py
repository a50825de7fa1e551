"""`eventsim status`: how far a conversion is, from any terminal."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from eventsim.cli.printing import make_console
from eventsim.cli.report import from_here, line, short_count

if TYPE_CHECKING:
    from eventsim.pipeline.status import Status

FAILURES_SHOWN = 20


def status(
    path: Path, *, as_json: Annotated[bool, Parameter("--json", negative="")] = False
) -> int:
    """Say how far a dataset is: done, running, failed, rate, time left, disk.

    Parameters
    ----------
    path
        Dataset, finished or not.
    as_json
        Print everything as JSON, with all failures.

    Returns
    -------
    int
        0
    """
    from eventsim.pipeline.status import read_status

    found = read_status(path)
    console = make_console()
    if as_json:
        console.print(json.dumps(asdict(found)), markup=False, emoji=False, soft_wrap=True)
        return 0
    line(console, "state", _state(found))
    line(console, "parts", f"{found.parts_done:,} of {found.parts:,} are written")
    failed = len(found.failures)
    of = f" of {found.inputs:,}" if found.inputs else ""
    line(console, "inputs", f"{found.inputs_done - failed:,}{of} converted, {failed:,} failed")
    for name in found.running:
        line(console, "now", name)
    speed = "" if found.events_per_s is None else f", {short_count(int(found.events_per_s))}/s"
    line(console, "events", f"{found.events:,}{speed}")
    if found.left_s is not None:
        line(console, "left", f"about {_time(found.left_s)}")
    free = found.free_bytes
    left = "" if free is None else f", {free / 1e9:,.1f} GB are free"
    line(console, "disk", f"{found.bytes / 1e6:,.1f} MB{left}")
    for source, reason in found.failures[:FAILURES_SHOWN]:
        line(console, "failed", f"{from_here(source, path)}: {reason}")
    if failed > FAILURES_SHOWN:
        line(console, "failed", f"... and {failed - FAILURES_SHOWN:,} more; --json lists all")
    return 0


def _state(found: "Status") -> str:
    words = found.state
    if found.state == "running":
        words += f" for {_time(found.running_s)} ({found.where})"
    if found.state == "stopped":
        words += ": run the same command again to resume"
    return words + (", to replace the dataset that is there" if found.replaces else "")


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"
