"""Plans for a dataset that is there: inputs that are added, or tried again.

The dataset itself says how it was made, so nothing but new inputs need be given.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import eventsim
from eventsim.camera import Camera, camera_parts
from eventsim.errors import ConfigError, StoreError
from eventsim.events import SensorSize
from eventsim.pipeline.corpus import with_ids
from eventsim.pipeline.fingerprints import fingerprint, place_in
from eventsim.pipeline.inputs import Input, PlannedRecording
from eventsim.pipeline.plans import differences
from eventsim.pipeline.video_plan import VideoPlan, group_parts, look_at
from eventsim.sources.reading import Reading
from eventsim.store.dataset import committed_parts, open_root
from eventsim.store.manifest import Entry, latest, read_batches
from eventsim.store.places import as_path


def plan_append(
    inputs: Sequence[str | Path | Input],
    out: str | Path,
    camera: Camera,
    *,
    reading: Reading | None = None,
    seed: int = 1,
) -> VideoPlan | None:
    """Plan to add inputs to a dataset; those that it holds already are left out.

    Parameters
    ----------
    inputs, camera, reading, seed
        As `eventsim.pipeline.video_plan.plan_videos`; all but the inputs must be as the dataset
        was made.
    out : path
        Of a finished dataset of videos.

    Returns
    -------
    Plan or None
        None if there is nothing to add.

    Raises
    ------
    ConfigError
        If a setting is another (the difference is named), or an input has changed.
    StoreError
        If the dataset is not finished, or was not made of videos.
    SourceError
        If none of the new inputs can be opened.
    """
    out, reading = as_path(out), reading or Reading()
    attributes, earlier = _finished(out)
    wanted = VideoPlan(camera, reading, seed, ()).attributes()
    del wanted["inputs"]  # these are what is to change
    if "twin" in attributes:
        raise ConfigError(f"{out} holds twins, which cannot be extended. Convert all inputs again.")
    changed = differences(attributes, wanted)
    if changed:
        raise ConfigError(
            f"{out} was made with other settings: {'; '.join(changed[:5])}. Add to it with the "
            "same ones, or make another dataset."
        )
    new = _new(inputs, out, earlier)
    if not new:
        return None
    first = 1 + max((entry.sample for entry in earlier), default=-1)
    planned = look_at(list(enumerate(new, first)), camera, reading, seed)
    return VideoPlan(camera, reading, seed, group_parts(planned), _next_part(out), tuple(earlier))


def plan_retry(out: str | Path) -> VideoPlan | None:
    """Plan to try the inputs again that a dataset lists as failed.

    Parameters
    ----------
    out : path
        Of a finished dataset of videos.

    Returns
    -------
    Plan or None
        None if nothing failed.

    Raises
    ------
    StoreError
        If the dataset is not finished, or was not made of videos.
    ConfigError
        If it was made by another version, or its inputs took their times from a file.
    SourceError
        If none of the inputs can be opened.
    """
    out = as_path(out)
    attributes, earlier = _finished(out)
    failed = {failure["sample"] for failure in attributes["failures"]}
    again = [entry for entry in earlier if entry.sample in failed]
    return _plan_of(out, attributes, earlier, again, _next_part(out)) if again else None


def plan_pending(out: str | Path) -> VideoPlan | None:
    """Plan to bring an interrupted addition to its end; None if there is none.

    Raises
    ------
    StoreError, ConfigError
        As `plan_retry`.
    """
    out = as_path(out)
    attributes: dict[str, Any] = open_root(out).attrs.asdict()
    batches = read_batches(out)
    if len(batches) < 2:
        return None
    last = batches[-1]
    if attributes.get("finished") and max(entry.part for entry in last) < attributes["parts"]:
        return None
    camera, reading, seed = _settings_of(out, attributes)
    by_part: dict[int, list[PlannedRecording]] = {}
    for entry in last:
        # Which part holds what is settled: none of them needs to be opened.
        recording = _recording(entry, out)
        by_part.setdefault(entry.part, []).append(recording)
    parts = tuple(tuple(by_part[part]) for part in sorted(by_part))
    earlier = tuple(latest(batches[:-1]))
    return VideoPlan(camera, reading, seed, parts, min(by_part), earlier)


def _finished(out: Path) -> tuple[dict[str, Any], list[Entry]]:
    """Attributes of a finished dataset of videos, and what its manifest says of all samples."""
    attributes: dict[str, Any] = open_root(out).attrs.asdict()
    if not attributes.get("finished"):
        done = len(committed_parts(out))
        raise StoreError(
            f"{out} is not finished: {done} of {attributes['parts']} parts are there. Run the "
            "command that began it again; it resumes."
        )
    batches = read_batches(out)
    if not batches:
        raise StoreError(
            f"{out} has no manifest of its inputs: it was made of still images, or by a program. "
            "Only a dataset that was converted from videos can be added to."
        )
    return attributes, latest(batches)


def _next_part(out: Path) -> int:
    batches = read_batches(out)
    return 1 + max(entry.part for batch in batches for entry in batch)


def _new(inputs: Sequence[str | Path | Input], out: Path, earlier: Sequence[Entry]) -> list[Input]:
    """Inputs that a dataset does not hold; one that it holds must not have changed."""
    by_place = {(entry.source, entry.options): entry for entry in earlier}
    by_id = {entry.id: entry for entry in earlier}
    new = []
    for item in inputs:
        given = item if isinstance(item, Input) else Input(str(item))
        there = by_place.get((place_in(out, given.path), given.options)) or by_id.get(given.id)
        if there is None:
            new.append(given)
        elif there.fingerprint not in _fingerprints(given.path):
            raise ConfigError(
                f"{given.path} has changed since it was converted as {there.id!r}. Give it "
                "another name to add it, or make the dataset again with --overwrite."
            )
    return with_ids(new, by_id)


def _fingerprints(path: str) -> tuple[str, str]:
    """Fingerprint of an input, also as it is taken where there are very many."""
    return fingerprint(path), fingerprint(path, ends=False)


def _plan_of(
    out: Path,
    attributes: dict[str, Any],
    earlier: Sequence[Entry],
    chosen: Sequence[Entry],
    first_part: int,
) -> VideoPlan:
    camera, reading, seed = _settings_of(out, attributes)
    inputs = [(entry.sample, Input.of(entry, out)) for entry in chosen]
    looked_at = look_at(inputs, camera, reading, seed)
    # The seeds that they had: a twin has that of its other half.
    planned = [replace(one, seed=entry.seed) for one, entry in zip(looked_at, chosen, strict=True)]
    parts = group_parts(planned)
    return VideoPlan(camera, reading, seed, parts, first_part, tuple(earlier))


def _recording(entry: Entry, out: Path) -> PlannedRecording:
    return PlannedRecording(
        Input.of(entry, out), entry.sample, entry.seed, None, None,
        looked_at=False, fingerprint=entry.fingerprint,
    )  # fmt: skip


def _settings_of(out: Path, attributes: dict[str, Any]) -> tuple[Camera, Reading, int]:
    """Camera, reading and seed that a dataset was made with."""
    if attributes["version"] != eventsim.__version__:
        raise ConfigError(
            f"{out} was made by eventsim {attributes['version']}, and this is "
            f"{eventsim.__version__}, whose events may differ. Use that one: pip install "
            f"eventsim-dvs=={attributes['version']}."
        )
    if "geometry" not in attributes:
        raise ConfigError(
            f"{out} is no dataset of videos. Run the command that made it again, with --overwrite."
        )
    geometry = attributes["geometry"]
    for value in geometry.values():
        if isinstance(value, dict):
            raise ConfigError(
                f"{out} was made with the file {value.get('name')}, which it does not hold. Make "
                "it again."
            )
    size = geometry["sensor_size"]
    camera = Camera(
        attributes["sensor"],
        attributes["noise"],
        None if size is None else SensorSize(*size),
        attributes["encoding"]["transfer"],
        *camera_parts(attributes["settings"]),
    )
    return camera, Reading.of(attributes), attributes["seed"]
