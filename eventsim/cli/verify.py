"""`eventsim verify`: check a dataset on disk."""

from pathlib import Path

from eventsim.cli.printing import make_console, printable
from eventsim.cli.report import counted


def verify(path: Path) -> int:
    """Check a dataset on disk, byte by byte and event by event.

    Parameters
    ----------
    path
        The .zarr folder.

    Returns
    -------
    int
        0 if it keeps its promises, 1 if not.
    """
    from eventsim.store.places import as_path
    from eventsim.store.verify import verify as verify_dataset

    path = as_path(path)
    report = verify_dataset(path)
    console = make_console()
    counts = ", ".join(
        counted(number, word)
        for number, word in (
            (report.recordings, "recording"),
            (report.events, "event"),
            (report.parts, "part"),
        )
    )
    failed = f", {counted(report.failures, 'input')} not converted" if report.failures else ""
    for problem in report.problems:
        console.print(f"problem: {printable(problem)}")
    verdict = counted(len(report.problems), "problem") if report.problems else "all good"
    console.print(f"{printable(path)}: {counts}{failed}: {verdict}")
    return 1 if report.problems else 0
