"""What may be written to an output, and what is there: nothing is lost that somebody may want."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eventsim.errors import ConfigError, StoreExistsError
from eventsim.pipeline.plans import Plan, differences
from eventsim.store.dataset import (
    committed_parts,
    create_dataset,
    has_parts,
    is_empty,
    read_attributes,
    reset_attributes,
    sweep,
)
from eventsim.store.layout import FORMAT_VERSION
from eventsim.store.manifest import latest, read_batches
from eventsim.store.places import as_path, is_remote
from eventsim.store.replacing import NEXT, discard, exchange, void, was_cut_off


def check_output(plan: Plan, out: Path, *, overwrite: bool) -> None:
    """Refuse an output that cannot be written or resumed; changes nothing.

    Raises
    ------
    ConfigError, StoreExistsError
        As `run`.
    """
    out = as_path(out)
    inside = _inputs_in(plan.input_paths, out)
    if inside:
        raise ConfigError(
            f"the input {inside[0]} lies in the output {out}, which may be deleted. Move it, or "
            "choose another output."
        )
    if not out.exists() or is_empty(out):
        return
    if is_remote(out) and overwrite and has_parts(out):
        raise StoreExistsError(
            f"{out} holds a dataset, and nothing can be replaced in an object store, where nothing "
            "can be renamed. Delete it first, or choose another output."
        )
    replacement = read_attributes(out / NEXT)
    there = replacement if was_cut_off(out) else read_attributes(out)
    if there is None:
        raise StoreExistsError(
            f"{out} exists already and is not an eventsim dataset, so it is never deleted, not "
            "even with --overwrite. Choose another output."
        )
    changed = _changes(plan, there)
    if overwrite or _is_void(there) or (replacement and not _changes(plan, replacement)):
        return
    if there.get("finished") and (changed or not there.get("missing_parts")):
        advice = "delete it to replace it" if is_remote(out) else "add --overwrite to replace it"
        raise StoreExistsError(f"{out} exists already and is complete; {advice}.")
    if changed:
        changed += _changed_inputs(plan, out)
        raise ConfigError(
            f"{out} was begun with other settings: {'; '.join(changed[:5])}. Run it with the same "
            "ones to resume, or add --overwrite to start over."
        )


def is_complete(plan: Plan, out: Path) -> bool:
    """Whether a dataset is all that a plan would make."""
    there = read_attributes(as_path(out))
    whole = there is not None and there.get("finished") and not there.get("missing_parts")
    return bool(whole) and not _changes(plan, there or {})


def parts_there(plan: Plan, out: Path, *, overwrite: bool) -> int | None:
    """Count the parts that an interrupted run has left, which this one will keep.

    Returns
    -------
    int or None
        None if nothing is resumed: the output is new, or is started over.
    """
    out = as_path(out)
    replacement = read_attributes(out / NEXT)
    if replacement is not None and not _changes(plan, replacement):
        return len(committed_parts(out / NEXT, plan.part_count))
    there = read_attributes(out)
    if there is None or overwrite or _is_void(there) or _changes(plan, there):
        return None
    return len(committed_parts(out, plan.part_count))


def prepare_output(plan: Plan, out: Path, *, overwrite: bool) -> Path:
    """Start over, or resume what is there; returns the folder that is to be written.

    A dataset that holds something stays whole until the one that replaces it is finished.
    """
    if was_cut_off(out):
        exchange(out)
    there, replacement = read_attributes(out), read_attributes(out / NEXT)
    if there is None:
        raise StoreExistsError(f"{out} is no longer an eventsim dataset. Choose another output.")
    if replacement is not None and not _changes(plan, replacement):
        sweep(out / NEXT)
        return out / NEXT
    attributes, parts = plan.attributes(), plan.part_count
    discard(out)
    if overwrite and not _is_void(there) and has_parts(out):
        create_dataset(out / NEXT, attributes, parts=parts)
        return out / NEXT
    if overwrite or _is_void(there):
        void(out)
        reset_attributes(out, attributes, parts=parts)
        discard(out)
    sweep(out)
    return out


def _changes(plan: Plan, there: dict[str, Any]) -> list[str]:
    """List in what a dataset was begun otherwise than the plan says."""
    wanted = {**plan.attributes(), "parts": plan.part_count, "format_version": FORMAT_VERSION}
    return differences(there, wanted)


def _changed_inputs(plan: Plan, out: Path) -> list[str]:
    """Say which inputs are others than those that a dataset was begun with."""
    there = {entry.id: entry.fingerprint for entry in latest(read_batches(out))}
    now = {entry.id: entry.fingerprint for entry in plan.entries(out)}
    if not there or not now:
        return []
    groups = {
        "new": [name for name in now if name not in there],
        "gone": [name for name in there if name not in now],
        "changed": [name for name in now if name in there and now[name] != there[name]],
    }
    return [
        f"{len(names):,} {word}, such as {names[0]!r}" for word, names in groups.items() if names
    ]


def _inputs_in(paths: Sequence[str], folder: Path) -> list[str]:
    """Inputs that lie in a folder."""
    home = folder.resolve()
    resolved: dict[Path, Path] = {}  # most of very many inputs share some folders
    found = []
    for name in paths:
        path = Path(name)
        if path.parent not in resolved:
            resolved[path.parent] = path.parent.resolve()
        place = path.resolve() if path.is_symlink() else resolved[path.parent] / path.name
        if place.is_relative_to(home):
            found.append(name)
    return found


def _is_void(attributes: dict[str, Any]) -> bool:
    """Whether every input of a finished dataset failed: there is nothing to lose."""
    return bool(attributes.get("finished")) and not attributes.get("recordings")
