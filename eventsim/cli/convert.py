"""`eventsim convert`: videos, frames in folders, or still images to one dataset."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter
from rich.console import Console

from eventsim.cli.convert_images import convert_images
from eventsim.cli.image_options import ImageFlags
from eventsim.cli.options import (
    INPUT,
    SPLITS,
    AboutFlags,
    CameraFlags,
    CorpusFlags,
    FrameFlags,
    RunFlags,
    parse_shares,
)
from eventsim.cli.printing import make_console
from eventsim.cli.report import NOTES_SHOWN, line
from eventsim.cli.running import append, go_on_adding, run_videos
from eventsim.errors import ConfigError, SourceError

if TYPE_CHECKING:
    from eventsim.pipeline.inputs import Input


def convert(
    *paths: Path,
    label: Annotated[str, Parameter(group=INPUT)] = "",
    corpus: CorpusFlags | None = None,
    camera: CameraFlags | None = None,
    frames: FrameFlags | None = None,
    images: ImageFlags | None = None,
    run: RunFlags | None = None,
    about: AboutFlags | None = None,
) -> int:
    """Generate events from videos or from still images.

    If it is interrupted, run the same command again to resume.

    Parameters
    ----------
    paths
        INPUT... OUT.zarr: videos, folders of frames or multi-page images, folders of such (a
        folder per class; above them train, val and test), or with --method sets of still images
        (idx files, CIFAR, .npz, a folder per class); and last the dataset to write.
    label
        Label of all these recordings.

    Returns
    -------
    int
        0; 1 if an input failed (the others are in the dataset).
    """
    camera, frames, run = camera or CameraFlags(), frames or FrameFlags(), run or RunFlags()
    images = images or ImageFlags()
    corpus, said = corpus or CorpusFlags(), (about or AboutFlags()).given()
    inputs, out = split_paths(paths, least=0 if corpus.manifest else 1)
    if images.method != "video":
        if corpus.manifest:
            raise ConfigError("--manifest is for videos; still images lie in a folder per class.")
        if corpus.twin:
            raise ConfigError("--twin is for videos; convert still images twice, with one seed.")
        return convert_images(inputs, out, label, (images, corpus, camera, frames, run), said)
    images.refuse_all()
    # Heavy, so only here: numba, PyAV, zarr and Dask.
    from eventsim.pipeline.video_plan import plan_videos

    console = make_console(quiet=run.quiet)
    if corpus.append:
        if run.overwrite:
            raise ConfigError("--append and --overwrite exclude each other, found both. Drop one.")
        if corpus.twin:
            raise ConfigError("--append adds no twins. Convert all inputs again.")
        go_on_adding(console, out, run)
    given = find_inputs(console, inputs, corpus, label)
    if corpus.append:
        return append(console, given, out, (camera, frames, run), said)
    try:
        planned = plan_videos(
            given,
            camera.camera(),
            reading=frames.reading(),
            seed=camera.seed,
            twin=corpus.twin_settings(),
        )
    except (ConfigError, SourceError) as error:
        if not any(path.is_dir() for path in inputs):
            raise
        hint = "If these are still images, add --method i2e or --method saccade."
        raise type(error)(f"{error} {hint}") from error
    return run_videos(console, planned, out, run, about=said)


def find_inputs(
    console: Console, paths: Sequence[Path], corpus: CorpusFlags, label: str
) -> "list[Input]":
    """Inputs of paths and of a table, with splits if they are asked for; says what is left out."""
    from eventsim.pipeline.corpus import gather, read_manifest, with_ids

    found, notes = gather(paths, label)
    if corpus.manifest is not None:
        listed = read_manifest(corpus.manifest)
        found += [replace(one, label=label or one.label) for one in listed]
    for note in notes[:NOTES_SHOWN]:
        line(console, "note", note)
    return choose_split(with_ids(found), corpus.split)


def choose_split(inputs: "list[Input]", split: str | None) -> "list[Input]":
    """Inputs of a split, or all with splits by shares, as --split says.

    Raises
    ------
    ConfigError
        If there are none, or it is neither a split nor shares.
    """
    from eventsim.pipeline.corpus import choose_split as choose

    return choose(inputs, split if split is None or split in SPLITS else parse_shares(split))


def split_paths(paths: tuple[Path, ...], least: int = 1) -> tuple[tuple[Path, ...], Path]:
    """Tell the inputs, of which there are at least so many, from the output, which is the last.

    Raises
    ------
    ConfigError
        If there are fewer, or the last is not a .zarr.
    """
    if len(paths) < least + 1:
        raise ConfigError(
            f"convert needs at least one input and then the output, found {len(paths)} of them. "
            "For example: eventsim convert clip.mp4 clip.zarr"
        )
    *inputs, out = paths
    if out.suffix != ".zarr":
        raise ConfigError(
            f"the last path is the dataset to write and must end with .zarr, found {out}."
        )
    return tuple(inputs), out
