"""Frames to events, for everything that `simulate` accepts."""

import av
import numpy as np
import pytest

import eventsim
from eventsim import Encoding, Events, Frame, Kind, SensorSize
from eventsim.camera import choose_camera
from eventsim.errors import ConfigError, SourceError, TimeOrderError
from eventsim.simulator import (
    Snapshot,
    simulate,
    simulate_packets,
    simulate_source,
    simulate_with_snapshots,
)
from eventsim.sources.batches import BATCH_FRAMES, LONG_BATCH_FRAMES

RNG_FRAMES = np.random.default_rng(0).integers(0, 256, (9, 12, 16)).astype(np.uint8)
TIMES = np.arange(9) * 10_000
PAIR = (RNG_FRAMES, TIMES)
IDEAL = {"sensor": "ideal"}


class Source:
    """A source of frames as a caller might write one."""

    def __init__(self, frames, size=(16, 12), encoding=None):
        self.frames = frames
        self.size = SensorSize(*size)
        self.encoding = encoding or Encoding()
        self.expected_frames = None
        self.notes = []
        self.lost_frames = 0

    def __iter__(self):
        yield from self.frames


def pairs():
    return [(int(t), frame) for t, frame in zip(TIMES, RNG_FRAMES, strict=True)]


def encode(path, levels, size=(64, 48), rate=50):
    """A video without loss, of full-field gray levels on the scale 16..235."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=rate)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        for level in levels:
            frame = av.VideoFrame(*size, "yuv420p")
            for plane, value in zip(frame.planes, (level, 128, 128), strict=True):
                plane.update(bytes([value]) * plane.buffer_size)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.fixture(scope="module")
def video(tmp_path_factory):
    return encode(tmp_path_factory.mktemp("video") / "flicker.mkv", [120, 120, 220, 120, 120])


# Sources


def test_every_kind_of_source_gives_the_same_events():
    expected = simulate(PAIR, **IDEAL)
    assert len(expected) > 1000
    assert expected.size == SensorSize(16, 12)
    frames = [Frame(t, values) for t, values in pairs()]
    given = {
        "iterator": iter(pairs()),
        "generator": ((t, values) for t, values in pairs()),
        "list of pairs": pairs(),
        "list of Frame": frames,
        "tuple of Frame": tuple(frames),
        "source": Source(frames),
    }
    for name, source in given.items():
        assert simulate(source, **IDEAL) == expected, name


def test_two_frames_are_not_taken_for_a_pair_of_arrays():
    frames = tuple(Frame(t, values) for t, values in pairs()[:2])
    assert simulate(frames, **IDEAL) == simulate((RNG_FRAMES[:2], TIMES[:2]), **IDEAL)


def test_packets_are_the_events_piece_by_piece():
    n = 3 * LONG_BATCH_FRAMES
    frames = np.random.default_rng(1).integers(0, 256, (n, 4, 5)).astype(np.uint8)
    t_us = np.arange(n) * 5_000
    packets = list(simulate_packets((frames, t_us), sensor="davis346", seed=4))
    assert len(packets) > 2
    whole = simulate((frames, t_us), sensor="davis346", seed=4)
    assert Events.concatenate([p.events for p in packets], (5, 4)) == whole
    assert np.array_equal(np.concatenate([p.frame_t_us for p in packets]), t_us)


def test_packets_come_while_the_source_runs():
    drawn = []

    def endless():
        k = 0
        while True:
            drawn.append(k)
            yield k * 1000, np.full((2, 2), 100 + 50 * (k % 2), np.uint8)
            k += 1

    packets = simulate_packets(endless(), **IDEAL)
    for _ in range(3):
        assert len(next(packets).events) > 0
    assert len(drawn) <= 3 * BATCH_FRAMES


def test_seed_and_threads():
    a, b = (simulate(PAIR, sensor="davis346", seed=s) for s in (1, 2))
    assert a != b
    assert simulate(PAIR, sensor="davis346", seed=1, threads=2) == a
    assert simulate(PAIR, sensor="davis346", seed=1, threads=1) == a


@pytest.mark.parametrize("n", [1, 2])
def test_still_or_single_frames_make_no_events(n):
    events = simulate((np.full((n, 3, 4), 90, np.uint8), np.arange(n)), **IDEAL)
    assert events == Events.empty((4, 3))


def test_no_frame_at_all():
    with pytest.raises(SourceError, match="at least one frame, found none"):
        simulate((np.zeros((0, 3, 4), np.uint8), np.zeros(0, int)))
    with pytest.raises(SourceError, match="the iterator gave none"):
        simulate(iter(()))


def test_no_frame_from_a_source_leaves_its_size():
    assert simulate(Source([]), **IDEAL) == Events.empty((16, 12))


# What the numbers mean


def one_pixel(a, b, **options):
    frames = np.array([[[a]], [[b]]])
    return simulate((frames, np.array([0, 1000])), **(IDEAL | options))


def test_numbers_are_srgb_unless_the_card_says_otherwise():
    # Codes 100 and 200: ln of the sRGB decoded light rises by 1.508, ln 2 = 0.693 if linear.
    light = [((c / 255 + 0.055) / 1.055) ** 2.4 for c in (100, 200)]
    assert int(np.log(light[1] / light[0]) / 0.2) == 7
    a, b = np.uint8(100), np.uint8(200)
    assert len(one_pixel(a, b)) == 7
    assert len(one_pixel(a, b, encoding="linear")) == 3
    ideal_v2e = {"sensor": "v2e", "noise": "v2e-clean", "threshold_mismatch": 0,
                 "photoreceptor_cutoff_hz": 0, "refractory_period_us": 0}  # fmt: skip
    assert len(one_pixel(a, b, **ideal_v2e)) == 3
    assert len(one_pixel(a, b, **ideal_v2e, encoding="srgb")) == 7


def test_log_numbers():
    assert one_pixel(4.0, 4.5, encoding="log").t.tolist() == [400, 800]
    with pytest.raises(ConfigError, match="'log' needs floating point frames"):
        one_pixel(np.uint8(4), np.uint8(5), encoding="log")


def test_unknown_encoding():
    with pytest.raises(ConfigError, match="one of srgb, linear, pq, hlg, log, found 'gamma'"):
        one_pixel(4.0, 40.0, encoding="gamma")


def test_white():
    # 16-bit numbers: 65535 is white, unless a camera of 12 bits says 4095.
    a, b = np.uint16(1000), np.uint16(4000)
    assert len(one_pixel(a, b, encoding="linear", white=4095)) == 6  # ln 4 = 1.386
    # 3.9 and 15.6 DN are on the straight part of the response: 11.7 ln(20) / 20 = 1.75.
    assert len(one_pixel(a, b, encoding="linear", white=65535)) == 8


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.uint16])
def test_the_dtype_does_not_matter(dtype):
    expected = simulate(PAIR, **IDEAL)
    assert simulate((RNG_FRAMES.astype(dtype), TIMES), **IDEAL, white=255) == expected


def test_floats_up_to_one_are_not_taken_for_darkness():
    frames = RNG_FRAMES.astype(np.float32) / 255
    with pytest.raises(ConfigError, match=r"Pass white=1\.0"):
        simulate((frames, TIMES), **IDEAL)
    events = simulate((frames, TIMES), **IDEAL, white=1.0)
    assert abs(len(events) - len(simulate(PAIR, **IDEAL))) <= 2


@pytest.mark.parametrize("option", [{"encoding": "linear"}, {"white": 100.0}])
def test_a_source_says_itself_what_its_frames_are(option):
    frames = [Frame(t, values) for t, values in pairs()]
    with pytest.raises(ConfigError, match=f"found {next(iter(option))} beside one"):
        simulate(Source(frames), **IDEAL, **option)


# Mistakes


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({"size": (4, 4)}, "size"),
        ({"fit": "pad", "stop_s": 1.0}, "fit, stop_s"),
        ({"start_s": 0.0}, "start_s"),
        ({"crop": (0, 0, 1, 1), "size": (4, 4)}, "crop, size"),
        ({"times_file": "times.txt"}, "times_file"),
    ],
)
def test_options_of_a_path_are_refused_for_arrays(options, names):
    with pytest.raises(ConfigError, match=f"^{names} can only be used with a path"):
        simulate(PAIR, **IDEAL, **options)


def test_size_source_is_what_arrays_have_anyway():
    assert simulate(PAIR, **IDEAL, size="source") == simulate(PAIR, **IDEAL)


@pytest.mark.parametrize(
    ("times", "error", "message"),
    [
        (TIMES.astype(float), ConfigError, "microseconds as integers, found float64"),
        (TIMES[::-1].copy(), TimeOrderError, "frame 1 has t=70000 us after t=80000 us"),
        (TIMES[:3], ConfigError, "9 frames and times of the shape"),
    ],
)
def test_wrong_times(times, error, message):
    with pytest.raises(error, match=message):
        simulate((RNG_FRAMES, times), **IDEAL)


def test_an_unknown_option_gets_the_nearest_setting():
    with pytest.raises(
        ConfigError, match=r"no setting 'treshold_mismatch'. Did you mean 'threshold_mis"
    ):
        simulate(PAIR, treshold_mismatch=0.1)


def test_what_is_no_source_is_an_error_of_ours():
    with pytest.raises((ConfigError, SourceError)):
        simulate(5)


# Paths


def test_video(video):
    # Codes 120 and 220 of 16..235 are 48.8 and 216.7 DN: ln of them rises by 1.49.
    light = [((c + 0.055) / 1.055) ** 2.4 for c in (104 / 219, 204 / 219)]
    levels = int(np.log(light[1] / light[0]) / 0.2)
    events = simulate(str(video), **IDEAL)
    assert events.size == SensorSize(64, 48)
    assert len(events) == 2 * levels * 64 * 48
    assert events.p.sum() == levels * 64 * 48
    # Frames of 20 ms: up between 20 and 40 ms, down between 40 and 60.
    assert 20_000 < events.t[events.p].min() <= events.t[events.p].max() <= 40_000
    assert 40_000 < events.t[~events.p].min() <= events.t[~events.p].max() <= 60_000


def test_a_path_object_is_a_path(video):
    assert simulate(video, **IDEAL) == simulate(str(video), **IDEAL)


@pytest.mark.parametrize(
    ("options", "size"),
    [
        ({"sensor": "dvs128"}, (128, 128)),
        ({"sensor": "dvs128", "size": "source"}, (64, 48)),
        ({"sensor": "dvs128", "size": (32, 24)}, (32, 24)),
        ({"sensor": "ideal"}, (64, 48)),
        ({"sensor": "ideal", "size": (20, 30)}, (20, 30)),
        ({"sensor": "ideal", "crop": (3, 4, 10, 5)}, (10, 5)),
    ],
)
def test_size_of_a_path(video, options, size):
    assert simulate(video, **options).size == size


def test_window_of_a_path(video):
    events = simulate(video, **IDEAL, stop_s=0.05)
    assert events.p.all()
    assert events == simulate(video, **IDEAL).window(0, 40_001)


@pytest.mark.parametrize("option", [{"fps": 30}, {"white": 200.0}])
def test_options_of_images_are_refused_for_a_video(video, option):
    with pytest.raises(ConfigError, match=f"{next(iter(option))} can be set for images only"):
        simulate(video, **IDEAL, **option)


def test_a_path_that_is_not_there(tmp_path):
    with pytest.raises(SourceError, match=r"nothing.mp4 does not exist"):
        simulate(tmp_path / "nothing.mp4")


def test_simulate_source_takes_the_size_of_the_source():
    frames = [Frame(t, values) for t, values in pairs()]
    packets = list(simulate_source(Source(frames), choose_camera("imx636", "v2e-clean")))
    assert packets[0].events.size == (16, 12)


def test_the_example_of_the_package():
    assert eventsim.simulate is simulate
    assert eventsim.simulate_packets is simulate_packets


def test_gone_on_from_a_snapshot():
    """The events after it are those of a run that was never interrupted."""
    rng = np.random.default_rng(3)
    frames = rng.integers(0, 256, (40, 6, 8), np.uint8)
    t_us = np.arange(40) * 10_000
    camera = choose_camera("davis346", "v2e-noisy", {"refractory_period_us": 100})

    def source(first=0):
        later = [Frame(int(t), f) for t, f in zip(t_us[first:], frames[first:], strict=True)]
        return Source(later, size=(8, 6))

    whole = [p.events for p in simulate_source(source(), camera, seed=5)]
    items = list(simulate_with_snapshots(source(), camera, seed=5, wanted=lambda: True))
    snapshots = [item for item in items if isinstance(item, Snapshot)]
    assert len(snapshots) > 3
    for k, snapshot in enumerate(snapshots):
        before = items[: items.index(snapshot)]
        rest = simulate_with_snapshots(source(snapshot.frames), camera, seed=5, go_on=snapshot)
        events = [p.events for p in [*before, *rest] if not isinstance(p, Snapshot)]
        assert Events.concatenate(events, (8, 6)) == Events.concatenate(whole, (8, 6)), k


def test_a_twin_sees_the_same_frames_with_the_same_draws():
    def frames():  # can be gone through once only
        for k in range(20):
            yield k * 10_000, np.full((12, 16), 60 + 5 * k, np.uint8)

    clean, shot = simulate(
        frames(), sensor="ideal", noise="v2e-clean", twin={"shot_noise_rate_hz": 40}
    )
    assert clean == simulate(frames(), sensor="ideal", noise="v2e-clean")
    alone = simulate(frames(), sensor="ideal", noise="v2e-clean", shot_noise_rate_hz=40)
    assert shot == alone
    assert shot[shot.kind == Kind.SIGNAL] == clean
    assert len(shot) > len(clean)


def test_a_twin_with_other_thresholds_has_the_same_noise():
    def frames():
        return [(k * 10_000, np.full((12, 16), 60 + 5 * k, np.uint8)) for k in range(20)]

    one, two = simulate(
        frames(), sensor="ideal", shot_noise_rate_hz=40,
        twin={"contrast_threshold_on": 0.1},
    )  # fmt: skip
    assert one[one.kind == Kind.SHOT] == two[two.kind == Kind.SHOT]
    assert len(two) > len(one)


def test_a_twin_that_differs_in_nothing_is_refused():
    with pytest.raises(ConfigError, match="changes nothing"):
        simulate([(0, np.zeros((2, 2), np.uint8))], noise="v2e-noisy", twin={"leak_rate_hz": 0.1})


# Noise of a room in daylight: IEBCS (Joubert et al. 2021) measured, at 161 lux, ON 0.104 Hz per
# pixel and OFF about 0; 34 % of the pixels fired at all, and the top 1 % of them made 53 % of the
# events.


def still(sensor, size, seconds):
    frames = np.full((2, size[1], size[0]), 128, np.uint8)
    return simulate((frames, np.array([0, seconds * 10**6])), sensor=sensor)


def test_the_ideal_sensor_is_silent():
    assert len(still("ideal", (64, 48), 60)) == 0


def test_cards_have_the_noise_measured_in_daylight():
    size, seconds = (346, 260), 30
    events = still("davis346", size, seconds)
    pixel_seconds = size[0] * size[1] * seconds
    assert np.sum(events.p) / pixel_seconds == pytest.approx(0.104, rel=0.15)
    assert np.sum(~events.p) / pixel_seconds < 0.006
    counts = np.bincount(events.y.astype(int) * size[0] + events.x, minlength=size[0] * size[1])
    top = np.sort(counts)[-len(counts) // 100 :].sum() / len(events)
    assert top == pytest.approx(0.53, abs=0.08)
    assert np.quantile(counts / seconds, 0.75) < 0.104 < np.mean(counts[counts > 0]) / seconds


def test_a_dvs128_is_as_quiet_as_the_recorded_ones():
    """Four quiet stretches: 0.028 to 0.030 Hz per pixel, ON share 0.96 in the two cleanest."""
    events = still("dvs128", (128, 128), 60)
    assert len(events) / (128 * 128 * 60) == pytest.approx(0.029, rel=0.05)
    assert np.mean(events.p) == pytest.approx(0.96, abs=0.01)
