import math

import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.scenes.full_field import FullFieldRamp, FullFieldSinusoid, Scene
from eventsim.scenes.moving import Grating, MovingBar, MovingDisk, TranslatingPhotograph

PHOTO = np.tile(np.arange(20, dtype=np.float32) * 10, (4, 1))


def test_bar_covers_pixels_by_area() -> None:
    bar = MovingBar((6, 2), speed_px_s=100, width_px=2, contrast=1, background=50, start_px=3.5)
    assert bar.luminance(0)[1].tolist() == [50, 75, 100, 75, 50, 50]
    assert bar.luminance(10_000)[0].tolist() == [50, 50, 75, 100, 75, 50]


def test_bar_to_the_left_mirrors_bar_to_the_right() -> None:
    right = MovingBar((8, 1), speed_px_s=100, width_px=2)
    left = MovingBar((8, 1), speed_px_s=-100, width_px=2)
    for t in (0, 12_500, 33_000):
        assert np.allclose(left.luminance(t), right.luminance(t)[:, ::-1])


def test_bar_edges_come_when_they_should() -> None:
    bar = MovingBar((100, 1), speed_px_s=200, width_px=10)
    assert bar.edge_time_us(50) == pytest.approx(250_000)
    assert bar.edge_time_us(50, "trailing") == pytest.approx(300_000)
    assert MovingBar((100, 1), speed_px_s=-200).edge_time_us(50) == pytest.approx(250_000)


@pytest.mark.parametrize("speed", [100.0, -100.0])
@pytest.mark.parametrize("contrast", [1.0, -0.6])
def test_bar_events_are_where_log_luminance_has_moved_by_a_threshold(speed, contrast) -> None:
    bar = MovingBar((20, 1), speed_px_s=speed, contrast=contrast)
    times = bar.event_times_us(7, 0.2)
    # log 2 = 0.693 and log 0.4 = -0.916.
    assert len(times) == (3 if contrast > 0 else 4)
    moved = [math.log(float(bar.luminance(t)[0, 7]) / 100) for t in times.tolist()]
    wanted = np.copysign(0.2 * np.arange(1, len(times) + 1), contrast)
    assert moved == pytest.approx(wanted.tolist(), abs=1e-3)


def test_disk_moves_and_keeps_its_light() -> None:
    disk = MovingDisk((30, 20), start_px=(10, 10), velocity_px_s=(50, -25), radius_px=4)
    assert disk.center_px(100_000) == pytest.approx((15, 7.5))
    for t in (0, 33_333, 100_000):
        light = (disk.luminance(t).astype(np.float64) - 100).sum() / 100
        assert light == pytest.approx(math.pi * 16, rel=1e-5)
    assert disk.luminance(100_000)[7, 15] == 200


def test_grating_repeats_in_space_and_time() -> None:
    grating = Grating((32, 2), period_px=8, temporal_hz=5)
    first = grating.luminance(0)
    assert grating.speed_px_s == 40
    assert np.allclose(first[:, 8:16], first[:, :8], atol=1e-3)
    assert np.allclose(grating.luminance(200_000), first, atol=1e-3)
    # A quarter of a second at 40 px/s is 10 px, to the right.
    assert np.allclose(grating.luminance(250_000)[:, 10:], first[:, :-10], atol=1e-3)


def test_grating_is_averaged_over_each_pixel() -> None:
    grating = Grating((4, 1), period_px=4, contrast=0.8, mean=100)
    x = (np.arange(4000) + 0.5) / 1000
    fine = 100 * (1 + 0.8 * np.sin(2 * np.pi * x / 4))
    assert np.allclose(grating.luminance(0)[0], fine.reshape(4, 1000).mean(axis=1), atol=1e-3)


def test_grating_swing_is_what_a_pixel_sees() -> None:
    grating = Grating((1, 1), period_px=16, temporal_hz=1)
    seen = [float(grating.luminance(t)[0, 0]) for t in range(0, 1_000_000, 1000)]
    assert math.log(max(seen) / min(seen)) == pytest.approx(grating.swing_log, rel=1e-4)


@pytest.mark.parametrize("interpolation", ["linear", "cubic"])
def test_photograph_moves_by_parts_of_a_pixel(interpolation) -> None:
    photo = TranslatingPhotograph(PHOTO, (10, 0), interpolation=interpolation)
    for t_us, dx in ((0, 0.0), (1000, 0.01), (125_000, 1.25)):
        assert np.allclose(photo.luminance(t_us)[:, 5:15], PHOTO[:, 5:15] - 10 * dx, atol=1e-3)


def test_photograph_can_be_larger_than_the_frame() -> None:
    source = TranslatingPhotograph(PHOTO.astype(np.uint8), (-1000, 0), size=(5, 3)).frames(
        [0, 2000]
    )
    assert source.size == (5, 3)
    assert [f.values[0].tolist() for f in source] == [[0, 10, 20, 30, 40], [20, 30, 40, 50, 60]]


SCENES = (MovingBar, MovingDisk, Grating, FullFieldRamp, FullFieldSinusoid)


@pytest.mark.parametrize(
    "scene",
    [TranslatingPhotograph(PHOTO), *(make((20, 4)) for make in SCENES)],
    ids=lambda scene: type(scene).__name__,
)
def test_every_scene_gives_linear_frames_with_white_at_255(scene: Scene) -> None:
    source = scene.frames(np.array([0, 1000, 5000]))
    frames = list(source)
    assert [f.t_us for f in frames] == [0, 1000, 5000]
    assert {(f.values.dtype, f.values.shape) for f in frames} == {(np.dtype(np.float32), (4, 20))}
    assert (source.encoding.transfer, source.encoding.white) == ("linear", 255)
    assert np.array_equal(frames[2].values, scene.luminance(5000))


def test_impossible_scenes_are_refused() -> None:
    with pytest.raises(ConfigError, match="speed other than 0"):
        MovingBar((4, 4), speed_px_s=0)
    with pytest.raises(ConfigError, match="contrast > -1"):
        MovingDisk((4, 4), contrast=-1)
    with pytest.raises(ConfigError, match="radius_px"):
        MovingDisk((4, 4), radius_px=0)
    with pytest.raises(ConfigError, match="contrast in"):
        Grating((4, 4), contrast=1)
    with pytest.raises(ConfigError, match="shape"):
        TranslatingPhotograph(np.zeros((2, 2, 3)))
