"""`eventsim privacy-report`: what attackers get of anonymized events, as a page."""

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from eventsim.cli.printing import make_console
from eventsim.cli.report import LINE_EVERY_S, line
from eventsim.errors import ConfigError

if TYPE_CHECKING:
    from eventsim.privacy.clips import Clip
    from eventsim.privacy.measure import Way

_MOST_FACES = 101


def privacy_report(  # noqa: PLR0913 - its options
    report: Path,
    *,
    dataset: Path | None = None,
    method: Annotated[list[str] | None, Parameter(negative="")] = None,
    people: int = 12,
    sessions: int = 24,
    seeds: int = 3,
    keep: Path | None = None,
    quiet: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Measure what attackers get of anonymized events, and what it costs; needs the extra privacy.

    Without a dataset: faces that make gestures before a simulated camera.

    Parameters
    ----------
    report
        HTML page to write; it needs no network.
    dataset
        Your own recordings: `group` identifies the person, the label is the task, and the split
        test is used for testing.
    method
        Method of `eventsim anonymize`; combine several with " + ". Default: all of them, which
        takes about three minutes per seed on two cores.
    people
        Number of faces.
    sessions
        Clips per face; attackers learn from three quarters of them.
    seeds
        Number of repetitions with other random numbers.
    keep
        Folder for what is measured, so that the same command resumes after an interruption.
    quiet
        Print nothing.

    Returns
    -------
    int
        0
    """
    try:
        from eventsim.privacy.comparing import compare
        from eventsim.privacy.report import write_page
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"privacy-report needs {error.name}: pip install 'eventsim-dvs[privacy]'."
        ) from None
    _check(report, people, sessions, seeds)
    ways = _ways(method)
    record, about = _recorder(dataset, people, sessions)
    console = make_console(quiet=quiet)
    line(console, "shows", about)
    line(console, "ways", f"{len(ways)}, {seeds} times")
    started = spoken = time.monotonic()

    def tell(done: int, total: int, words: str) -> None:
        nonlocal spoken
        now = time.monotonic()
        if now - spoken >= LINE_EVERY_S or done == total:
            spoken = now
            left = (now - started) / done * (total - done)
            line(console, "at", f"{done} of {total}, {left / 60:.1f} min left, {words}")

    findings = compare(
        record, ways, range(1, seeds + 1), about, with_orders=not method, keep=keep, tell=tell
    )
    report.write_text(write_page(findings), encoding="utf-8")
    line(console, "wrote", str(report))
    return 0


def _check(report: Path, people: int, sessions: int, seeds: int) -> None:
    if report.suffix.lower() not in (".html", ".htm"):
        raise ConfigError(f"the report must end with .html, found {report}.")
    if not report.absolute().parent.is_dir():
        raise ConfigError(f"there is no folder {report.parent} for the report.")
    if report.is_dir() or not os.access(report if report.exists() else report.parent, os.W_OK):
        raise ConfigError(f"{report} cannot be written. Choose another place.")
    if not 2 <= people <= _MOST_FACES:
        raise ConfigError(f"people must be 2 to {_MOST_FACES}, found {people}.")
    for name, value, least in (("sessions", sessions, 8), ("seeds", seeds, 1)):
        if value < least:
            raise ConfigError(f"{name} must be {least} or more, found {value}.")


def _ways(texts: list[str] | None) -> "Sequence[Way]":
    from eventsim.privacy.measure import Way
    from eventsim.privacy.ways import NOTHING, RAW, all_ways
    from eventsim.transforms.parsing import parse_method

    if not texts:
        return all_ways()
    chosen = []
    for text in texts:
        methods = tuple(parse_method(part) for part in text.split(" + "))
        chosen.append(Way(" + ".join(type(method).__name__ for method in methods), methods))
    return [RAW, *chosen, NOTHING]


def _recorder(
    dataset: Path | None, people: int, sessions: int
) -> "tuple[Callable[[int], Sequence[Clip]], str]":
    if dataset is not None:
        from eventsim.privacy.recordings import clips_of

        clips = clips_of(dataset)
        return (lambda seed: clips), f"Recordings of {dataset.name}."
    from eventsim.privacy.faces import GESTURES, package_faces, record

    faces = package_faces(people)
    about = (
        f"Faces that scikit-image ships (Eileen Collins, NASA, public domain; crops of Labeled "
        f"Faces in the Wild, Huang et al. 2007) make {len(GESTURES)} gestures before a simulated "
        "camera of 64 x 64 pixels, with and without glasses, in light, at speeds and at places of "
        "their own; the task is to tell the gesture."
    )
    tested = sessions // 4
    return (
        lambda seed: record(faces, sessions=sessions - tested, test_sessions=tested, seed=seed)
    ), about
