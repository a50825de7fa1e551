"""Faces before the camera."""

import numpy as np
import pytest

from eventsim.privacy.clips import halves
from eventsim.privacy.faces import DURATION_US, GESTURES, SIZE_PX, package_faces, record


def test_faces_are_those_of_the_package():
    faces = package_faces(5)
    assert faces.shape == (5, 25, 25)
    assert 0 <= faces.min() < faces.max() <= 1
    assert not np.allclose(faces[0], faces[1])


def test_clips_are_a_function_of_the_seed(clips):
    again = record(package_faces(3)[:1], sessions=8, test_sessions=4, seed=1)
    assert [clip.events for clip in again] == [clip.events for clip in clips[:12]]
    other = record(package_faces(3)[:1], sessions=1, test_sessions=0, seed=2)
    assert other[0].events != clips[0].events


def test_the_face_is_in_its_box(clips):
    for clip in clips[::5]:
        x0, y0, x1, y1 = clip.box
        assert clip.events.size == (SIZE_PX, SIZE_PX)
        late = clip.events.window(DURATION_US - 20_000, DURATION_US + 1)
        inside = (late.x >= x0 - 2) & (late.x < x1 + 2) & (late.y >= y0 - 2) & (late.y < y1 + 2)
        assert inside.mean() > 0.98
        outside = clip.truth.copy()
        outside[y0:y1, x0:x1] = np.nan
        assert np.nanstd(outside) < 0.02 < clip.truth[y0:y1, x0:x1].std()
        assert clip.track[-1].t_us == DURATION_US


def test_every_gesture_is_made_and_nothing_goes_with_anything(clips):
    many = [c for seed in (1, 2) for c in record(package_faces(2)[:1], sessions=12,
                                                  test_sessions=0, seed=seed)]  # fmt: skip
    assert {clip.task for clip in many} == set(range(len(GESTURES)))
    train, _ = halves(clips)
    for name in ("attribute", "sensor"):
        assert {getattr(clip, name) for clip in train} == {0, 1}
    glasses = np.array([clip.attribute for clip in many])
    assert 0.2 < glasses.mean() < 0.8


def test_a_circle_goes_around_one_way():
    from eventsim.privacy.faces import _gesture
    from eventsim.random import Draws

    for name, sign in (("circle", 1), ("counter-circle", -1)):
        path = _gesture(GESTURES.index(name), Draws.of(1))
        turn = np.diff(path.x_px)[:-1] * np.diff(path.y_px)[1:]
        turn -= np.diff(path.y_px)[:-1] * np.diff(path.x_px)[1:]
        assert (np.sign(turn) == sign).all()


@pytest.mark.parametrize("count", [2, 101])
def test_as_many_as_asked_for(count):
    assert len(package_faces(count)) == count
