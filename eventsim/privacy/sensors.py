"""The attacker who tells which sensor made a recording, by which of its pixels fire more easily."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from eventsim.privacy.clips import Clip
from eventsim.privacy.views import rate_map
from eventsim.transforms.remove_fingerprint import median_around


def sensor_accuracy(train: Sequence[Clip], test: Sequence[Clip]) -> float:
    """Share of clips whose sensor is told right, by the pattern that each sensor shows on average.

    Parameters
    ----------
    train, test : sequence of Clip
        Of the same sensors, numbered from 0; of one alone the answer is nan.
    """
    if len({clip.sensor for clip in (*train, *test)}) < 2:
        return float("nan")
    learned = np.array([_pattern(clip) for clip in train])
    sensors = np.array([clip.sensor for clip in train])
    # What all clips have in common is the scene, not the sensor.
    patterns = np.array([learned[sensors == k].mean(axis=0) for k in range(sensors.max() + 1)])
    patterns -= patterns.mean(axis=0)
    found = [int(np.argmax([(_pattern(c) * p).sum() for p in patterns])) for c in test]
    return float(np.mean([f == c.sensor for f, c in zip(found, test, strict=True)]))


def _pattern(clip: Clip) -> NDArray[np.float64]:
    """(H, W) float64: by how much each pixel fires more than its neighbors, logarithm."""
    counts = rate_map(clip.events).astype(np.int64)
    pattern: NDArray[np.float64] = np.log((counts + 1.0) / (median_around(counts) + 1.0))
    return pattern
