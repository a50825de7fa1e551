"""The graph denoiser: who is a neighbor, and that it tells noise."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from eventsim.denoise import EBF, Denoiser, GraphFilter
from eventsim.denoise.graph import neighborhoods
from eventsim.denoise_bench.situations import training_stream
from eventsim.events import Kind, SensorSize


def test_neighbors_are_the_latest_events_of_pixels_around(stream):
    events = stream((0, 3, 3, 1), (10, 3, 3, 0), (20, 6, 6, 1), (64, 7, 3, 1), (74, 4, 4, 1))
    neighbors, edges, nodes, found = neighborhoods(events)
    assert found.tolist() == [0, 1, 2 - 1, 1, 3]
    # The first event of (3, 3) is forgotten; (7, 3) is three columns away, (6, 6) two and two.
    assert neighbors[4, :4].tolist() == [3, 2, 1, -1]
    age, dx, dy, far, same = edges[4, 0]
    assert age == pytest.approx(np.log2(1 + 10 / 64) / 14)
    assert (dx, dy, same) == pytest.approx((1.0, -1 / 3, 1.0))
    assert far == pytest.approx(10 / 18)
    assert edges[4, 2, 4] == -1  # the event of (3, 3) was OFF
    assert nodes[1, 1] == pytest.approx(np.log(1 + np.exp(-1e-5)) / 4)  # the second of its pixel
    # Ages are added by polarity: two ON, one OFF, over 100 ms and 10 ms.
    assert nodes[4, 3] == pytest.approx((2 - (10 + 54) / 1e5) / 8, rel=1e-5)
    assert nodes[4, 6] == pytest.approx((1 - 64 / 1e4) / 8, rel=1e-5)


def test_there_are_at_most_sixteen_the_latest(noise):
    neighbors, _, _, found = neighborhoods(noise)
    assert found.max() == 16
    for i in np.flatnonzero(found == 16)[:50]:
        assert (np.diff(noise.t[neighbors[i]]) <= 0).all()
    assert (neighbors < np.arange(len(noise))[:, None]).all(), "arrows point back in time"


def test_it_tells_signal_from_noise_better_than_weighing_does():
    areas = []
    for seed in (710, 711, 712, 713, 714, 715):
        events = training_stream(seed, SensorSize(64, 48), 0.4)
        scores = [Denoiser(how, events.size).scores(events) for how in (GraphFilter(), EBF())]
        areas.append([roc_auc_score(events.kind == Kind.SIGNAL, s) for s in scores])
    learned, weighed = np.mean(areas, axis=0)
    assert learned > weighed + 0.01
    assert learned > 0.8
