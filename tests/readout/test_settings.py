"""Stages in their order, and what they hold back at the end goes through those behind."""

import numpy as np
import pytest

from eventsim.camera import choose_camera, split_settings
from eventsim.errors import ConfigError
from eventsim.events import Events, Packet, SensorSize
from eventsim.readout.clock import Clock
from eventsim.readout.settings import Readout, last_packets

SIZE = SensorSize(2, 1)


def test_a_setting_asks_for_its_stage():
    assert Readout().stages(SIZE, 1) == ()
    stages = Readout(timestamp_resolution_us=5).stages(SIZE, 1)
    assert [type(stage) for stage in stages] == [Clock]


def test_settings_of_pixels_and_readout_are_given_together():
    settings, readout = split_settings({"leak_rate_hz": 2, "timestamp_resolution_us": 50})
    assert settings.leak_rate_hz == 2
    assert readout == Readout(timestamp_resolution_us=50)
    camera = choose_camera("ideal", overrides={"timestamp_resolution_us": 50})
    assert camera.readout == readout
    assert camera.values["timestamp_resolution_us"] == 50
    assert camera.changed({"timestamp_resolution_us": 1}) == choose_camera("ideal")
    with pytest.raises(ConfigError, match=r"timestamp_resolution_us: .*found 0"):
        choose_camera("ideal", overrides={"timestamp_resolution_us": 0})


def test_what_is_held_back_goes_through_the_stages_behind():
    """An event at 12: at 15 after a clock of 5, and at 20 after one of 10 behind it."""
    stages = [Clock(SIZE, 5), Clock(SIZE, 10)]
    packet = Packet(Events.of([12], [0], [0], [True], size=SIZE), np.array([13]), np.array([1]))
    for stage in stages:
        packet = stage.push(packet)
    assert len(packet.events) == 0
    rest = list(last_packets(stages))
    assert [p.events.t.tolist() for p in rest] == [[20]]
