"""Image files in a folder: which there are, in which order, and what is left out."""

import re
from itertools import pairwise
from pathlib import Path

from eventsim.errors import SourceError
from eventsim.sources.checks import IMAGE_SUFFIXES, is_image
from eventsim.sources.rendered_pictures import NPZ

_NUMBERED = re.compile(r"(.*?)(\d+)(\D*)")
NAMES_SHOWN = 3
"""Files that a note names; chosen by eye."""


def natural_key(path: Path) -> list[tuple[int, str]]:
    """Key for sorting names so that ``frame10`` follows ``frame9``.

    Examples
    --------
    >>> sorted([Path("f10.png"), Path("f9.png")], key=natural_key)[0].name
    'f9.png'
    """
    parts = re.split(r"(\d+)", path.name)
    return [(int(part), "") if part.isdecimal() else (-1, part.lower()) for part in parts]


def list_images(folder: Path) -> tuple[list[Path], list[str]]:
    """Image files of a folder, in natural order of their names.

    Returns
    -------
    files : list of Path
    notes : list of str
        What was left out, and numbers that are missing.

    Raises
    ------
    SourceError
        If there is none.
    """
    seen = [entry for entry in folder.iterdir() if not entry.name.startswith(".")]
    found = [entry for entry in seen if is_image(entry) and entry.is_file()]
    if not found:  # frames of a renderer
        found = [entry for entry in seen if entry.suffix.lower() == NPZ and entry.is_file()]
    if not found:
        raise SourceError(
            f"expected a folder of images, but {folder} holds none of "
            f"{', '.join(sorted(IMAGE_SUFFIXES))}. Check the path."
        )
    files = sorted(found, key=lambda path: (natural_key(path), path.name))
    others = sorted(entry.name for entry in seen if entry not in set(found))
    return files, [*_left_out(others), *missing_numbers([path.name for path in files])]


def _left_out(names: list[str]) -> list[str]:
    if not names:
        return []
    some = ", ".join(names[:NAMES_SHOWN]) + (", ..." if len(names) > NAMES_SHOWN else "")
    if len(names) == 1:
        return [f"{some} is not an image and was left out"]
    return [f"{len(names)} entries that are not images were left out: {some}"]


def missing_numbers(names: list[str]) -> list[str]:
    """Say which numbers are missing in names that count, such as f1.png, f2.png, f4.png.

    Parameters
    ----------
    names : list of str
        In natural order.

    Returns
    -------
    list of str
        One note, or none: names that do not count evenly (the step between most of them) promise
        nothing.

    Examples
    --------
    >>> missing_numbers(["f1.png", "f2.png", "f3.png", "f6.png"])
    ['numbers 4 to 5 are missing after f3.png: the images beside the gap count as neighbors']
    """
    matches = [_NUMBERED.fullmatch(Path(name).stem) for name in names]
    if len(names) < 3 or not all(matches):
        return []
    if len({m.group(1) for m in matches if m}) > 1:
        return []
    numbers = [int(m.group(2)) for m in matches if m]
    steps = sorted(b - a for a, b in pairwise(numbers))
    usual = steps[(len(steps) - 1) // 2]
    gaps = [(k, b - a) for k, (a, b) in enumerate(pairwise(numbers)) if b - a > usual]
    if usual < 1 or not gaps or any(step % usual for step in steps):
        return []
    k, step = gaps[0]
    first, last = numbers[k] + usual, numbers[k] + step - usual
    what = f"number {first} is" if first == last else f"numbers {first} to {last} are"
    more = "" if len(gaps) == 1 else f", and there are {len(gaps) - 1} more gaps"
    return [f"{what} missing after {names[k]}: the images beside the gap count as neighbors{more}"]
