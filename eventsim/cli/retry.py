"""`eventsim retry`: the inputs of a dataset that failed, once more."""

from pathlib import Path

from eventsim.cli.card import has_card, renew_card
from eventsim.cli.options import RunFlags
from eventsim.cli.printing import make_console
from eventsim.cli.report import line
from eventsim.cli.running import go_on_adding, run_videos
from eventsim.errors import ConfigError


def retry(path: Path, *, run: RunFlags | None = None) -> int:
    """Try the inputs again that a dataset lists as failed, and those alone.

    What is converted now takes the place that it would have had.

    Parameters
    ----------
    path
        A finished dataset of videos.

    Returns
    -------
    int
        0; 1 if an input failed again.
    """
    from eventsim.pipeline.extending import plan_retry

    run = run or RunFlags()
    if run.overwrite:
        raise ConfigError("retry replaces nothing. Leave out --overwrite.")
    console = make_console(quiet=run.quiet)
    go_on_adding(console, path, run)
    planned = plan_retry(path)
    if planned is None:
        line(console, "failed", f"nothing: all inputs of {path} were converted")
        if not has_card(path):
            renew_card(console, path, {})
        return 0
    return run_videos(console, planned, path, run, onto=True)
