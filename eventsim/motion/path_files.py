"""A path from a text file, one node a line.

The first line names the columns, ``t_us,x_px,y_px`` and perhaps ``rotation_rad`` and ``zoom``, in
any order; the others hold numbers. Times are whole microseconds. Empty lines and lines that begin
with ``#`` are skipped.
"""

import math
from os import PathLike
from pathlib import Path

from eventsim.errors import ConfigError, SourceError
from eventsim.motion.paths import EyePath

NEEDED = ("t_us", "x_px", "y_px")
EXTRA = ("rotation_rad", "zoom")


def read_path(path: str | PathLike[str]) -> EyePath:
    """Read a path.

    Parameters
    ----------
    path : path
        A ``.csv`` file as above.

    Returns
    -------
    EyePath

    Raises
    ------
    SourceError
        If the file cannot be read, the header lacks a column or has another one, a line has
        another number of columns or something that is no number, or the nodes are no path.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise SourceError(
            f"expected a file of a path, but {path} cannot be read: {reason}. Check the path."
        ) from error
    numbered = [(n, line.strip()) for n, line in enumerate(text.splitlines(), 1)]
    lines = [(n, line) for n, line in numbered if line and not line.startswith("#")]
    header = f"the header {','.join(NEEDED)}[,{'][,'.join(EXTRA)}]"
    if len(lines) < 2:
        raise SourceError(
            f"expected {header} and one line a node, but {path} has {len(lines)} lines with "
            "something in them. Fill the file."
        )
    number, first = lines[0]
    names = [name.strip() for name in first.split(",")]
    known = set(names) <= {*NEEDED, *EXTRA}
    if not (set(NEEDED) <= set(names) and known and len(set(names)) == len(names)):
        raise SourceError(
            f"expected {header}, but line {number} of {path} is {first[:80]!r}. Write the names "
            "there."
        )
    columns: dict[str, list[float]] = {name: [] for name in names}
    before: int | None = None
    for number, line in lines[1:]:
        where = f"line {number} of {path}"
        row = dict(zip(names, _numbers(line, names, where), strict=True))
        if before is not None and row["t_us"] <= before:
            raise SourceError(
                f"times must strictly increase, but {where} has {row['t_us']} us after {before} "
                "us. Sort the lines."
            )
        before = int(row["t_us"])
        for name, value in row.items():
            columns[name].append(value)
    try:
        return EyePath.of(**columns)
    except ConfigError as error:
        raise SourceError(f"{path}: {error}") from error


def _numbers(line: str, names: list[str], where: str) -> list[float]:
    words = [word.strip() for word in line.split(",")]
    if len(words) != len(names):
        raise SourceError(
            f"expected {len(names)} numbers ({', '.join(names)}), but {where} has {len(words)}: "
            f"{line[:80]!r}. Write one for each."
        )
    numbers = []
    for name, word in zip(names, words, strict=True):
        try:
            value = int(word) if name == "t_us" else float(word)
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or abs(value) >= 2**62:
            kind = "whole microseconds" if name == "t_us" else "a number"
            raise SourceError(f"{name} must be {kind}, but {where} has {word[:40]!r}. Correct it.")
        numbers.append(value)
    return numbers
