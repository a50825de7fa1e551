"""What all programs of converters/ share: their options, and how they end."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from cyclopts import App, CycloptsError, Parameter

from eventsim.cli.convert_images import build_from_card, check_dataset_path
from eventsim.cli.main import ERROR, INTERRUPTED
from eventsim.cli.options import CameraFlags, FrameFlags, RunFlags
from eventsim.cli.printing import make_console, printable
from eventsim.cli.report import line
from eventsim.cli.running import run_videos
from eventsim.errors import ConfigError, EventSimError
from eventsim.pipeline.image_plan import ImageInput
from eventsim.pipeline.inputs import Input

if TYPE_CHECKING:
    from eventsim.formats.checking import Care
    from eventsim.formats.file import Layout

FindInputs = Callable[[Path, str], list[ImageInput]]
"""From where the corpus lies and the split that is wanted ("": all) to its inputs."""
FindVideos = Callable[[Path, int], tuple[list[Input], list[str]]]
"""From where the corpus lies and the number of the official split to its inputs, and notes."""


def run_converter(
    doc: str | None, find_inputs: FindInputs, arguments: list[str] | None = None
) -> int:
    """Run a converter: read its options, build, check.

    Parameters
    ----------
    doc : str
        Docstring of the program; its first line is the help.
    find_inputs : callable
    arguments : list of str, optional
        By default those of the process.

    Returns
    -------
    int
        Exit code, as of the command line.
    """
    app = _app(doc)

    @app.default
    def main(
        source: Path,
        out: Path,
        *,
        card: str,
        split: str = "",
        workers: int = 1,
        limit: int | None = None,
        overwrite: bool = False,
    ) -> int:
        """Build the dataset, and check that it is what the card says.

        Parameters
        ----------
        source
            Where the images are.
        out
            The dataset to write, a .zarr.
        card
            What to make: the name of a bundled card, or the path of one of your own
            (`eventsim cp NAME .` gives you one to edit).
        split
            Only this one: train, val or test.
        workers
            Processes that share the work.
        limit
            Only the first so many images of each split, to try.
        overwrite
            Replace a dataset that is there.
        """
        inputs = find_inputs(source, split)
        return build_from_card(card, inputs, out, workers=workers, limit=limit, overwrite=overwrite)

    return _run(app, arguments)


def run_corpus(
    doc: str | None,
    find_inputs: FindVideos,
    *,
    about: Mapping[str, str],
    arguments: list[str] | None = None,
) -> int:
    """Run the converter of a corpus of videos: find its inputs, convert them, write the card.

    Parameters
    ----------
    doc : str
        Docstring of the program; its first line is the help.
    find_inputs : callable
    about : mapping
        Title, license, source_url and citation of the corpus.
    arguments : list of str, optional
        By default those of the process.

    Returns
    -------
    int
        Exit code, as of the command line.
    """
    app = _app(doc)

    @app.default
    def main(
        source: Path,
        out: Path,
        *,
        fold: int = 1,
        limit: int | None = None,
        camera: CameraFlags | None = None,
        frames: FrameFlags | None = None,
        run: RunFlags | None = None,
    ) -> int:
        """Convert the corpus.

        Parameters
        ----------
        source
            Where it lies.
        out
            The dataset to write, a .zarr.
        fold
            Which of the official splits, where there are several.
        limit
            Only so many inputs, evenly spread, to try.
        """
        from eventsim.pipeline.video_plan import plan_videos

        check_dataset_path(out)
        flags = run or RunFlags()
        console = make_console(quiet=flags.quiet)
        inputs, notes = find_inputs(source, fold)
        for note in notes:
            line(console, "note", note)
        if limit is not None:
            inputs = _spread(inputs, limit)
        camera, frames = camera or CameraFlags(), frames or FrameFlags()
        planned = plan_videos(inputs, camera.camera(), reading=frames.reading(), seed=camera.seed)
        return run_videos(console, planned, out, flags, about=about)

    return _run(app, arguments)


def run_recorded(
    doc: str | None,
    find_inputs: FindVideos,
    *,
    about: Mapping[str, str],
    layout: "Layout",
    care: "Care | None" = None,
    arguments: list[str] | None = None,
) -> int:
    """Run the converter of a set of recordings: find its files, import them, write the card.

    Parameters
    ----------
    doc : str
        Docstring of the program; its first line is the help.
    find_inputs : callable
    about : mapping
        Title, license, source_url and citation of the set.
    layout : Layout
        What its files do not say.
    care : Care, optional
        What is done with events that break a promise.
    arguments : list of str, optional
        By default those of the process.

    Returns
    -------
    int
        Exit code, as of the command line.
    """
    app = _app(doc)

    @app.default
    def main(
        source: Path,
        out: Path,
        *,
        fold: int = 1,
        split: str | None = None,
        limit: int | None = None,
        run: RunFlags | None = None,
    ) -> int:
        """Import the recordings.

        Parameters
        ----------
        source
            Where they lie.
        out
            The dataset to write, a .zarr.
        fold
            Which of the official splits, where there are several.
        split
            train, val or test: import only that split. Or, for recordings without a split, the
            shares of the three, such as 0.8/0.1/0.1.
        limit
            Only so many recordings, evenly spread, to try.
        """
        from eventsim.cli.convert import choose_split
        from eventsim.cli.import_files import run_import
        from eventsim.formats.checking import Care
        from eventsim.pipeline.import_plan import plan_import

        check_dataset_path(out)
        inputs, notes = find_inputs(source, fold)
        inputs = choose_split(inputs, split)
        if limit is not None:
            inputs = _spread(inputs, limit)
        planned = plan_import(inputs, layout=layout, care=care or Care())
        return run_import(planned, out, run or RunFlags(), notes, about)

    return _run(app, arguments)


def _spread(inputs: list[Input], limit: int) -> list[Input]:
    """Some of the inputs: of all classes, if they are in order of their classes."""
    if limit < 1:
        raise ConfigError(f"limit must be 1 or more, found {limit}.")
    step = max(1.0, len(inputs) / limit)
    return [inputs[int(k * step)] for k in range(min(limit, len(inputs)))]


def _app(doc: str | None) -> App:
    return App(
        help=(doc or "").split("\n")[0],
        result_action="return_value",
        suppress_keyboard_interrupt=False,
        default_parameter=Parameter(json_list=False, json_dict=False),
    )


def _run(app: App, arguments: list[str] | None) -> int:
    given = sys.argv[1:] if arguments is None else arguments
    try:
        result = app(given, exit_on_error=False, print_error=False)
        return result if isinstance(result, int) else 0
    except (EventSimError, CycloptsError) as error:
        sys.stderr.write(f"error: {printable(' '.join(str(error).split()))}\n")
        return ERROR
    except KeyboardInterrupt:
        sys.stderr.write("stopped; run the same command again to resume\n")
        return INTERRUPTED
