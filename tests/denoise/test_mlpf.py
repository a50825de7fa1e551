"""The perceptron: what it is told, what it answers, and that it tells noise."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from eventsim.denoise import MLPF, STCF, Denoiser
from eventsim.denoise.mlpf import mlpf_inputs
from eventsim.denoise_bench.situations import training_stream
from eventsim.events import Kind, SensorSize


def test_the_threshold_is_the_logit_of_the_probability():
    assert MLPF().threshold == 0
    assert MLPF(0.8).threshold == pytest.approx(np.log(4))
    events = training_stream(3, SensorSize(40, 30), 0.2)
    assert len(MLPF(0.9)(events)) < len(MLPF(0.1)(events))


def test_it_tells_signal_from_noise_better_than_counting_does():
    areas = []
    for seed in (700, 701, 702, 703, 704, 705):  # no training began with such seeds
        events = training_stream(seed, SensorSize(64, 48), 0.4)
        scores = [Denoiser(how, events.size).scores(events) for how in (MLPF(), STCF())]
        truth = events.kind == Kind.SIGNAL
        areas.append([roc_auc_score(truth, np.maximum(s, -1e15)) for s in scores])
    learned, counted = np.mean(areas, axis=0)
    assert learned > counted + 0.01
    assert learned > 0.85


def test_inputs_are_ages_and_polarities_by_hand(stream):
    events = stream((0, 3, 3, 1), (50_000, 4, 3, 0), (80_000, 4, 3, 0), (300_000, 4, 4, 1))
    ages, signs = mlpf_inputs(events).reshape(4, 2, 7, 7).transpose(1, 0, 2, 3)
    assert ages[1][3, 2] == np.float32(0.5)  # left of the middle, half of 100 ms ago
    assert signs[1][3, 2] == -1  # of the other polarity
    assert (ages[2][3, 3], signs[2][3, 3]) == (np.float32(0.7), -1)  # itself: OFF
    assert ages[2][3, 2] == pytest.approx(0.2)
    assert np.count_nonzero(ages[3]) == 0  # all too old
    assert signs[3][3, 3] == 1
    assert np.count_nonzero(signs[3]) == 1
