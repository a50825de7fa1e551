"""`eventsim augment`: a copy of a dataset with its events transformed."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from eventsim.cli.convert_images import check_dataset_path
from eventsim.cli.copying import write_copy
from eventsim.cli.options import RunFlags
from eventsim.cli.report import counted
from eventsim.errors import ConfigError


def augment(
    dataset: Path,
    out: Path,
    *,
    transform: Annotated[list[str] | None, Parameter(negative="")] = None,
    copies: int = 1,
    split: str | None = None,
    seed: int = 1,
    flags: RunFlags | None = None,
) -> int:
    """Write a copy of a dataset whose events are transformed.

    A training loop does better with `eventsim.training.EventWindows`, which transforms again in
    every epoch. This is for programs that read files, and for test sets that must stay the same.

    Parameters
    ----------
    dataset
        Dataset to copy; recordings, not planes.
    out
        Dataset to write.
    transform
        Transform in Python syntax, such as Flip or "Rotate(angle_deg=(-10, 10))". Several are
        applied one after the other.
    copies
        Number of copies of each recording, each with other random numbers.
    split
        Copy only the recordings of this split.
    seed
        Seed of the transforms.

    Returns
    -------
    int
        0; 1 if a recording failed (the others are in the copy).
    """
    from eventsim.pipeline.augment_plan import plan_augment
    from eventsim.store.places import as_path
    from eventsim.transforms.parsing import parse_transforms

    how = flags or RunFlags()
    if not transform:
        raise ConfigError("augment needs --transform, such as --transform Flip.")
    check_dataset_path(out)
    out = as_path(out)
    whole = parse_transforms(transform)
    planned = plan_augment(dataset, whole, copies=copies, split=split, seed=seed)
    recordings = counted(planned.total(set()) // copies, "recording")
    words = [
        ("reads", f"{dataset}, {recordings}"),
        ("makes", f"{copies} of each by {whole!r}"),
        ("seed", f"{seed}"),
    ]
    if planned.warning:
        words.append(("WARNING", planned.warning))
    return write_copy(planned, out, how, words)
