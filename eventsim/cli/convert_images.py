"""Still images to one dataset: what `convert --method` and the converters run."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from eventsim.cli.card import has_card, renew_card
from eventsim.cli.options import SPLITS
from eventsim.cli.printing import make_console, printable
from eventsim.cli.report import (
    Meter,
    counted,
    expected_events,
    from_here,
    line,
    show_notes,
    warn_of_noise,
)
from eventsim.cli.running import show_kept, warm_up_pixel
from eventsim.errors import ConfigError

if TYPE_CHECKING:
    from eventsim.cli.image_options import ImageFlags
    from eventsim.cli.options import CameraFlags, CorpusFlags, FrameFlags, RunFlags
    from eventsim.pipeline.estimate import Estimate
    from eventsim.pipeline.image_plan import ImageInput, ImagePlan
    from eventsim.store.summary import Summary


def convert_images(
    inputs: Sequence[Path],
    out: Path,
    label: str,
    flags: tuple["ImageFlags", "CorpusFlags", "CameraFlags", "FrameFlags", "RunFlags"],
    about: Mapping[str, str],
) -> int:
    """Convert images as the flags say.

    Parameters
    ----------
    inputs, out, label
        As in `eventsim.cli.convert.convert`.
    flags : (ImageFlags, CorpusFlags, CameraFlags, FrameFlags, RunFlags)
    about : mapping
        What only people know of it, for its card.

    Returns
    -------
    int
        0; 1 if an image failed (the others are in the dataset).

    Raises
    ------
    ConfigError
        For an option that does not belong to the method, or is wrong.
    """
    from eventsim.cli.image_options import image_size
    from eventsim.pipeline.estimate import estimate_images
    from eventsim.pipeline.image_plan import ImageInput, plan_images
    from eventsim.pipeline.outputs import check_output, is_complete
    from eventsim.pipeline.run import run
    from eventsim.store.places import as_path

    out = as_path(out)
    images, corpus, camera, frames, how = flags
    if corpus.append:
        raise ConfigError("--append is for datasets of videos. Convert all images again.")
    if corpus.split not in (None, *SPLITS):
        raise ConfigError(
            f"--split of still images must be {', '.join(SPLITS)}, found {corpus.split!r}."
        )
    method = images.make_method(camera)
    size, fit = image_size(frames, images.method)
    if images.method == "saccade" and frames.fit is not None:
        raise ConfigError("--fit has no meaning for --method saccade: see --move scale. Drop it.")
    planned = plan_images(
        [ImageInput(str(path), split=corpus.split or "", label=label) for path in inputs],
        method,
        size=size,
        fit=fit,
        seed=camera.seed,
        limit=images.limit,
    )
    console = make_console(quiet=how.quiet)
    if not how.overwrite and is_complete(planned, out) and not has_card(out):
        renew_card(console, out, about)  # a run that was killed at its very end
        return 0
    check_output(planned, out, overwrite=how.overwrite)
    estimate = None
    if images.method == "saccade":
        warm_up_pixel(console)
        estimate = None if console.quiet else estimate_images(planned, how.threads)
    show_images(console, planned, estimate)
    show_kept(console, planned, out, overwrite=how.overwrite)
    started = time.monotonic()
    with Meter(console, "image") as meter:
        summary = run(planned, out, overwrite=how.overwrite, progress=meter.update, **how.options())
    show_made(console, summary, out, meter.frames, time.monotonic() - started)
    renew_card(console, out, about)
    return 1 if summary.failures else 0


def build_from_card(
    name: str,
    inputs: Sequence["ImageInput"],
    out: Path,
    *,
    workers: int = 1,
    limit: int | None = None,
    overwrite: bool = False,
) -> int:
    """Build a dataset from its card, say how it goes, and whether it is what the card says.

    Parameters
    ----------
    name : str
        Of a bundled card, or the path of one of your own.
    inputs : sequence of ImageInput
    out, workers, limit, overwrite
        As in `eventsim.pipeline.building.build`.

    Returns
    -------
    int
        0; 1 if an image failed or something is not as the card says.
    """
    from eventsim.pipeline.building import build
    from eventsim.pipeline.cards import load_dataset_card

    card = load_dataset_card(name)
    check_dataset_path(out)
    console = make_console()
    line(console, "card", f"{card.title}; license of the images: {card.license.name}")
    started = time.monotonic()
    with Meter(console, "image") as meter:
        summary, findings = build(
            card, inputs, out, workers=workers, limit=limit, overwrite=overwrite,
            progress=meter.update,
        )  # fmt: skip
    show_made(console, summary, out, meter.frames, time.monotonic() - started)
    about = {"title": card.title, "license": card.license.name, "source_url": card.license.url,
             "citation": card.citation,
             "not_label_safe": ", ".join(card.not_label_safe)}  # fmt: skip
    renew_card(console, out, about)
    for finding in findings:
        line(console, "check" if finding.good else "WRONG", finding.words)
    return 1 if summary.failures or not all(finding.good for finding in findings) else 0


def check_dataset_path(out: Path) -> None:
    """Refuse an output that does not look like a dataset.

    Raises
    ------
    ConfigError
        If it does not end with .zarr.
    """
    if out.suffix != ".zarr":
        raise ConfigError(f"the dataset to write must end with .zarr, found {out}.")


def show_images(console: Console, plan: "ImagePlan", estimate: "Estimate | None" = None) -> None:
    """Say what will be done."""
    from eventsim.pipeline.image_plan import SaccadeMethod

    images = sum(found.count for found in plan.sets)
    classes = {name for found in plan.sets for name in found.classes}
    words = f"classes: {len(classes)}" if classes else "without labels"
    sets = counted(len(plan.sets), "input")
    line(console, "reads", f"{sets}, {counted(images, 'image')}, {words}")
    size = "each image's own size" if plan.size is None else str(plan.size)
    if isinstance(plan.method, SaccadeMethod):
        camera, motion = plan.method.camera, plan.method.motion
        moved = f"{motion.path}{f', variant {motion.variant}' if motion.variant else ''}"
        line(console, "camera", f"{camera.name}, noise {camera.noise}, {size}")
        line(console, "motion", f"{moved}")
        if estimate is not None:
            line(console, "expect", expected_events(estimate))
    else:
        chosen = plan.method.settings
        wanted = f"ratio {chosen.ratio:g}" if chosen.rate is None else f"rate {chosen.rate:g}"
        line(console, "i2e", f"{wanted}, directions {chosen.directions}, {size} (fit: {plan.fit})")
    line(console, "seed", f"{plan.seed}")
    for found in plan.sets:
        for note in found.notes:
            line(console, "note", f"{found.input.path}: {note}")


def show_made(console: Console, summary: "Summary", out: Path, images: int, seconds: float) -> None:
    """Say what came out, and everything that was skipped or failed."""
    from eventsim.store.summary import PlanesSummary

    events = summary.events
    share = f", {summary.on / events:.0%} ON" if events else ""
    if isinstance(summary, PlanesSummary):
        n = summary.samples
        line(console, "wrote", f"{out}: {counted(n, 'sample')} of eight planes")
        line(console, "events", f"{events:,}{share}, event density {summary.density:.3%}")
    else:
        n = summary.recordings
        each = events / n if n else 0.0
        line(console, "wrote", f"{out}: {counted(n, 'recording')}")
        line(console, "events", f"{events:,}{share}, {each:,.0f} per recording")
        if events:
            kinds = ", ".join(f"{k} {v / events:.1%}" for k, v in summary.kinds.items() if v)
            line(console, "kinds", kinds)
            warn_of_noise(console, summary.kinds)
    if n:
        size = f"{summary.bytes / 1e6:,.1f} MB, {summary.bytes / n:,.0f} bytes per sample"
        line(console, "disk", size)
    if seconds > 0 and images:
        line(console, "speed", f"{images / seconds:,.0f} images/s in {seconds:,.1f} s")
    show_notes(console, summary, out)
    errors = make_console(stderr=True)
    for source, reason in summary.failures:
        errors.print(f"eventsim: failed: {printable(from_here(source, out))}: {printable(reason)}")
