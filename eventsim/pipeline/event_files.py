"""Which event files to import: from paths and folders to a list of inputs."""

from collections.abc import Sequence
from pathlib import Path

from eventsim.errors import SourceError
from eventsim.formats.detection import ENDING as BOXES
from eventsim.formats.names import ENDINGS, is_bag
from eventsim.pipeline.inputs import Input
from eventsim.sources.folder_walk import left_out, short_names, split_folders, walk
from eventsim.sources.remote import is_url
from eventsim.sources.video_folders import ZARR


def gather_event_files(
    paths: Sequence[str | Path], label: str = "", endings: Sequence[str] = ()
) -> tuple[list[Input], list[str]]:
    """Inputs of paths: of a folder all event files in it, with labels and splits by their folders.

    With train/, val/ or test/ in a folder, these are splits; folders (below) are classes; below
    these are groups.

    Parameters
    ----------
    paths : sequence of path
    label : str
        Of all of them; "" takes that of each.
    endings : sequence of str
        Of the files that are taken from folders; by default of all formats.

    Returns
    -------
    inputs : list of Input
    notes : list of str
        What was left out.

    Raises
    ------
    SourceError
        If there is no event file in a folder, or it cannot be listed.
    """
    inputs: list[Input] = []
    notes: list[str] = []
    for given in paths:
        path = Path(given)
        if is_url(str(given)):
            inputs.append(Input(str(given), label=label))
            continue
        if not path.is_dir() or is_bag(path):
            inputs.append(Input(str(path), label=label))
            continue
        try:
            inputs += _in_folder(path, label, frozenset(endings) or ENDINGS, notes)
        except OSError as error:
            if isinstance(error, SourceError):
                raise
            raise SourceError(f"{path} cannot be listed: {error.strerror}.") from error
    return inputs, notes


def _in_folder(root: Path, label: str, endings: frozenset[str], notes: list[str]) -> list[Input]:
    found: list[tuple[Path, str, tuple[str, ...]]] = []
    for folder, split in split_folders(root, notes):
        others: list[str] = []
        for place, below, names in walk(folder, notes):
            if ZARR in names:
                notes.append(f"{place} is a Zarr group, and was left out")
                below.clear()
                continue
            inside = place.relative_to(folder).parts
            taken = [
                name
                for name in names
                if Path(name).suffix.lower() in endings and not name.endswith(BOXES)
            ]
            found += [(place / name, split, inside) for name in taken]
            others += [name for name in names if name not in set(taken)]
        notes += left_out(others, "event file", folder)
    if not found:
        raise SourceError(
            f"expected event files ({', '.join(sorted(endings))}) in {root}, found none. Check the "
            "path."
        )
    names = short_names(
        [path.relative_to(root) for path, _, _ in found],
        lambda path: path.suffix.lower() in endings,
    )
    return [
        Input(
            str(path),
            label=label or (inside[0] if inside else ""),
            split=split,
            group=inside[1] if inside[1:] else name,
            id=name,
        )
        for (path, split, inside), name in zip(found, names, strict=True)
    ]
