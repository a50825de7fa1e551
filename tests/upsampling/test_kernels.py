"""Vectors there and back, and pictures between two pictures, where the answer is known."""

import numpy as np
import pytest

from eventsim.upsampling.kernels import (
    bilinear,
    cubic,
    fill_between,
    fill_row_gaps,
    trust,
    turn,
)

f32 = np.float32
H, W = 12, 15


def plane(of):
    y, x = np.indices((H, W), np.float32)
    return of(x, y).astype(np.float32)


def field(dx, dy):
    return np.broadcast_to(f32([dx, dy]), (H, W, 2)).copy()


def between(before, after, forth, back, holds, share):
    out = np.full((H, W), np.nan, np.float32)
    places, vectors = np.empty((2, 2, W), np.float32)
    room = places, vectors, np.empty(W, np.uint8)
    fill_between(before, after, forth, back, holds, f32(share), 0, 5, out, *room)
    fill_between(before, after, forth, back, holds, f32(share), 5, H, out, *room)
    return out


@pytest.mark.parametrize("value_at", [bilinear, cubic])
def test_a_slope_is_kept_between_pixels_and_a_border_beyond_it(value_at):
    slope = plane(lambda x, y: 3 * x + 2 * y)
    assert value_at(slope, f32(5.25), f32(7.5)) == pytest.approx(3 * 7.5 + 2 * 5.25, abs=1e-4)
    assert value_at(slope, f32(4), f32(6)) == slope[4, 6]
    assert value_at(slope, f32(-3), f32(0)) == slope[0, 0]
    assert value_at(slope, f32(H + 3), f32(W + 3)) == slope[-1, -1]


def test_the_cubic_blurs_less_and_does_not_overshoot():
    wave = plane(lambda x, y: 100 + 50 * np.cos(x * np.pi / 3))  # six pixels a period
    true = 100 + 50 * np.cos(5.5 * np.pi / 3)
    assert abs(cubic(wave, f32(5), f32(5.5)) - true) < abs(bilinear(wave, f32(5), f32(5.5)) - true)
    step = plane(lambda x, y: np.where(x < 7, 5, 200))
    values = [cubic(step, f32(5), f32(x)) for x in np.linspace(4, 10, 61)]
    assert min(values) == 5
    assert max(values) == 200
    assert np.all(np.diff(values) >= 0)


def test_a_vector_holds_if_it_leads_back():
    out = np.empty((H, W), np.float32)
    trust(field(2, 1), field(-2, -1), 0, H, out)
    inside = np.zeros((H, W))
    inside[: H - 1, : W - 2] = 1  # what leaves the picture cannot be followed
    assert np.array_equal(out, inside)
    trust(field(2, 1), field(0, 0), 0, H, out)
    assert not out.any()  # misses by 5 px squared, and 0.01 * 5 + 0.5 are allowed
    trust(field(0.5, 0), field(0, 0), 0, H, out)
    assert out.all()


@pytest.mark.parametrize("share", [0.25, 0.5, 0.8])
def test_a_moving_slope_lies_where_it_should(share):
    before = plane(lambda x, y: 10 * x + y)
    after = plane(lambda x, y: 10 * (x - 3) + y)  # moved by 3 px to the right
    out = between(before, after, field(3, 0), field(-3, 0), np.ones((2, H, W), np.float32), share)
    true = plane(lambda x, y: 10 * (x - 3 * share) + y)
    assert np.abs(out - true)[:, 4:-4].max() < 1e-3


def test_light_that_changes_in_place_goes_along_a_line():
    before, after = plane(lambda x, y: 0 * x + 40), plane(lambda x, y: 0 * x + 80)
    still = field(0, 0)
    out = between(before, after, still, still, np.ones((2, H, W), np.float32), 0.25)
    assert np.all(out == 50)


def test_what_one_frame_shows_is_taken_from_it():
    before, after = plane(lambda x, y: 0 * x + 40), plane(lambda x, y: 0 * x + 80)
    still, holds = field(0, 0), np.ones((2, H, W), np.float32)
    holds[0, :, :5] = 0  # these vanish: the second frame knows where its pixels come from
    out = between(before, after, still, still, holds, 0.5)
    assert np.abs(out[:, :4] - 60).max() < 0.1
    assert np.all(out[:, 6:] == 60)
    holds[1, :, :5] = 0  # and those are not in the first one
    assert np.allclose(between(before, after, still, still, holds, 0.25)[:, :4], 50)


def test_where_no_vector_leads_the_two_are_blended():
    forth = field(0, 0)
    forth[..., 0] = np.where(np.arange(W) % 2, 40, -40)  # no pixel leads anywhere
    before, after = plane(lambda x, y: 0 * x + 40), plane(lambda x, y: 0 * x + 80)
    out = between(before, after, forth, forth, np.zeros((2, H, W), np.float32), 0.5)
    assert np.allclose(out, 60)


def test_vectors_are_turned_and_the_nearest_thing_wins():
    given = np.zeros((1, 6, 2), np.float32)
    given[0, :, 0] = [2, 0, 0, np.nan, 9, -0.4]
    far = f32([[1, 5, 5, 5, 1, 5]])
    other, nearest = np.full((1, 6, 2), np.nan, np.float32), np.full((1, 6), np.inf, np.float32)
    turn(given, far, nearest, other)
    # Pixel 0 covers 2, 3 is not known, 4 leaves the picture, 5 stays within half a pixel.
    assert other[0, :, 0] == pytest.approx([np.nan, 0, -2, np.nan, np.nan, 0.4], nan_ok=True)
    far[0, 0] = 9  # now it is behind
    other[:], nearest[:] = np.nan, np.inf
    turn(given, far, nearest, other)
    assert other[0, 2, 0] == 0


def test_gaps_go_with_what_is_as_far_away():
    def filled(u, far):
        vectors = np.stack([f32([u]), f32([u])], -1)
        fill_row_gaps(vectors, f32([far]))
        return vectors[0, :, 0].tolist()

    gap = np.nan
    assert filled([1, gap, gap, 7], [3, 3, 9, 9]) == [1, 1, 7, 7]
    assert filled([1, gap, gap, 7], [3, gap, gap, 9]) == [1, 7, 7, 7]  # hidden is behind
    assert filled([gap, 4, gap], [1, 1, 1]) == [4, 4, 4]
    assert np.isnan(filled([gap, gap], [1, 1])).all()
