"""Motion that is found, held against motion that was made."""

import cv2
import numpy as np
import pytest

from eventsim.upsampling.motion import Motion, find_motion, known_motion, steps_for, stripes


@pytest.mark.parametrize("shift", [(3, 0), (10, -4), (-12, 6)])
def test_a_shift_is_found(moved, coded, shift):
    motion = find_motion(coded(moved(0)), coded(moved(*shift)))
    inside = np.s_[:, 24:-24, 24:-24]
    assert np.median(motion.vectors[0][24:-24, 24:-24], (0, 1)) == pytest.approx(shift, abs=0.1)
    assert np.median(motion.vectors[1][24:-24, 24:-24], (0, 1)) == pytest.approx(
        -np.array(shift), abs=0.1
    )
    assert motion.holds[inside].mean() > 0.97
    assert motion.largest_px == pytest.approx(np.hypot(*shift), rel=0.15)
    assert not motion.is_cut


def test_what_leaves_the_picture_does_not_hold(moved, coded):
    motion = find_motion(coded(moved(0)), coded(moved(10)))
    assert motion.holds[0, :, -9:].mean() < 0.1  # of the first frame, what is beyond in the second
    assert motion.holds[1, :, :9].mean() < 0.1


def test_another_scene_is_a_cut_and_a_lamp_is_none(moved, coded, texture):
    here = moved(0)
    other = coded(np.rot90(texture)[:96, :96].clip(1, 255))
    assert find_motion(coded(here), other).is_cut
    for factor in (0.1, 2, 8):
        assert not find_motion(coded(here), coded((here * factor).clip(1, 255))).is_cut
    assert not find_motion(coded(here), coded(here)).is_cut


def test_pictures_without_texture_do_not_move():
    flat = np.full((40, 50), 90, np.uint8)
    motion = find_motion(flat, flat + np.uint8(50))
    assert motion.largest_px < 0.01
    assert motion.share_that_holds == 1


def test_pictures_too_small_to_follow_do_not_move():
    rng = np.random.default_rng(1)
    first, second = rng.integers(0, 255, (2, 6, 9), np.uint8)
    motion = find_motion(first, second)
    assert motion.largest_px == 0
    assert not motion.is_cut


def test_the_largest_motion_is_one_that_holds():
    vectors = np.zeros((2, 40, 50, 2), np.float32)
    vectors[0, :, :10] = 3, 4
    vectors[0, :, 10] = 300, 400
    holds = np.ones((2, 40, 50), np.float32)
    holds[0, :, 10] = 0
    assert Motion(vectors, holds).largest_px == 5


def test_the_same_bits_on_any_number_of_threads(moved, coded):
    before, after = coded(moved(0)), coded(moved(7, 3))
    known = cv2.getNumThreads()
    try:
        found = []
        for threads in (1, 2, 5):
            cv2.setNumThreads(threads)
            found.append(find_motion(before, after))
    finally:
        cv2.setNumThreads(known)
    for other in found[1:]:
        assert np.array_equal(other.vectors, found[0].vectors)
        assert np.array_equal(other.holds, found[0].holds)


def test_no_step_is_longer_than_a_pixel_up_to_the_most():
    assert [steps_for(px, 50) for px in (0, 0.4, 1, 1.01, 12.3, 400)] == [1, 1, 1, 2, 13, 50]


def test_stripes_are_all_rows():
    rows = stripes(37)
    assert rows[0] == 0
    assert rows[-1] == 37
    assert np.all(np.diff(rows) > 0)
    assert stripes(1).tolist() == [0, 1]


def passing(speed=8, start=30):
    """A square that passes over a still ground: vectors there and back, and depths."""
    shape = (60, 100)
    forth, back = np.zeros((2, *shape, 2), np.float32)
    near, later = np.full((2, *shape), 9, np.float32)
    forth[20:40, start : start + 20, 0], near[20:40, start : start + 20] = speed, 2
    there = start + speed
    back[20:40, there : there + 20, 0], later[20:40, there : there + 20] = -speed, 2
    return forth, back, (near, later)


def test_what_a_renderer_knows_is_taken_and_says_what_is_hidden():
    forth, back, depths = passing()
    motion = known_motion(forth, back, depths)
    assert motion.is_known
    assert motion.largest_px == 8
    assert not motion.is_cut
    hidden = np.zeros((2, 60, 100), bool)
    hidden[0, 20:40, 50:58] = True  # the ground that is about to be covered
    hidden[1, 20:40, 30:38] = True  # and that which comes forth
    assert np.array_equal(motion.holds == 0, hidden)


@pytest.mark.parametrize("with_depth", [True, False])
@pytest.mark.parametrize("missing", ["forth", "back"])
def test_one_direction_is_made_of_the_other(missing, with_depth):
    forth, back, depths = passing()
    depths = depths if with_depth else (None, None)
    given = (None, back) if missing == "forth" else (forth, None)
    whole, half = known_motion(forth, back, depths), known_motion(*given, depths)
    assert np.array_equal(half.holds, whole.holds)
    there = whole.holds > 0
    assert np.array_equal(half.vectors[there], whole.vectors[there])


def test_vectors_that_are_not_known_hold_nowhere():
    forth, back, depths = passing()
    forth[:5] = np.nan
    back[:5, :, 1] = np.inf
    motion = known_motion(forth, back, depths)
    assert not motion.holds[:, :5].any()
    assert motion.largest_px == 8
    assert np.isfinite(motion.vectors).all()


def test_no_direction_at_all():
    with pytest.raises(ValueError, match="at least one direction"):
        known_motion(None, None, (None, None))
