"""Labeled streams of a situation, and random ones."""

import numpy as np

from eventsim.camera import choose_camera
from eventsim.denoise_bench.situations import TRAINING, Situation, training_stream
from eventsim.distributions import Distribution
from eventsim.events import Kind, SensorSize
from eventsim.sensors.cards import sensor_names

SIZE = SensorSize(40, 30)


def test_the_dark_is_noisy():
    dark, bright = (Situation("lone", "davis346", lux, 2).events(SIZE, 0.3) for lux in (0.5, 200))
    shots = [np.count_nonzero(events.kind == Kind.SHOT) for events in (dark, bright)]
    assert shots[0] > 20 * max(1, shots[1])
    assert dark == Situation("lone", "davis346", 0.5, 2).events(SIZE, 0.3)


def test_streams_to_learn_from_are_all_others_and_functions_of_their_seeds():
    streams = [training_stream(seed, SIZE, 0.1) for seed in range(8)]
    assert training_stream(5, SIZE, 0.1) == streams[5]
    assert len({len(events) for events in streams}) > 6
    kinds = np.sum([np.bincount(events.kind, minlength=5) for events in streams], axis=0)
    assert (kinds[:4] > 0).all()
    assert kinds[4] == 0


def test_the_sensors_of_the_training_are_around_those_of_the_cards():
    for name in sensor_names():
        card = choose_camera(name).values
        if card["shot_noise_rate_hz"] == 0 or name == "v2e":
            continue  # no noise, or v2e's own laws of it
        for setting in TRAINING:
            if card[setting] and setting != "illuminance_lux":
                low, high = Distribution.of(TRAINING[setting]).ends
                assert low <= card[setting] <= high, (name, setting)
