"""A moved image as a source of frames, and what sensors make of it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import gaussian_filter

import eventsim
from eventsim import Encoding, SensorSize
from eventsim.camera import choose_camera
from eventsim.errors import ConfigError, SourceError
from eventsim.motion.lighting import Lighting
from eventsim.motion.loops import diamond, square, triangle
from eventsim.motion.moved_image import MovedImage, leaves_by_px
from eventsim.motion.paths import EyePath
from eventsim.motion.wandering import drift_microsaccade
from eventsim.simulator import simulate_source

LINEAR = Encoding("linear")
RIGHT = EyePath.of([0, 100_000], [0.0, 4.0], [0.0, 0.0])
REST = EyePath.of([0, 100_000], [0.0, 0.0], [0.0, 0.0])
LOOPS = {"triangle": triangle, "diamond": diamond, "square": square}


def texture(seed, size=(40, 32), sd=1.5, low=40.0, high=240.0):
    """Smooth random luminance, DN."""
    rough = gaussian_filter(np.random.default_rng(seed).normal(size=size[::-1]), sd)
    rough = (rough - rough.min()) / np.ptp(rough)
    return (low + (high - low) * rough).astype(np.float32)


def frames_of(source):
    return np.stack([frame.values for frame in source])


def ideal_events(source, threshold=0.2, **more):
    # "log" would be exact as well; the ideal sensor's own response is logarithmic above 20 DN.
    return eventsim.simulate(
        source, sensor="ideal", contrast_threshold_on=threshold,
        contrast_threshold_off=more.pop("off", threshold), threads=1, **more,
    )  # fmt: skip


# --- a source of frames


def test_it_is_a_frame_source():
    source = MovedImage(np.full((6, 8), 200, np.uint8), RIGHT)
    first, second = list(source), list(source)
    assert [f.t_us for f in first] == [round(k * 100_000 / 16) for k in range(17)]
    assert source.expected_frames == 17
    assert (source.size, source.encoding, source.lost_frames) == ((8, 6), LINEAR, 0)
    assert first[0].values.dtype == np.float32
    assert all(np.array_equal(a.values, b.values) for a, b in zip(first, second, strict=True))
    assert source.path is RIGHT


def test_frames_are_the_same_whatever_the_block(monkeypatch):
    image = texture(1)
    whole = frames_of(MovedImage(image, RIGHT, encoding=LINEAR))
    monkeypatch.setattr("eventsim.motion.moved_image.BLOCK_BYTES", 1)
    assert np.array_equal(frames_of(MovedImage(image, RIGHT, encoding=LINEAR)), whole)


def test_any_camera_takes_it():
    source = MovedImage(texture(1).astype(np.uint8), RIGHT, size=(30, 20))
    events = eventsim.simulate(source, sensor="davis346", threads=1)
    assert len(events) > 100
    assert events.size == (30, 20)


# --- the image


def test_gamma_is_undone_before_it_moves():
    image = np.zeros((3, 9), np.uint8)
    image[:, 4:] = 255
    half = EyePath.of([0], [0.5], [0.0])
    frame = frames_of(MovedImage(image, half))[0]
    # Linear light half way between black and white is 127.5 DN, not that of the number 128.
    assert frame[1, 3:6].tolist() == [0, 127.5, 255]


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32, np.float64])
def test_dtypes_mean_the_same(dtype):
    codes = np.arange(256).reshape(16, 16)
    scale = 257 if dtype == np.uint16 else 1
    frame = frames_of(MovedImage((codes * scale).astype(dtype), REST))[0]
    expected = Encoding().luminance(codes.astype(np.uint8))
    assert frame == pytest.approx(expected, rel=1e-6)


def test_color_becomes_luma_and_says_so():
    image = np.zeros((2, 2, 3), np.uint8)
    image[0, 0] = [255, 0, 0]
    source = MovedImage(image, REST)
    # 0.299 of 255 is the number 76, sRGB.
    luma = Encoding().luminance(np.array([76]))[0]
    assert frames_of(source)[0, 0, 0] == pytest.approx(luma, rel=1e-6)
    assert source.notes == ["color was converted to luma (BT.601)"]


def test_it_shrinks_by_areas_in_linear_light():
    image = np.zeros((8, 8), np.uint8)
    image[:, ::2] = 255  # stripes of one pixel
    frame = frames_of(MovedImage(image, REST, scale=0.5))
    assert frame.shape[1:] == (8, 8)
    assert frame[0, 2:6, 2:6] == pytest.approx(np.full((4, 4), 127.5))


def test_by_default_it_covers_the_sensor():
    image = np.full((10, 20), 50.0, np.float32)
    image[:, 9:11] = 150.0
    source = MovedImage(image, REST, encoding=LINEAR, size=(30, 30), outside="refuse")
    frame = frames_of(source)[0]
    assert frame.shape == (30, 30)
    # Scale 3: a bar of 6 px, its edges softened by the interpolation, stands in the middle.
    assert np.flatnonzero(frame[15] >= 100).tolist() == list(range(12, 18))
    assert source.notes == []


def test_the_centers_of_image_and_sensor_are_together():
    image = np.zeros((5, 5), np.float32)
    image[2, 2] = 200.0
    for size in ((9, 7), (3, 3), (5, 9)):
        frame = frames_of(MovedImage(image, REST, encoding=LINEAR, size=size, scale=1.0))[0]
        assert np.argwhere(frame == 200).tolist() == [[size[1] // 2, size[0] // 2]]
    even = frames_of(MovedImage(image, REST, encoding=LINEAR, size=(6, 6), scale=1.0))[0]
    assert even[2:4, 2:4].tolist() == [[50, 50], [50, 50]]


def test_blur_is_a_gaussian_in_linear_light():
    image = np.zeros((31, 31), np.float32)
    image[15, 15] = 1000.0
    frame = frames_of(MovedImage(image, REST, encoding=LINEAR, blur_px=2.0))[0]
    y, x = np.mgrid[:31, :31] - 15
    weights = np.exp(-(x**2 + y**2) / 8)
    assert frame == pytest.approx(1000 * weights / weights.sum(), rel=0.01, abs=3e-3)
    # The edge goes on, or black comes in.
    white = np.full((9, 9), 100.0, np.float32)
    edge = frames_of(MovedImage(white, REST, encoding=LINEAR, blur_px=1.0))[0]
    black = frames_of(MovedImage(white, REST, encoding=LINEAR, blur_px=1.0, outside="black"))[0]
    assert edge == pytest.approx(np.full((9, 9), 100.0), rel=1e-6)
    assert black[4, 0] == pytest.approx(70, abs=1)  # half and half of the middle weight, 0.399


# --- where it is


def test_it_moves_as_its_path_says():
    image = texture(3, (60, 50))
    source = MovedImage(image, RIGHT, encoding=LINEAR, size=(30, 20), scale=1.0)
    for t_us, frame in source:
        shift = 4.0 * t_us / 100_000
        whole = int(np.floor(shift))
        f = shift - whole
        cut = [image[15:35, 15 - whole - k : 45 - whole - k] for k in (0, 1)]
        assert frame == pytest.approx((1 - f) * cut[0] + f * cut[1], rel=1e-5)


def test_a_turning_path_uses_the_whole_pose():
    _, x = np.mgrid[:40, :40] - 19.5
    path = EyePath.of([0, 1000], [0.0, 1.0], [0.0, -2.0], [0.0, 0.3], [1.0, 1.2])
    source = MovedImage(
        (100 + x).astype(np.float32), path, encoding=LINEAR, size=(10, 8), outside="refuse",
        scale=1.0,
    )  # fmt: skip
    t_us, last = list(source)[-1]
    py, px = np.mgrid[:8, :10] - np.array([3.5, 4.5]).reshape(2, 1, 1)
    qx = (np.cos(0.3) * (px - 1) + np.sin(0.3) * (py + 2)) / 1.2
    assert t_us == 1000
    assert last == pytest.approx(100 + qx, abs=1e-4)


def test_outside_the_edge_goes_on_or_it_is_black():
    image = np.full((4, 4), 80.0, np.float32)
    image[:, 0] = 200.0
    edge = MovedImage(image, RIGHT, encoding=LINEAR)
    black = MovedImage(image, RIGHT, encoding=LINEAR, outside="black")
    assert frames_of(edge)[-1].tolist() == [[200.0] * 4] * 4
    assert frames_of(black)[-1].tolist() == [[0.0] * 4] * 4
    assert edge.notes == ["the view leaves the image by up to 4.0 px: its edge goes on there"]
    assert black.notes == ["the view leaves the image by up to 4.0 px: it is black there"]


def test_refuse_leaving():
    image = np.full((20, 20), 80.0, np.float32)
    fits = MovedImage(image, RIGHT, encoding=LINEAR, size=(12, 20), scale=1.0, outside="refuse")
    assert fits.notes == []
    with pytest.raises(SourceError, match=r"leaves it by 1\.0 px: the image is 20x20 px on a"):
        MovedImage(image, RIGHT, encoding=LINEAR, size=(14, 20), scale=1.0, outside="refuse")


def test_how_far_a_turned_view_leaves():
    turned = np.array([[0, 0, np.pi / 4, 1.0]])
    # The corner of a square of 10 px turned by 45 degrees is 7.07 px from the center.
    assert leaves_by_px(turned, SensorSize(10, 10), SensorSize(10, 10)) == pytest.approx(
        2.071, 1e-3
    )
    zoomed = np.array([[1, 0, 0.0, 2.0]])
    assert leaves_by_px(zoomed, SensorSize(10, 10), SensorSize(4, 20)) == pytest.approx(1.0)


def test_the_view_may_be_far_outside():
    far = EyePath.of([0, 1000], [500.0, 501.0], [-300.0, -300.0])
    source = MovedImage(texture(1), far, encoding=LINEAR)
    assert np.unique(frames_of(source)).size == 1


# --- light


def test_light_and_its_flicker():
    image = np.full((2, 2), 100.0, np.float32)
    light = Lighting(0.5, 10.0, flicker_hz=100, flicker_depth=0.4)
    source = MovedImage(image, REST, encoding=LINEAR, lighting=light)
    t_us = np.array([frame.t_us for frame in source])
    assert np.diff(t_us).max() <= 10_000 / 16
    expected = 10 + 50 * (1 + 0.4 * np.sin(2 * np.pi * 100e-6 * t_us))
    assert frames_of(source)[:, 0, 0] == pytest.approx(expected, rel=1e-6)


def test_a_resting_image_has_no_frames_in_between_and_no_events():
    source = MovedImage(texture(1), REST, encoding=LINEAR)
    assert source.expected_frames == 2
    assert len(ideal_events(source)) == 0


# --- what a sensor sees


@settings(deadline=None, max_examples=12)
@given(
    st.integers(0, 2**31), st.sampled_from(sorted(LOOPS)), st.sampled_from([0.05, 0.2, 0.37]),
    st.sampled_from([0.05, 0.2, 0.3]),
)  # fmt: skip
def test_a_closed_path_brings_every_pixel_back(seed, name, on, off):
    image = np.random.default_rng(seed).uniform(1, 255, (12, 14)).astype(np.float32)
    path = LOOPS[name](loops=1, loop_us=60_000)
    source = MovedImage(image, path, encoding=LINEAR, outside="edge")
    events = ideal_events(source, on, off=off)
    pixel = events.y.astype(int) * 14 + events.x
    ups = np.bincount(pixel[events.p], minlength=168) * on
    downs = np.bincount(pixel[~events.p], minlength=168) * off
    assert len(events) > 168
    # Each pixel ends at the light it began with, so its memory is less than a threshold away.
    assert np.abs(ups - downs).max() < max(on, off) + 1e-3  # float32 of the log luminance


def test_events_are_the_gradient_along_the_path_over_the_threshold():
    threshold = 0.02
    image = texture(5, (70, 60), sd=2.0)
    path = triangle(amplitude_px=6, loop_us=300_000)
    source = MovedImage(image, path, encoding=LINEAR, size=(40, 30), scale=1.0, step_px=0.1)
    events = ideal_events(source, threshold)
    log = np.log(image.astype(float))
    t_us = np.arange(0, 300_001, 500)
    poses = path.at(t_us)
    y, x = np.mgrid[:30, :40] + np.array([15, 15]).reshape(2, 1, 1)
    gy, gx = np.gradient(log)
    total = 0.0
    for (x0, y0), (x1, y1) in zip(poses[:-1, :2], poses[1:, :2], strict=True):
        # g . dx at the nearest pixel of the image; its errors average out over the picture.
        column, row = np.rint(x - x0).astype(int), np.rint(y - y0).astype(int)
        total += np.abs(gx[row, column] * (x1 - x0) + gy[row, column] * (y1 - y0)).sum()
    expected = total / threshold / 1200
    # Each turn of the light keeps back up to a threshold: some of 30 events and more a pixel.
    assert expected > 30
    assert len(events) / 1200 == pytest.approx(expected, rel=0.08)


@pytest.mark.parametrize("turning", [False, True])
def test_events_moved_back_along_the_path_are_sharp(turning):
    """Contrast of the image of warped events: at least three times that of the raw events."""
    size = SensorSize(64, 48)
    image = np.full((80, 100), 60.0, np.float32)
    rng = np.random.default_rng(2)
    for row, column in zip(rng.integers(5, 75, 40), rng.integers(5, 95, 40), strict=True):
        image[row : row + 4, column : column + 4] = rng.choice([20.0, 200.0])
    more = ([0.0, 0.15, -0.1], [1.0, 1.05, 0.95]) if turning else ()
    path = EyePath.of([0, 60_000, 100_000], [0.0, 9.0, -2.0], [0.0, 5.0, 8.0], *more)
    source = MovedImage(image, path, encoding=LINEAR, size=size, scale=1.0)
    events = ideal_events(source)
    x, y, a, zoom = path.at(events.t).T
    px, py = events.x - (size.width - 1) / 2 - x, events.y - (size.height - 1) / 2 - y
    qx = (np.cos(a) * px + np.sin(a) * py) / zoom + 49.5
    qy = (np.cos(a) * py - np.sin(a) * px) / zoom + 39.5
    raw, warped = np.zeros((80, 100)), np.zeros((80, 100))
    np.add.at(raw, (events.y + 16, events.x + 18), 1.0)
    inside = (qx > 0) & (qx < 99) & (qy > 0) & (qy < 79)
    np.add.at(warped, (np.rint(qy[inside]).astype(int), np.rint(qx[inside]).astype(int)), 1.0)
    assert warped.var() >= 3 * raw.var()


def test_the_flow_of_the_path_is_the_flow_of_the_events():
    """Plane fit to the times of one edge's events, which knows nothing of the path."""
    y, x = np.mgrid[:40, :60] - np.array([19.5, 29.5]).reshape(2, 1, 1)
    edge = (60 + 120 / (1 + np.exp(-(x + 0.5 * y + 14) / 0.7))).astype(np.float32)
    path = EyePath.of([0, 100_000], [0.0, 12.0], [0.0, -4.0])
    source = MovedImage(edge, path, encoding=LINEAR, size=(40, 30), scale=1.0)
    events = ideal_events(source, 0.5)
    first = {}
    for t, px, py in zip(events.t.tolist(), events.x.tolist(), events.y.tolist(), strict=True):
        first.setdefault((px, py), t)
    # Pixels that the whole edge passes: it begins to their left, and goes on by 10 px.
    passed = {p: t for p, t in first.items() if 3 < p[0] - 19.5 + 0.5 * (p[1] - 14.5) + 14 < 7}
    assert len(passed) > 80
    rows = np.array([(px, py, 1) for px, py in passed])
    slope = np.linalg.lstsq(rows, np.array(list(passed.values())) * 1e-6, rcond=None)[0][:2]
    flow = path.flow(events.t, events.x, events.y, (40, 30))
    assert np.allclose(flow, flow[0])
    # The edge moves along its normal n; its times have the slope n / (n . v) = slope.
    assert slope @ flow[0] == pytest.approx(1.0, rel=0.01)


def test_steps_of_a_quarter_pixel_are_fine_enough():
    image = texture(6, (60, 60), sd=1.0, low=2.0, high=255.0)
    # Not closed: back at the very light of the start, a last event may fall or not.
    path = drift_microsaccade(3, duration_us=300_000, microsaccade_hz=6)

    def run(step_px):
        source = MovedImage(image, path, encoding=LINEAR, size=(34, 34), scale=1.0, step_px=step_px)
        return ideal_events(source)

    coarse, fine = run(0.25), run(0.01)
    # Kinks of the linear interpolation between two frames are cut off.
    assert len(coarse) == pytest.approx(len(fine), rel=0.03)
    order = [np.lexsort((e.t, e.p, e.x, e.y)) for e in (coarse, fine)]
    keys = [
        (e.y[o].astype(int) * 34 + e.x[o]) * 2 + e.p[o]
        for e, o in zip((coarse, fine), order, strict=True)
    ]
    counts = [np.bincount(k, minlength=34 * 34 * 2) for k in keys]
    same = counts[0] == counts[1]
    assert same.mean() > 0.85
    times = [e.t[o][same[k]] for e, o, k in zip((coarse, fine), order, keys, strict=True)]
    away = np.abs(times[0] - times[1])
    assert np.median(away) < 30  # us; a step takes 1,000 us and more
    assert np.percentile(away, 95) < 300


def test_same_seed_same_events():
    camera = choose_camera("davis346", "v2e-noisy")

    def run(seed):
        source = MovedImage(texture(1).astype(np.uint8), drift_microsaccade(seed), size=(20, 16))
        packets = simulate_source(source, camera, seed=1, threads=1)
        return np.concatenate([packet.events.t for packet in packets])

    assert np.array_equal(run(1), run(1))
    assert not np.array_equal(run(1), run(2))


# --- what is wrong


@pytest.mark.parametrize(
    ("image", "error", "words"),
    [
        (np.zeros(5, np.uint8), SourceError, r"\(H, W\) or \(H, W, 3\), found the shape \(5,\)"),
        (np.zeros((2, 2, 4), np.uint8), SourceError, "found the shape"),
        (np.zeros((0, 3), np.uint8), SourceError, "at least one pixel"),
        (np.zeros((2, 2), np.int32), SourceError, "int32"),
        (np.zeros((2, 2), bool), SourceError, "bool"),
        (np.array([[1.0, np.nan]]), SourceError, "the image has nan at column 1, row 0"),
        (np.array([[0.2, 0.9]]), ConfigError, "Pass Encoding"),
    ],
)
def test_bad_images(image, error, words):
    with pytest.raises(error, match=words) as raised:
        MovedImage(image, RIGHT)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"size": (0, 5)}, "size must be at least 1x1"),
        ({"scale": 0}, "scale must be above 0"),
        ({"scale": float("inf")}, "scale"),
        ({"scale": 1e6}, "Choose a smaller one"),
        ({"blur_px": -1}, "blur_px must be from 0 to 100"),
        ({"blur_px": float("nan")}, "blur_px"),
        ({"step_px": 0}, "step_px must be at least 0.0001"),
        ({"outside": "wrap"}, "outside must be one of edge, black, refuse, found 'wrap'"),
    ],
)
def test_bad_options(options, words):
    with pytest.raises(ConfigError, match=words):
        MovedImage(np.zeros((4, 4), np.uint8), RIGHT, **options)
