"""Clips of a dataset: real recordings, of which nobody knows what there was to see."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError
from eventsim.events import Events, SensorSize
from eventsim.privacy.clips import Clip
from eventsim.privacy.views import TAUS_US, leaky_image
from eventsim.store.reader import Dataset
from eventsim.transforms.boxes import Box

SIDE_PX = 64
"""Longest side that attackers look at; a larger sensor is made coarser. Chosen by eye."""
CLIP_US = 400_000
CLIPS_EACH = 4
"""Of a recording, spread evenly. Both chosen by eye."""


def clips_of(path: str | Path) -> list[Clip]:
    """Clips of a dataset whose groups say who is seen.

    A sensor of more than 64 px is made coarser: each event goes to its block, **before** methods
    see it, so that their sides and deviations are px of the coarse sensor. The truth is the
    picture that a leaky integrator makes of the raw events, as there is no other.

    Parameters
    ----------
    path : path
        A finished dataset of recordings of one size, each with a group (who) and a label (the
        task), some of them in split test.

    Raises
    ------
    ConfigError
        If it has no groups, only one of them, no labels, or nothing to test with.
    """
    dataset = Dataset(path)
    recordings = list(dataset)
    groups = sorted({recording.group for recording in recordings})
    labels = sorted({recording.label for recording in recordings})
    if len(groups) < 2 or len(labels) < 2:
        raise ConfigError(
            f"{path} must have two groups (people) and two labels (tasks) at least, found "
            f"{len(groups)} and {len(labels)}. Give them when you convert: a table with the "
            "columns group and label."
        )
    if len({recording.size for recording in recordings}) > 1:
        raise ConfigError(f"{path} must hold recordings of one size; convert it with --size.")
    clips = [
        _clip(events, groups.index(recording.group), labels.index(recording.label),
              recording.split == "test")
        for recording in recordings
        for events in _pieces(recording.events, recording.start_us, recording.duration_us)
    ]  # fmt: skip
    train = {clip.person for clip in clips if not clip.is_test}
    test = {clip.person for clip in clips if clip.is_test}
    if not test or not test <= train:
        raise ConfigError(
            f"{path} must have recordings of the same people in split test and in another one."
        )
    return clips


def _pieces(events: Events, start_us: int, duration_us: int) -> list[Events]:
    """Clips of a recording; one that is shorter is one clip."""
    length = min(CLIP_US, max(duration_us, 1))
    count = min(CLIPS_EACH, max(1, duration_us // CLIP_US))
    starts = np.linspace(start_us, start_us + duration_us - length, count).astype(np.int64)
    pieces = []
    for start in starts.tolist():
        part = events.window(start, start + length + 1)
        t = (part.t - start) * CLIP_US // length  # all clips are of one length for attackers
        pieces.append(Events(t, part.x, part.y, part.p, part.kind, part.size))
    return pieces


def coarser(events: Events) -> Events:
    """Events of a sensor of 64 px at most: each goes to its block."""
    by = -(-max(events.size) // SIDE_PX)
    if by == 1:
        return events
    width, height = (-(-side // by) for side in events.size)
    x, y = events.x // by, events.y // by
    return Events.of(events.t, x, y, events.p, events.kind, size=(width, height))


def _clip(events: Events, person: int, task: int, is_test: bool) -> Clip:
    small = coarser(events)
    box = _box_of(small)
    x0, y0, x1, y1 = box
    track = tuple(Box(t_us, x0, y0, x1, y1) for t_us in range(0, CLIP_US + 1, 50_000))
    truth = _truth(small)
    return Clip(small, CLIP_US, person, task, -1, 0, is_test, track, truth, box)


def _box_of(events: Events) -> tuple[int, int, int, int]:
    """Where nearly all events are."""
    size = SensorSize(*events.size)
    if not len(events):
        return 0, 0, size.width, size.height
    x0, x1 = np.percentile(events.x, [2, 98])
    y0, y1 = np.percentile(events.y, [2, 98])
    return int(x0), int(y0), int(x1) + 1, int(y1) + 1


def _truth(events: Events) -> NDArray[np.float64]:
    """(H, W) float64 in [0, 1]: leaky sum at the end, as light as it makes a pixel."""
    picture = leaky_image(events, CLIP_US, TAUS_US[1]).astype(np.float64)
    low, high = np.percentile(picture, [1, 99])
    scaled: NDArray[np.float64] = np.clip((picture - low) / max(high - low, 1e-9), 0, 1)
    return scaled
