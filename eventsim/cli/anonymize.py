"""`eventsim anonymize`: a copy of a dataset in which people are harder to recognize."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from eventsim.cli.convert_images import check_dataset_path
from eventsim.cli.copying import write_copy
from eventsim.cli.options import RunFlags
from eventsim.cli.report import counted
from eventsim.errors import ConfigError

if TYPE_CHECKING:
    from eventsim.pipeline.anonymize_plan import AnonymizePlan


def anonymize(
    dataset: Path,
    out: Path,
    *,
    method: Annotated[list[str] | None, Parameter(negative="")] = None,
    key_file: Path | None = None,
    recover: Annotated[bool, Parameter(negative="")] = False,
    drop_labels: Annotated[bool, Parameter(negative="")] = False,
    flags: RunFlags | None = None,
) -> int:
    """Write a copy of a dataset in which people are harder to recognize, or undo that with the key.

    Sources, ids, groups, seeds, notes and frame times are left out; with a key they are sealed in
    the copy. The card says what each method leaves; `eventsim privacy-report` measures it.

    Parameters
    ----------
    dataset
        Dataset to copy; recordings, not planes.
    out
        Dataset to write.
    method
        With a key, reversible: PermutePixels, PermuteBlocks, CipherPolarity. Without a key: any
        transform, such as "SpatialJitter(2)". Several are applied one after the other.
    key_file
        Key file written by `eventsim keygen`.
    recover
        Recover the original events with the key file.
    drop_labels
        Leave out the labels, if they identify people.

    Returns
    -------
    int
        0; 1 if a recording failed (the others are in the copy).
    """
    from eventsim.store.places import as_path

    how = flags or RunFlags()
    check_dataset_path(out)
    out = as_path(out)
    if recover:
        planned = _recovery(dataset, method, key_file)
    else:
        planned = _anonymization(dataset, out, method or [], key_file, drop_labels)
    words = [("reads", f"{dataset}, {counted(planned.total(set()), 'recording')}")]
    for text, leaves in planned.words():
        words += [("undoes" if recover else "method", text), ("leaves", leaves)]
    return write_copy(planned, out, how, words)


def _anonymization(
    dataset: Path, out: Path, texts: list[str], key_file: Path | None, drop_labels: bool
) -> "AnonymizePlan":
    from eventsim.pipeline.anonymize_plan import plan_anonymize
    from eventsim.transforms.keyed.key_file import read_key_file
    from eventsim.transforms.parsing import parse_method

    if not texts:
        raise ConfigError("anonymize needs --method, such as --method PermutePixels.")
    methods = [parse_method(text) for text in texts]
    secret = None if key_file is None else read_key_file(key_file)
    return plan_anonymize(dataset, methods, out, secret, drop_labels=drop_labels)


def _recovery(dataset: Path, texts: list[str] | None, key_file: Path | None) -> "AnonymizePlan":
    from eventsim.pipeline.anonymize_plan import plan_recover
    from eventsim.transforms.keyed.key_file import read_key_file

    if texts:
        raise ConfigError("--recover undoes what the dataset says was done; leave out --method.")
    if key_file is None:
        raise ConfigError("--recover needs the --key-file that the dataset was made with.")
    return plan_recover(dataset, read_key_file(key_file))
