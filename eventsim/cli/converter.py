"""What all programs of converters/ share: their options, and how they end."""

import sys
from collections.abc import Callable
from pathlib import Path

from cyclopts import App, CycloptsError, Parameter

from eventsim.cli.convert_images import build_from_card
from eventsim.cli.main import ERROR, INTERRUPTED
from eventsim.cli.printing import printable
from eventsim.errors import EventSimError
from eventsim.pipeline.image_plan import ImageInput

FindInputs = Callable[[Path, str], list[ImageInput]]
"""From where the corpus lies and the split that is wanted ("": all) to its inputs."""


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
    app = App(
        help=(doc or "").split("\n")[0],
        result_action="return_value",
        suppress_keyboard_interrupt=False,
        default_parameter=Parameter(json_list=False, json_dict=False),
    )

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
            What to make: the name of a card that comes along, or the path of one of your own
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

    given = sys.argv[1:] if arguments is None else arguments
    try:
        result = app(given, exit_on_error=False, print_error=False)
        return result if isinstance(result, int) else 0
    except (EventSimError, CycloptsError) as error:
        sys.stderr.write(f"error: {printable(' '.join(str(error).split()))}\n")
        return ERROR
    except KeyboardInterrupt:
        sys.stderr.write("stopped; run the same command again to go on\n")
        return INTERRUPTED
