"""Closing a dataset: the commit records of all parts become the table that readers open."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from eventsim.errors import UnfinishedStoreError
from eventsim.store.attempts import end_runs
from eventsim.store.checkpoints import discard_checkpoints
from eventsim.store.checksums import files_of, sealed
from eventsim.store.commits import commit_record
from eventsim.store.dataset import committed_parts, content_of, open_root, writing
from eventsim.store.layout import CARD_FILES
from eventsim.store.places import as_path, put_attributes
from eventsim.store.records import still_failing
from eventsim.store.samples import join_tables, part_table, write_table


def finish(
    path: str | Path,
    *,
    parts: int | None = None,
    inputs: Mapping[str, Any] | None = None,
    allow_missing: bool = False,
) -> dict[str, Any]:
    """Write the sample table, mark the dataset as finished, and delete what lost the race.

    Parameters
    ----------
    path : path
        A dataset all of whose parts are committed. Finishing twice gives the same bytes.
    parts : int, optional
        That it has by now, if some were added.
    inputs : mapping, optional
        What its attributes say of its inputs by now, if some were added.
    allow_missing : bool
        Close it as it is; the numbers of the parts that are missing are kept in its attributes.

    Returns
    -------
    dict
        Attributes of the finished dataset.

    Raises
    ------
    UnfinishedStoreError
        If parts are missing; names them.
    StoreError
        If it cannot be written.
    """
    attributes: dict[str, Any] = open_root(path).attrs.asdict()
    planned: int = attributes["parts"] if parts is None else parts
    missing = sorted(set(range(planned)) - committed_parts(path, planned))
    if missing and not allow_missing:
        raise UnfinishedStoreError(
            f"{path} can be finished when all {planned} parts are committed, but "
            f"{len(missing)} are missing: {_name_some(missing)}. Run the conversion again; "
            "it resumes with them."
        )
    with writing(path):
        home = as_path(path)
        content = content_of(attributes, path)
        events = 0
        failures: list[dict[str, Any]] = []
        tables = []
        for part in sorted(set(range(planned)) - set(missing)):
            record = commit_record(path, part, content)
            events += record["events"]
            failures.extend(record["failures"])
            tables.append(part_table(record, part, content))
        table = join_tables(tables, content).by_sample()
        done_samples = set(table.numbers["sample"].tolist())
        if attributes["finished"]:  # from here on until the end nobody may take it for whole
            put_attributes(home, sealed({**attributes, "finished": False, "parts": planned}))
        (home / CARD_FILES[0]).unlink(missing_ok=True)  # it tells of what was
        write_table(home, table)
        done: dict[str, Any] = {
            **{name: value for name, value in attributes.items() if name != "missing_parts"},
            **({"missing_parts": missing} if missing else {}),
            **({} if inputs is None else {"inputs": dict(inputs)}),
            "parts": planned,
            "recordings": len(table),
            "events": events,
            "failures": still_failing(failures, done_samples),
            "finished": True,
            "files": files_of(home / "samples"),
        }
        done = sealed(done)
        put_attributes(home, done)
        end_runs(path)
        discard_checkpoints(home)
    return done


def _name_some(parts: Sequence[int]) -> str:
    named = ", ".join(f"{part:05d}" for part in parts[:5])
    return named + (f" and {len(parts) - 5} more" if len(parts) > 5 else "")
