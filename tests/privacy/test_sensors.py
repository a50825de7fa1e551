"""Which sensor it was."""

from dataclasses import replace

import numpy as np

from eventsim.events import Events
from eventsim.privacy.clips import halves
from eventsim.privacy.sensors import sensor_accuracy


def test_a_sensor_is_told_by_its_pixels(clips):
    assert sensor_accuracy(*halves(clips)) >= 0.75


def test_one_sensor_is_none_to_tell(clips):
    same = [replace(clip, sensor=0) for clip in clips]
    assert np.isnan(sensor_accuracy(*halves(same)))


def test_without_events_it_is_not(clips):
    none = [replace(clip, events=Events.empty((64, 64))) for clip in clips]
    share = np.mean([clip.sensor == 0 for clip in none if clip.is_test])
    assert sensor_accuracy(*halves(none)) == share
