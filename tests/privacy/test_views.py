"""What attackers look at, by hand."""

import numpy as np
import pytest

from eventsim.events import Events
from eventsim.privacy.views import (
    COARSE_PX,
    MOMENTS,
    STEPS,
    centered,
    coarse,
    leaky_image,
    movement,
    movements,
    planes,
    rate_map,
)


def test_a_leaky_sum():
    events = Events.of([0, 100, 200], [0, 0, 1], [0, 0, 0], [1, 0, 1], size=(2, 1))
    image = leaky_image(events, 100, 100.0)
    assert image[0].tolist() == pytest.approx([np.exp(-1) - 1, 0])  # the last is yet to come
    assert rate_map(events).tolist() == [[2, 1]]


def test_planes_hold_the_last_time_of_four_moments(clips):
    seen = planes(clips[0])
    assert seen.shape == (MOMENTS, 7, 64, 64)
    end = clips[0].events.window(300_000, 400_001)
    assert np.sum(seen[-1, -1].astype(float) ** 2) == pytest.approx(len(end), rel=1e-5)
    last = clips[0].events.window(380_001, 400_001)
    signed = np.sign(seen[-1, 5]) * seen[-1, 5].astype(float) ** 2
    assert signed.sum() == pytest.approx(np.where(last.p, 1, -1).sum(), abs=40)


def test_movement_tells_left_from_right_and_around_from_back(clips):
    clip = clips[0]
    flipped = Events(clip.events.t, 63 - clip.events.x, clip.events.y, clip.events.p,
                     clip.events.kind, clip.events.size)  # fmt: skip
    import dataclasses

    one, other = movement(clip), movement(dataclasses.replace(clip, events=flipped))
    assert one.shape == other.shape
    assert np.abs(one - other).max() > 0.3
    assert movements(clips[:3]).shape == (3, len(one))
    empty = dataclasses.replace(clip, events=Events.empty((64, 64)))
    assert np.isfinite(movement(empty)).all()
    assert STEPS > 5


def test_the_middle_comes_to_the_middle():
    picture = np.zeros((1, 40, 40), np.float32)
    picture[0, 5:9, 30:34] = 1
    made = centered(picture, picture)[0]
    assert made.shape == (COARSE_PX, COARSE_PX)
    y, x = np.nonzero(made)
    assert abs(y.mean() - 9.5) <= 0.5
    assert abs(x.mean() - 9.5) <= 0.5
    assert made.sum() == pytest.approx(4)  # means of 2 x 2
    assert not centered(0 * picture, 0 * picture).any()


def test_coarse_pictures_are_means():
    assert coarse(np.full((31, 50), 3.0, np.float32)).tolist() == [[3.0] * 20] * 20
