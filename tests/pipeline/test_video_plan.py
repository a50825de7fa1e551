import json
import pickle

import pytest

from eventsim.camera import choose_camera
from eventsim.errors import ConfigError, SourceError
from eventsim.events import SensorSize
from eventsim.pipeline.inputs import Input
from eventsim.pipeline.plans import differences
from eventsim.pipeline.video_plan import plan_videos
from eventsim.random import recording_seed
from eventsim.sources.reading import Reading

CAMERA = choose_camera("ideal", "card", {})


def test_small_clips_share_a_part(clips):
    """Three clips of 32 x 24 pixels and 40 frames: 0.2 x 768 x 40 = 6144 events each."""
    made = plan_videos(clips, CAMERA)
    assert [len(part) for part in made.parts] == [3]
    assert [r.estimated_events for r in made.recordings] == [6144] * 3
    assert made.frames == 120


def test_large_ones_have_their_own(clips):
    """At 1000 x 1000 they are 8 million each, more than a part should hold."""
    made = plan_videos(clips, CAMERA, reading=Reading(size=SensorSize(1000, 1000)))
    assert [len(part) for part in made.parts] == [1, 1, 1]


def test_middle_ones(clips):
    """At 400 x 250 they are 800,000 each: a part is closed by the third, above 2 million."""
    made = plan_videos([*clips, clips[0]], CAMERA, reading=Reading(size=SensorSize(400, 250)))
    assert [len(part) for part in made.parts] == [3, 1]


def test_order_is_kept_and_labels(clips):
    made = plan_videos([Input(str(clips[1]), label="b"), clips[0]], CAMERA)
    assert [r.input.path for r in made.recordings] == [str(clips[1]), str(clips[0])]
    assert made.recordings[0].input.label == "b"


def test_seeds_differ_by_seed_and_place():
    seeds = {recording_seed(seed, index) for seed in range(20) for index in range(20)}
    assert len(seeds) == 400
    assert all(0 <= seed < 2**63 for seed in seeds)


def test_size_of_the_camera(clips):
    camera = choose_camera("davis346", "v2e-clean", {})
    assert plan_videos(clips, camera).recordings[0].size == (346, 260)
    by_source = plan_videos(clips, camera, reading=Reading(size="source"))
    assert by_source.recordings[0].size == (32, 24)
    assert plan_videos(clips, CAMERA).recordings[0].size == (32, 24)


def test_bad_input_stays_in_the_plan(clips, broken):
    made = plan_videos([clips[0], broken], CAMERA)
    assert [r.size for r in made.recordings] == [(32, 24), None]
    assert made.frames == 40


def test_only_bad_inputs(broken, tmp_path):
    with pytest.raises(SourceError, match="none of the 2 inputs can be read"):
        plan_videos([broken, tmp_path / "nothing.mp4"], CAMERA)
    with pytest.raises(ConfigError, match="no input"):
        plan_videos([], CAMERA)


def test_options_that_contradict_are_not_a_bad_input(clips):
    with pytest.raises(ConfigError):
        plan_videos(clips, CAMERA, reading=Reading(start_s=2, stop_s=1))


def test_attributes_are_json_and_complete(clips):
    made = plan_videos(clips, CAMERA, seed=5)
    attributes = made.attributes()
    assert json.loads(json.dumps(attributes)) == attributes
    assert attributes["seed"] == 5
    assert attributes["settings"]["contrast_threshold_on"] == 0.2
    assert attributes["encoding"] == {"transfer": "srgb", "white": None}
    assert pickle.loads(pickle.dumps(made)) == made


def test_differences_are_named(clips):
    there = plan_videos(clips, CAMERA, seed=5).attributes()
    now = plan_videos(
        clips, choose_camera("ideal", "card", {"leak_rate_hz": 1}), seed=6
    ).attributes()
    assert differences(there, there) == []
    assert differences(there, now) == [
        "settings.leak_rate_hz is 0.0 there and 1.0 now",
        "seed is 5 there and 6 now",
    ]
    other = plan_videos(clips[:2], CAMERA, seed=5).attributes()
    assert differences(there, other)[0] == "inputs.count is 3 there and 2 now"
