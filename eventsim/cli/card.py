"""`eventsim card`: the README.md and croissant.json of a dataset, rewritten."""

from collections.abc import Mapping
from pathlib import Path

from rich.console import Console

from eventsim.cli.options import AboutFlags
from eventsim.cli.printing import make_console
from eventsim.cli.report import line


def card(path: Path, *, about: AboutFlags | None = None) -> int:
    """Write the card of a finished dataset: README.md, croissant.json, two pictures, two tables.

    `convert` writes it, too. What only people know is kept until it is said again.

    Parameters
    ----------
    path
        The dataset.

    Returns
    -------
    int
        0
    """
    renew_card(make_console(), path, (about or AboutFlags()).given())
    return 0


def has_card(path: Path) -> bool:
    """Whether a card was written since the dataset was last finished."""
    from eventsim.store.layout import CARD_FILES
    from eventsim.store.places import as_path

    return (as_path(path) / CARD_FILES[0]).is_file()


def renew_card(console: Console, path: Path, about: Mapping[str, str]) -> None:
    """Write a card, and say where it is.

    Parameters
    ----------
    console : Console
    path : Path
        A finished dataset.
    about : mapping
        Of what only people know: what is said again.
    """
    from eventsim.card.write import README_FILE
    from eventsim.card.write import renew_card as write_again
    from eventsim.store.places import as_path

    write_again(path, about)
    line(console, "card", str(as_path(path) / README_FILE))
