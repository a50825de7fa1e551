"""Counterfactual twins: each recording once more, with one effect changed and all else alike."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from eventsim.camera import Camera, twin_camera
from eventsim.errors import ConfigError
from eventsim.pipeline.inputs import Input, PlannedRecording

SUFFIX = "-twin"
"""Of the id of a twin."""


def with_twins(
    planned: Sequence[PlannedRecording], camera: Camera, twin: Mapping[str, float]
) -> list[PlannedRecording]:
    """Each recording and, after it, its twin: the same input and seed, other settings.

    Parameters
    ----------
    planned : sequence of PlannedRecording
        In order, from 0.
    camera : Camera
    twin : mapping of str to number
        Settings of the pixel that the twins have.

    Returns
    -------
    list of PlannedRecording
        Recording i has the place 2 i and the seed that it would have without twins; its twin
        follows it. Both are of one group, so that no split tears them apart.

    Raises
    ------
    ConfigError
        If a setting is none, or changes nothing.
    """
    ids = {recording.input.id for recording in planned}
    both = []
    for place, recording in enumerate(planned):
        twin_camera(recording.input.camera(camera), twin)  # refuses what changes nothing
        given = recording.input
        if given.id + SUFFIX in ids:
            raise ConfigError(
                f"the twin of {given.id!r} would be called {given.id + SUFFIX!r}, as another input "
                "is. Give that one another id."
            )
        grouped = replace(given, group=given.group or given.id)
        both.append(replace(recording, input=grouped, sample=2 * place))
        both.append(replace(recording, input=twin_of(grouped, twin), sample=2 * place + 1))
    return both


def twin_of(given: Input, twin: Mapping[str, float]) -> Input:
    """The input of a twin."""
    settings = tuple(sorted({**dict(given.settings), **twin}.items()))
    return replace(given, id=given.id + SUFFIX, settings=settings)
