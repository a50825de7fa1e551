"""The warp against images whose moved form is known, and against a slow reference."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import gaussian_filter, map_coordinates

from eventsim import SensorSize
from eventsim.motion.render import blur_rows, render_poses, render_shifts
from eventsim.scenes.coverage import disk_coverage

STILL = [0.0, 0.0, 0.0, 1.0]


def render(image, poses, size, *, gains=None, ambient=0.0, general=False):
    poses = np.array(poses, float).reshape(-1, 4)
    frames = np.full((len(poses), size[1], size[0]), np.nan, np.float32)
    gains = np.ones(len(poses)) if gains is None else np.array(gains, float)
    kernel = render_poses if general else render_shifts
    kernel(np.ascontiguousarray(image, np.float32), poses, gains, ambient, frames)
    return frames


def sampled(image, pose, size):
    """Bilinear samples by scipy, which repeats the edge."""
    x, y, a, zoom = pose
    py, px = np.mgrid[: size[1], : size[0]].astype(float)
    px, py = px - (size[0] - 1) / 2 - x, py - (size[1] - 1) / 2 - y
    qx = (np.cos(a) * px + np.sin(a) * py) / zoom + (image.shape[1] - 1) / 2
    qy = (np.cos(a) * py - np.sin(a) * px) / zoom + (image.shape[0] - 1) / 2
    return map_coordinates(image.astype(float), [qy, qx], order=1, mode="nearest")


@settings(deadline=None)
@given(
    st.integers(0, 2**31), st.integers(1, 9), st.integers(1, 9), st.integers(1, 9),
    st.integers(1, 9), st.floats(-30, 30), st.floats(-30, 30),
)  # fmt: skip
def test_shifts_of_all_sizes_against_scipy(seed, w, h, width, height, x, y):
    image = np.random.default_rng(seed).uniform(0, 255, (h, w)).astype(np.float32)
    expected = sampled(image, (x, y, 0, 1), (width, height))
    for general in (False, True):
        frame = render(image, [x, y, 0, 1], (width, height), general=general)[0]
        assert frame == pytest.approx(expected, abs=1e-3)  # float32 of 255


@settings(deadline=None)
@given(
    st.integers(0, 2**31), st.floats(-5, 5), st.floats(-5, 5), st.floats(-7, 7), st.floats(0.3, 3)
)
def test_turns_and_zooms_against_scipy(seed, x, y, a, zoom):
    image = np.random.default_rng(seed).uniform(0, 255, (13, 16)).astype(np.float32)
    frame = render(image, [x, y, a, zoom], (11, 9), general=True)[0]
    assert frame == pytest.approx(sampled(image, (x, y, a, zoom), (11, 9)), abs=1e-3)


def test_a_linear_ramp_moves_exactly():
    y, x = np.mgrid[:40, :50] - np.array([19.5, 24.5]).reshape(2, 1, 1)
    image = 100 + 1.5 * x + 0.5 * y
    py, px = np.mgrid[:20, :30] - np.array([9.5, 14.5]).reshape(2, 1, 1)
    for dx, dy in ((0.3, -0.7), (1 / 64, 1 / 3), (-4.999, 3.001)):
        frame = render(image, [dx, dy, 0, 1], (30, 20))[0]
        assert frame == pytest.approx(100 + 1.5 * (px - dx) + 0.5 * (py - dy), abs=1e-4)
    a, zoom = 0.2, 1.25
    frame = render(image, [0.3, -0.7, a, zoom], (30, 20), general=True)[0]
    qx = (np.cos(a) * (px - 0.3) + np.sin(a) * (py + 0.7)) / zoom
    qy = (np.cos(a) * (py + 0.7) - np.sin(a) * (px - 0.3)) / zoom
    assert frame == pytest.approx(100 + 1.5 * qx + 0.5 * qy, abs=1e-4)


def test_a_disk_moves_by_whole_pixels_exactly_and_by_parts_with_its_center():
    size = SensorSize(41, 41)
    disk = disk_coverage((20.5, 20.5), 8.0, size)
    moved = render(disk, [3, -2, 0, 1], size)[0]
    assert moved == pytest.approx(disk_coverage((23.5, 18.5), 8.0, size), abs=1e-6)
    y, x = np.mgrid[:41, :41]
    for dx, dy in ((0.25, 0.5), (1 / 64, -3.01)):
        frame = render(disk, [dx, dy, 0, 1], size)[0].astype(float)
        assert frame.sum() == pytest.approx(np.pi * 64, rel=1e-5)
        center = (frame * x).sum() / frame.sum(), (frame * y).sum() / frame.sum()
        assert center == pytest.approx((20 + dx, 20 + dy), abs=1e-4)
        # Between pixels the edge is softer by half a pixel at most.
        exact = disk_coverage((20.5 + dx, 20.5 + dy), 8.0, size)
        assert np.abs(frame - exact).max() < 0.3
        assert np.abs(frame - exact).mean() < 0.01


def test_a_disk_turns_clockwise_about_the_center_and_grows():
    size = SensorSize(61, 61)
    disk = disk_coverage((30.5 + 10, 30.5), 5.0, size)
    frame = render(disk, [1, 2, np.pi / 2, 1.5], size, general=True)[0].astype(float)
    y, x = np.mgrid[:61, :61] - 30
    center = (frame * x).sum() / frame.sum(), (frame * y).sum() / frame.sum()
    # 10 px to the right become 15 px down, and the shift comes after.
    assert center == pytest.approx((1, 2 + 15), abs=0.02)
    assert frame.sum() == pytest.approx(np.pi * 25 * 1.5**2, rel=0.01)


@pytest.mark.parametrize("general", [False, True])
def test_gain_and_veil(general):
    image = np.full((5, 5), 100.0)
    frames = render(image, [STILL, STILL], (5, 5), gains=[0.5, 2], ambient=7, general=general)
    assert frames[:, 2, 2].tolist() == [57, 207]


@pytest.mark.parametrize("general", [False, True])
def test_an_even_image_stays_even_to_the_bit(general):
    image = np.full((9, 9), 123.456, np.float32)
    poses = np.array([[0.1 * k, -0.37 * k, 0, 1] for k in range(30)])
    frames = render(image, poses, (7, 7), general=general)
    assert np.unique(frames).tolist() == [float(np.float32(123.456))]


def test_far_away_only_the_last_pixel_is_seen():
    image = np.arange(12.0).reshape(3, 4)
    for pose, seen in (([50, 50, 0, 1], 0), ([-50, -50, 0, 1], 11), ([-50, 50, 0, 1], 3)):
        assert np.unique(render(image, pose, (6, 6))).tolist() == [seen]


@pytest.mark.parametrize("edge", [True, False])
@pytest.mark.parametrize("sd", [0.3, 1.0, 4.0])
def test_blur_against_scipy(edge, sd):
    image = np.random.default_rng(1).uniform(0, 255, (9, 12)).astype(np.float32)
    reach = max(1, int(np.ceil(4 * sd)))
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sd) ** 2)
    weights = (weights / weights.sum()).astype(np.float32)
    blurred = np.empty_like(image)
    blur_rows(image, weights, edge, blurred)
    mode = "nearest" if edge else "constant"
    expected = gaussian_filter(image.astype(float), (sd, 0), mode=mode, truncate=reach / sd)
    assert blurred == pytest.approx(expected, abs=1e-3)
