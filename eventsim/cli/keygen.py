"""`eventsim keygen`: a new key file."""

from pathlib import Path

from eventsim.cli.printing import make_console
from eventsim.cli.report import line


def keygen(path: Path) -> int:
    """Make a key file for `eventsim anonymize`: 32 random bytes that only you may read.

    Its mode is 600. Whoever has it can undo what was done with it; without it nobody can, nor can
    you.

    Parameters
    ----------
    path
        File to write; an existing file is never overwritten.

    Returns
    -------
    int
        0
    """
    from eventsim.transforms.keyed.key_file import write_key_file

    write_key_file(path)
    line(make_console(), "wrote", f"{path}; keep it apart from the data, and keep a copy")
    return 0
