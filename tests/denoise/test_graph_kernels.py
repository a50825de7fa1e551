"""The compiled graph network is tested against the torch module in `tests/training`."""

import numpy as np

from eventsim.denoise import Denoiser, GraphFilter


def test_a_stream_of_one_event_has_no_neighbor_and_a_score(stream):
    scores = Denoiser(GraphFilter(), (12, 9)).scores(stream((5, 3, 3, 1)))
    assert np.isfinite(scores).all()


def test_events_older_than_the_window_are_no_neighbors(stream):
    alone = Denoiser(GraphFilter(), (12, 9)).scores(stream((5, 3, 3, 1)))
    late = Denoiser(GraphFilter(), (12, 9)).scores(stream((0, 4, 3, 1), (30_000_000, 3, 3, 1)))
    assert late[1] == alone[0]
