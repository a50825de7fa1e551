"""The pixels of a sensor: what is refused, what an empty push gives, how work is spread."""

import numpy as np
import pytest

from eventsim import Encoding, Events, Kind, SensorSize
from eventsim.errors import ConfigError, TimeOrderError
from eventsim.packets.packing import MAX_INTERVAL_US
from eventsim.pixel.array import (
    LONGEST_US,
    PixelArray,
    warm_up,
)
from eventsim.pixel.kernels import kernels
from eventsim.pixel.models import make_settings
from eventsim.pixel.settings import PRESETS, PixelSettings

SIZE = SensorSize(4, 3)
HALF_HOUR_US = 1_800_000_000


def array(size=SIZE, encoding=None, **options):
    return PixelArray(size, PixelSettings(), encoding or Encoding(), **options)


def flat(n, level=50, size=SIZE):
    return np.full((n, size.height, size.width), level, np.uint8)


def test_a_new_scene_makes_no_event_and_the_one_before_stays_until_then():
    """The light of the first scene until the cut, and then that of the second, without a step."""
    pixels = PixelArray(SIZE, make_settings({"shot_noise_rate_hz": 100}), Encoding())
    list(pixels.pieces(flat(1, 50), np.array([0])))
    at_cut = list(pixels.pieces(flat(2, 200), np.array([600_000, 700_000]), new_scene=True))
    assert [p.frame_t_us.tolist() for p in at_cut if len(p.frame_t_us)] == [[600_000], [700_000]]
    events = Events.concatenate([p.events for p in at_cut], SIZE)
    assert set(events.kind.tolist()) == {Kind.SHOT}
    assert len(events) > 0
    after = list(pixels.pieces(flat(1, 220), np.array([800_000])))
    steps = Events.concatenate([p.events for p in after], SIZE)
    rise = np.log(Encoding().luminance(np.array([220]))) - np.log(
        Encoding().luminance(np.array([200]))
    )
    assert (steps.kind == Kind.SIGNAL).sum() == 12 * int(rise[0] / 0.2)


def test_the_first_frame_of_all_is_no_cut():
    (packet,) = array().pieces(flat(2, 200), np.array([5, 9]), new_scene=True)
    assert packet.frame_t_us.tolist() == [5, 9]
    assert not len(packet.events)


@pytest.mark.parametrize("threads", [0, -3])
def test_threads_must_be_positive(threads):
    with pytest.raises(ConfigError, match=f"threads must be 1 or more, found {threads}"):
        array(threads=threads)


@pytest.mark.parametrize(
    ("frames", "times"),
    [
        (np.zeros((3, 4, 3), np.uint8), 3),  # height and width swapped
        (np.zeros((3, 4), np.uint8), 3),
        (np.zeros((3, 3, 4, 1), np.uint8), 3),
        (np.zeros((3, 3, 4), np.uint8), 2),
        (np.zeros((0, 3, 4), np.uint8), 1),
    ],
)
def test_frames_must_have_the_shape_of_the_sensor(frames, times):
    with pytest.raises(
        ConfigError, match=r"expected frames of shape \(F, 3, 4\) and as many times"
    ):
        array().push(frames, np.arange(times))


@pytest.mark.parametrize(
    ("t_us", "message"),
    [
        ([0, 10, 10], "10 us follows 10 us"),
        ([0, 10, 5], "5 us follows 10 us"),
        ([7, 3, 9], "3 us follows 7 us"),
        ([0, MAX_INTERVAL_US + 1, MAX_INTERVAL_US + 2], "2147483648 us follows 0 us"),
    ],
)
def test_times_must_increase(t_us, message):
    with pytest.raises(TimeOrderError, match=message):
        array().push(flat(3), np.array(t_us))


def test_times_must_increase_from_push_to_push():
    pixels = array()
    pixels.push(flat(2), np.array([0, 1000]))
    for t in (1000, 999, -5):
        with pytest.raises(TimeOrderError, match=f"{t} us follows 1000 us"):
            pixels.push(flat(1), np.array([t]))
    assert pixels.push(flat(1), np.array([1001])).frame_t_us.tolist() == [1001]


def test_the_longest_interval():
    pixels = array(SensorSize(1, 1), Encoding("log"))
    frames = np.array([[[4.0]], [[4.5]]], np.float32)
    events = pixels.push(frames, np.array([5, 5 + MAX_INTERVAL_US])).events
    # Float32 gives the moment to 1e-7 of the interval.
    assert events.t - 5 == pytest.approx([0.4 * MAX_INTERVAL_US, 0.8 * MAX_INTERVAL_US], rel=1e-6)


@pytest.mark.parametrize("n", [3, 5])
def test_frames_half_an_hour_apart_in_one_batch(n):
    frames = (np.arange(n, dtype=np.float32) * 0.3 + 2)[:, None, None]
    t_us = np.arange(n) * HALF_HOUR_US
    at_once = array(SensorSize(1, 1), Encoding("log")).push(frames, t_us).events
    pixels = array(SensorSize(1, 1), Encoding("log"))
    one_by_one = [pixels.push(frames[i : i + 1], t_us[i : i + 1]).events for i in range(n)]
    assert at_once == Events.concatenate(one_by_one, (1, 1))


def test_a_sensor_wider_than_columns_of_events_can_say_is_refused():
    size = SensorSize(70_000, 1)
    frames = np.full((2, 1, size.width), 4, np.float32)
    frames[1, 0, -1] = 4.3
    with pytest.raises(ConfigError, match=r"at most 32767 per side, found 70000x1\. Crop"):
        array(size, Encoding("log")).push(frames, np.array([0, 1000]))


def test_an_empty_push_is_an_empty_packet():
    pixels = array()
    for _ in range(2):
        packet = pixels.push(flat(0), np.zeros(0, np.int64))
        assert packet.events == Events.empty(SIZE)
        assert packet.frame_t_us.size == packet.frame_stop.size == 0
    assert pixels.save() == {}
    assert pixels.push(flat(1), np.array([5])).frame_stop.tolist() == [0]


def test_the_first_frame_makes_no_event():
    packet = array().push(flat(1, 255), np.array([5]))
    assert packet.events == Events.empty(SIZE)
    assert packet.frame_t_us.tolist() == [5]
    assert packet.frame_stop.tolist() == [0]


def test_frame_stops_count_events():
    pixels = array(SensorSize(1, 1), Encoding("log"))
    frames = np.array([4.0, 4.0, 4.5, 4.5, 4.2], np.float32)[:, None, None]
    packet = pixels.push(frames, np.arange(5) * 1000)
    assert packet.frame_stop.tolist() == [0, 0, 2, 2, 3]
    assert packet.events.t.tolist()[:2] == [1400, 1800]


def test_an_event_at_the_time_of_a_frame_belongs_to_the_interval_before():
    pixels = array(SensorSize(1, 1), Encoding("log"))
    frames = np.array([4.0, 4.2, 4.4], np.float32)[:, None, None]
    packet = pixels.push(frames, np.arange(3) * 1000)
    assert packet.events.t.tolist() == [1000, 2000]
    assert packet.frame_stop.tolist() == [0, 1, 2]


@pytest.mark.parametrize("order", ["C", "F", "strided"])
def test_memory_order_does_not_matter(order):
    frames = np.random.default_rng(0).integers(0, 256, (5, 3, 4)).astype(np.uint8)
    given = {
        "C": frames,
        "F": np.asfortranarray(frames),
        "strided": np.repeat(frames, 2, axis=2)[:, :, ::2],
    }[order]
    t_us = np.arange(5) * 1000
    assert array().push(given, t_us).events == array().push(frames.copy(), t_us).events


def test_frames_are_not_changed():
    frames = np.random.default_rng(0).integers(0, 256, (5, 3, 4)).astype(np.uint8)
    kept = frames.copy()
    array().push(frames, np.arange(5) * 1000)
    assert np.array_equal(frames, kept)


def test_packets_do_not_share_memory():
    pixels = array()
    t_us = np.array([1000])
    pixels.push(flat(1), np.array([0]))
    first = pixels.push(flat(1, 250), t_us).events
    kept = [first.t.copy(), first.x.copy()]
    pixels.push(flat(1, 2), t_us + 1000)
    assert np.array_equal(first.t, kept[0])
    assert np.array_equal(first.x, kept[1])


def test_a_state_of_another_sensor_is_refused():
    pixels = array()
    pixels.push(flat(1), np.array([0]))
    with pytest.raises(ConfigError, match="saved state of 4x3 does not fit a sensor of 5x3"):
        array(SensorSize(5, 3)).restore(pixels.save())


def test_a_state_of_a_turned_sensor_is_refused():
    pixels = array()
    pixels.push(flat(1), np.array([0]))
    with pytest.raises(ConfigError):
        array(SensorSize(3, 4)).restore(pixels.save())


def test_restoring_nothing_begins_anew():
    pixels = array()
    pixels.push(flat(1, 0), np.array([1_000_000]))
    pixels.restore({})
    packet = pixels.push(flat(1, 255), np.array([0]))
    assert len(packet.events) == 0
    assert packet.frame_t_us.tolist() == [0]


def test_a_saved_state_is_a_copy():
    pixels = array()
    pixels.push(flat(1), np.array([0]))
    saved = pixels.save()
    pixels.push(flat(1, 200), np.array([1000]))
    again = array()
    again.restore(saved)
    assert len(again.push(flat(1), np.array([1000])).events) == 0


def test_warming_up_compiles_both_paths():
    warm_up()
    for name in ("run_tile", "sort_events", "run_codes", "sort_frame"):
        assert getattr(kernels(), name).signatures


def test_size_may_be_a_plain_pair():
    assert PixelArray((4, 3), PixelSettings(), Encoding()).size == SIZE


def test_a_refused_push_leaves_no_trace():
    pixels = array()
    good = np.array([0, 1000])
    for frames, t_us in (
        (flat(2), np.array([0.5, 1.5])),
        (flat(2), np.array([5, 5])),
        (np.full((2, 3, 4), np.nan, np.float32), good),
    ):
        with pytest.raises((ConfigError, TimeOrderError)):
            pixels.push(frames, t_us)
    assert not pixels.save()
    assert pixels.push(flat(2), good).frame_t_us.tolist() == [0, 1000]


PAUSE = np.array([0, 10_000, 7_310_001, 7_320_000])


def noisy(size=SIZE, threads=1):
    slow = make_settings({**PRESETS["v2e-noisy"], "photoreceptor_cutoff_hz": 30})
    return PixelArray(size, slow, Encoding(), threads=threads)


def test_a_pause_comes_in_pieces_of_bounded_length():
    """30 pieces of at most 0.25 s; only the last one of the pause has its frame."""
    frames = np.stack([np.full((3, 4), level, np.uint8) for level in (50, 60, 200, 90)])
    packets = list(noisy().pieces(frames, PAUSE))
    assert [len(p.frame_t_us) for p in packets] == [2, *[0] * 29, 2]
    assert sum(len(p.events) for p in packets) > 20
    for packet in packets:
        if len(packet.events):
            assert packet.events.t[-1] - packet.events.t[0] <= LONGEST_US + 10_000
    whole = noisy().push(frames, PAUSE)
    assert whole.events == Events.concatenate([p.events for p in packets], SIZE)
    assert whole.frame_t_us.tolist() == PAUSE.tolist()
    after = np.searchsorted(whole.events.t, PAUSE, side="right")
    assert whole.frame_stop.tolist() == after.tolist()


def test_a_slow_ramp_gives_the_events_of_the_formula():
    """Without filter and noise pieces change nothing: event k at k thresholds of the ramp."""
    frames = np.array([[[3.0]], [[5.0]]], np.float32)
    events = array(SensorSize(1, 1), Encoding("log")).push(frames, np.array([0, 7_300_001])).events
    assert len(events) == 10
    expected = np.arange(1, 11) * 0.2 / 2.0 * 7_300_001
    assert np.abs(events.t - expected).max() <= 4  # float32 of 2 ln is good to 4e-7 of 7.3 s


def test_noise_in_a_pause_has_the_rate_asked_for():
    """Two minutes of 400 dark pixels, within five standard deviations.

    At 0 DN the rate is 1 - 0.75 * 20 / 275 of the one asked for (v2e's dependence on light).
    """
    settings = make_settings({"shot_noise_rate_hz": 1.0})
    size = SensorSize(20, 20)
    pixels = PixelArray(size, settings, Encoding())
    still = np.zeros((2, 20, 20), np.uint8)
    events = pixels.push(still, np.array([0, 120_000_000])).events
    expected = 48_000 * (1 - 0.75 * 20 / 275)
    assert abs(len(events) - expected) < 5 * np.sqrt(expected)
    thirds = np.histogram(events.t, 3, (0, 120_000_000))[0]
    assert np.abs(thirds - len(events) / 3).max() < 5 * np.sqrt(16_000)
