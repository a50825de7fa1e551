"""Running a plan of videos, to the eyes of who started it: what `convert` and `retry` share."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, cast

from rich.console import Console

from eventsim.cli.card import has_card, renew_card
from eventsim.cli.options import CameraFlags, FrameFlags, RunFlags
from eventsim.cli.printing import make_console
from eventsim.cli.report import Meter, counted, line, show_plan, show_summary
from eventsim.errors import StoreError

if TYPE_CHECKING:
    from eventsim.pipeline.inputs import Input
    from eventsim.pipeline.plans import Plan
    from eventsim.pipeline.video_plan import VideoPlan
    from eventsim.store.summary import EventsSummary


def run_videos(
    console: Console,
    planned: "VideoPlan",
    out: Path,
    flags: RunFlags,
    *,
    onto: bool = False,
    about: Mapping[str, str] | None = None,
) -> int:
    """Run a plan: say what will be done, how far it is, and what came out.

    Parameters
    ----------
    console : Console
    planned : VideoPlan
    out : Path
    flags : RunFlags
    onto : bool
        Whether it is added to a dataset that is there.
    about : mapping, optional
        What only people know of it, for its card.

    Returns
    -------
    int
        0; 1 if an input failed.
    """
    from eventsim.pipeline.estimate import estimate_videos
    from eventsim.pipeline.outputs import check_output, is_complete
    from eventsim.pipeline.run import extend, run
    from eventsim.store.places import as_path

    out = as_path(out)
    if not onto and not flags.overwrite and is_complete(planned, out) and not has_card(out):
        renew_card(console, out, about or {})  # a run that was killed at its very end
        return 0
    if not onto:
        check_output(planned, out, overwrite=flags.overwrite)
    if not console.quiet or (flags.workers == 1 and flags.scheduler is None):
        warm_up_pixel(console)
    estimate = None if console.quiet else estimate_videos(planned, flags.threads)
    show_plan(console, planned, flags.workers, estimate)
    if not onto:
        show_kept(console, planned, out, overwrite=flags.overwrite)
    started = time.monotonic()
    options = {**flags.options(), "tell": lambda words: line(console, *words.split(" ", 1))}
    with Meter(console) as meter:
        if onto:
            summary = extend(planned, out, progress=meter.update, **options)
        else:
            summary = run(planned, out, overwrite=flags.overwrite, progress=meter.update, **options)
    errors = make_console(stderr=True)
    summary = cast("EventsSummary", summary)  # a plan of videos makes no other
    seconds = time.monotonic() - started
    show_summary(console, errors, summary, out, meter.frames, seconds, meter.events)
    renew_card(console, out, about or {})
    return 1 if summary.failures else 0


def show_kept(console: Console, planned: "Plan", out: Path, *, overwrite: bool) -> None:
    """Say how much of an interrupted run is there already."""
    from eventsim.pipeline.outputs import parts_there

    there = parts_there(planned, out, overwrite=overwrite)
    if there is not None:
        line(console, "resumes", f"{there:,} of {counted(planned.part_count, 'part')} done")


def append(
    console: Console,
    inputs: "list[Input]",
    out: Path,
    flags: tuple[CameraFlags, FrameFlags, RunFlags],
    about: Mapping[str, str],
) -> int:
    """Add to a dataset the inputs that it does not hold."""
    from eventsim.pipeline.extending import plan_append

    camera, frames, run = flags
    planned = plan_append(inputs, out, camera.camera(), reading=frames.reading(), seed=camera.seed)
    if planned is None:
        line(console, "added", f"nothing: {out} holds all of {counted(len(inputs), 'input')}")
        if about or not has_card(out):
            renew_card(console, out, about)
        return 0
    known = len(inputs) - len(planned.recordings)
    if known:
        line(console, "note", f"{counted(known, 'input')} left out, which {out} holds already")
    return run_videos(console, planned, out, run, onto=True, about=about)


def go_on_adding(console: Console, out: Path, flags: RunFlags) -> None:
    """Bring an addition to its end that was interrupted, if there is one."""
    from eventsim.pipeline.extending import plan_pending

    planned = plan_pending(out)
    if planned is not None:
        line(console, "note", f"first to its end: what was being added to {out}")
        run_videos(console, planned, out, flags, onto=True)


def warm_up_pixel(console: Console) -> None:
    """Compile the pixel, or load it, before the clock starts."""
    from eventsim.pixel.array import warm_up
    from eventsim.store.dataset import is_disk_full

    words = "compiling the pixel for this machine (once, about 15 s)"
    try:
        if console.is_terminal:
            with console.status(words):
                warm_up()
        else:
            warm_up()
    except OSError as error:
        if not is_disk_full(error):
            raise
        raise StoreError(
            f"the compiled pixel cannot be kept: {error}. Free some space in NUMBA_CACHE_DIR or "
            "where eventsim is installed."
        ) from error
