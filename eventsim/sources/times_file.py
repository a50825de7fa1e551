"""Times of images, from a text file.

One image per line: either its time alone, or its name and its time, separated by blanks, commas
or tabs. Empty lines and lines that begin with ``#`` are skipped. There is no header, so the
unit is told by how the numbers are written: whole numbers (``4166``) are microseconds, numbers
with a decimal point or an exponent (``0.004166``) are seconds. One file uses one of the two.
"""

import re
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from eventsim.errors import SourceError

_WHOLE = re.compile(r"[+-]?\d+")
_DECIMAL = re.compile(r"[+-]?(\d+\.\d*|\.\d+|\d+(?=[eE]))([eE][+-]?\d+)?")


class TimedName(NamedTuple):
    """One line of a file of times.

    Attributes
    ----------
    name : str or None
        Last part of the path of the image; None if the line is a time alone.
    t_us : int
        Time, microseconds.
    """

    name: str | None
    t_us: int


def read_times(path: Path) -> list[TimedName]:
    """Read a file of times.

    Parameters
    ----------
    path : Path

    Returns
    -------
    list of TimedName
        In the order of the file. Seconds are rounded to microseconds.

    Raises
    ------
    SourceError
        If the file cannot be read, has no line, or a line does not fit the others.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise SourceError(
            f"expected a text file of times, but {path} cannot be read: {reason}. Check the path."
        ) from error
    numbered = [(n, line.strip()) for n, line in enumerate(text.splitlines(), 1)]
    lines = [(n, line) for n, line in numbered if line and not line.startswith("#")]
    if not lines:
        raise SourceError(f"expected one time per image, but {path} has no line. Fill the file.")
    rows = [_parse(line, f"line {n} of {path}") for n, line in lines]
    for (n, line), row in zip(lines, rows, strict=True):
        if (row[0] is None, row[2]) != (rows[0][0] is None, rows[0][2]):
            raise SourceError(
                f"all lines must be alike, but line {n} of {path} is {line!r} after "
                f"{lines[0][1]!r}: whole numbers are microseconds, numbers with a point seconds. "
                "Write all of them the same way."
            )
    return [TimedName(name, t_us) for name, t_us, _ in rows]


def _parse(line: str, where: str) -> tuple[str | None, int, bool]:
    """Name, time in microseconds, and whether it was written as a whole number."""
    *before, number = re.split(r"[\s,;]+", line.rstrip(",; "))
    # A name may hold blanks; everything before the last column is the name.
    name = line[: line.rindex(number)].strip(" \t,;") if before else None
    last = None if name is None else re.split(r"[\\/]", name)[-1]
    if _WHOLE.fullmatch(number):
        return last, int(number), True
    if _DECIMAL.fullmatch(number):
        return last, round(Fraction(number) * 1_000_000), False
    raise SourceError(
        f"expected a time at the end of each line, but {where} is {line!r}. Write one time an "
        "image: whole microseconds, or seconds with a decimal point; no header."
    )
