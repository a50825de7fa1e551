"""The stage: how many frames, at what times, what is said; and what events that gives."""

import numpy as np
import pytest

import eventsim
from eventsim.errors import ConfigError
from eventsim.frames import Encoding, Frame, NewScene, Outline, Vectors
from eventsim.simulator import simulate_packets
from eventsim.sources.arrays import ArraySource
from eventsim.sources.reading import Reading
from eventsim.sources.staged import staged
from eventsim.upsampling import stage as stage_module
from eventsim.upsampling.stage import MOST, Upsampling

STEP_US = 40_000
SPEED = 6.0  # px a frame


@pytest.fixture(scope="module")
def clip(moved, coded):
    """A texture that moves by SPEED: three frames, and their times."""
    frames = np.stack([coded(moved(SPEED * k)) for k in range(3)])
    return frames, np.arange(3) * STEP_US


def seen(clip, most=100):
    notes = []
    return list(Upsampling("flow", most).frames(ArraySource(*clip), notes)), notes


def matched(truth, found, dt_us):
    """How many events of one stream have one of their own in the other, in place and in time."""
    count = 0
    for polarity in (False, True):
        for x in range(truth.size.width):
            for y in range(truth.size.height):
                a, b = (e.t[(e.x == x) & (e.y == y) & (e.p == polarity)] for e in (truth, found))
                i = j = 0
                while i < len(a) and j < len(b):
                    if abs(int(a[i]) - int(b[j])) <= dt_us:
                        i, j, count = i + 1, j + 1, count + 1
                    elif a[i] < b[j]:
                        i += 1
                    else:
                        j += 1
    return count


def test_as_many_frames_as_the_motion_takes(clip):
    frames, notes = seen(clip)
    times = [frame.t_us for frame in frames]
    assert times[0] == 0
    assert times[-1] == 2 * STEP_US
    assert STEP_US in times
    steps = times.index(STEP_US)
    assert SPEED <= steps <= SPEED + 1
    even = np.rint(np.arange(steps + 1) * STEP_US / steps)
    assert times[: steps + 1] == even.tolist()
    assert f"{len(frames) - 3} were made" in notes[0]
    assert f"{steps} at most" in notes[0]


def test_the_frames_of_the_clip_stay_as_they_are(clip):
    frames, _ = seen(clip)
    given = {frame.t_us: frame.values for frame in frames}
    for values, t_us in zip(*clip, strict=True):
        assert np.array_equal(given[t_us], Encoding().luminance(values))


def test_a_still_clip_gets_no_frames(moved, coded):
    frames, notes = seen((np.stack([coded(moved(0))] * 4), np.arange(4) * STEP_US))
    assert len(frames) == 4
    assert "between frames 0 were made" in notes[0]


def test_motion_above_the_limit_is_said(clip):
    frames, notes = seen(clip, most=2)
    assert len(frames) == 5
    assert "in 2 intervals, at 0, 0.04 s, something moves up to 3" in notes[1]
    assert "upsample_most is 2" in notes[1]


def test_no_two_frames_in_a_microsecond(clip):
    frames, _ = seen((clip[0], np.array([0, 2, 4])))
    assert [frame.t_us for frame in frames] == [0, 1, 2, 3, 4]


def test_events_lie_where_a_fast_camera_has_them(moved, coded):
    """At 1 frame in place of 32, within a pixel's place, half a frame, and one to one."""
    fine = np.stack([moved(SPEED * k / 32) for k in range(65)])
    times = np.rint(np.arange(65) * STEP_US / 32).astype(np.int64)
    truth = eventsim.simulate((fine, times), sensor="ideal", encoding="linear")
    few = np.stack([coded(moved(SPEED * k)) for k in range(3)]), np.arange(3) * STEP_US
    none, flow = (eventsim.simulate(few, sensor="ideal", upsample=how) for how in ("none", "flow"))
    scores = [
        2 * matched(truth, found, STEP_US // 2) / (len(truth) + len(found))
        for found in (none, flow)
    ]
    assert scores[1] > 0.9 > 0.8 > scores[0]


def test_a_cut_makes_no_burst(moved, coded, texture):
    """Signal before and after it, and none at it; noise goes on."""
    other = [np.rot90(texture)[40 + k : 136 + k, 40:136].clip(1, 255) for k in range(3)]
    scenes = [moved(SPEED * k) for k in range(3)], other
    frames = np.stack([coded(view) for views in scenes for view in views])
    clip = frames, np.arange(6) * STEP_US
    seen_frames, notes = seen(clip)
    assert [f.t_us for f in seen_frames if isinstance(f, NewScene)] == [3 * STEP_US]
    assert "1 new scenes began, at 0.12 s" in notes[1]
    events = eventsim.simulate(clip, sensor="ideal", upsample="flow")
    cut = (events.t > 2 * STEP_US) & (events.t <= 3 * STEP_US)
    assert not cut.any()
    assert (events.t <= 2 * STEP_US).sum() > 1000
    assert (events.t > 3 * STEP_US).sum() > 1000
    noisy = eventsim.simulate(clip, sensor="ideal", upsample="flow", shot_noise_rate_hz=20)
    cut = (noisy.t > 2 * STEP_US) & (noisy.t <= 3 * STEP_US)
    assert cut.sum() > 1000
    assert set(noisy.kind[cut].tolist()) == {eventsim.Kind.SHOT}


def test_slow_motion_comes_first(clip):
    at_once = eventsim.simulate(clip, sensor="ideal", upsample="flow")
    slow = clip[0], clip[1] * 8
    again = eventsim.simulate(slow, sensor="ideal", upsample="flow", slow_motion=8)
    assert np.array_equal(at_once.t, again.t)
    assert np.array_equal(at_once.x, again.x)


@pytest.mark.parametrize("sensor", ["ideal", "davis346"])
def test_the_same_bits_on_any_number_of_threads(clip, sensor):
    one, three = (
        eventsim.simulate(clip, sensor=sensor, upsample="flow", threads=n) for n in (1, 3)
    )
    assert one == three


def test_packets_come_while_the_clip_runs(clip):
    packets = list(simulate_packets(clip, sensor="ideal", upsample="flow"))
    assert len(packets) > 1
    assert sum(len(p.frame_t_us) for p in packets) == len(seen(clip)[0])


def test_a_scene_that_was_known_stays_one():
    def given():
        yield Frame(0, np.zeros((4, 4), np.uint8))
        yield NewScene(10, np.full((4, 4), 200, np.uint8))

    class Source:
        encoding = Encoding()
        __iter__ = staticmethod(given)

    kinds = [type(frame) for frame in Upsampling("flow", 9).frames(Source(), [])]
    assert kinds == [Frame, NewScene]


@pytest.mark.parametrize("first", [0, 1, 4, 8, 14, 99])
def test_frames_from_a_number_on_are_those_of_the_whole(clip, monkeypatch, first):
    whole, notes = seen(clip)
    made = []
    real = stage_module.picture_between
    monkeypatch.setattr(
        stage_module, "picture_between", lambda *given: made.append(1) or real(*given)
    )
    source = staged(ArraySource(*clip), Reading(upsample="flow").stages())
    later = list(source.frames_from(first))
    assert [frame.t_us for frame in later] == [frame.t_us for frame in whole[first:]]
    for one, other in zip(later, whole[first:], strict=True):
        assert np.array_equal(one.values, other.values)
    assert len(made) == len([f for f in whole[first:] if f.t_us % STEP_US])
    assert source.notes == notes


def test_what_is_known_beforehand():
    before = Outline((4, 3), Encoding(), 10, 7, 1000, 5)
    after = Upsampling("flow", 9).outline(before)
    assert after.encoding == Encoding("linear")
    assert after.expected_frames is None
    assert (after.size, after.first_us, after.duration_us, after.run_in_us) == ((4, 3), 7, 1000, 5)


def test_notes_are_those_of_the_last_pass(clip):
    source = staged(ArraySource(*clip), Reading(upsample="flow").stages())
    for _ in range(2):
        list(source)
        assert len(source.notes) == 1


@pytest.mark.parametrize("most", [1, MOST + 1])
def test_a_limit_out_of_range(most):
    with pytest.raises(ConfigError, match=f"upsample_most must be from 2 to {MOST}, found {most}"):
        Reading(upsample="flow", upsample_most=most)


@pytest.mark.parametrize("known", ["both", "forth", "back"])
def test_a_renderer_knows_better(texture, moved, known):
    """A textured square passes by 9 px a frame: its edges are where it is, in every step."""

    def scene(t):
        light, x = moved(0).copy(), 10 + round(9 * t)
        light[30:60, x : x + 30] = 30 + texture[200:230, 200:230] * 0.8
        return light

    frames = []
    for k in range(3):
        forth, back = np.zeros((2, 96, 96, 2), np.float32)
        x = 10 + 9 * k
        forth[30:60, x : x + 30, 0], back[30:60, x : x + 30, 0] = 9, -9
        depth = np.full((96, 96), 9, np.float32)
        depth[30:60, x : x + 30] = 1
        vectors = Vectors(
            forth if known != "back" else None, back if known != "forth" else None, depth
        )
        frames.append(Frame(k * STEP_US, scene(k)).knowing(vectors=vectors))

    class Source:
        encoding = Encoding("linear")

        def __iter__(self):
            return iter(frames)

    notes = []
    made = list(Upsampling("flow", 100).frames(Source(), notes))
    assert len(made) == 19  # nine steps a frame
    for frame in made:
        t = frame.t_us / STEP_US
        off = np.abs(frame.values - scene(t))
        whole = off[32:58, 12 + round(9 * t) : 38 + round(9 * t)]
        assert whole.max() < 0.1  # in the square, where steps are whole pixels
        assert (off > 1).mean() < 0.01
    assert "motion is that of the renderer; 2.93% of the pixels are hidden" in notes[1]
