"""Twins: equal but for one effect."""

import numpy as np
import pytest

import eventsim
from eventsim.camera import choose_camera
from eventsim.errors import ConfigError
from eventsim.events import Kind
from eventsim.pipeline.extending import plan_append
from eventsim.pipeline.inputs import Input
from eventsim.pipeline.run import run
from eventsim.pipeline.twins import with_twins
from eventsim.pipeline.video_plan import plan_videos
from eventsim.random import recording_seed
from eventsim.sources.reading import Reading

CAMERA = choose_camera("ideal", "v2e-noisy")
SOURCE = Reading(size="source")


def test_each_recording_is_followed_by_its_twin(clips, tmp_path):
    out = tmp_path / "twins.zarr"
    inputs = [Input(str(clip), label="a") for clip in clips[:2]]
    run(plan_videos(inputs, CAMERA, reading=SOURCE, seed=5, twin={"shot_noise_rate_hz": 0}), out)
    dataset = eventsim.open_dataset(out)
    table = dataset.table()
    assert table["id"].tolist() == ["clip0", "clip0-twin", "clip1", "clip1-twin"]
    assert table["group"].tolist() == ["clip0", "clip0", "clip1", "clip1"]
    assert dataset.attributes["twin"] == {"shot_noise_rate_hz": 0}
    for k in (0, 1):
        noisy, clean = dataset[2 * k], dataset[2 * k + 1]
        assert noisy.seed == clean.seed == recording_seed(5, k)
        events = noisy.events
        assert (events.kind == Kind.SHOT).any()
        assert events[events.kind != Kind.SHOT] == clean.events
    # Without twins the recordings are the same ones.
    run(plan_videos(inputs, CAMERA, reading=SOURCE, seed=5), tmp_path / "alone.zarr")
    alone = eventsim.open_dataset(tmp_path / "alone.zarr")
    assert [r.events for r in alone] == [dataset[0].events, dataset[2].events]


def test_nothing_is_added_to_twins(clips, tmp_path):
    out = tmp_path / "twins.zarr"
    run(plan_videos(clips[:1], CAMERA, reading=SOURCE, twin={"leak_rate_hz": 5}), out)
    with pytest.raises(ConfigError, match="holds twins"):
        plan_append(clips, out, CAMERA, reading=SOURCE)


def test_a_failed_twin_keeps_the_seed_of_its_other_half(clips, tmp_path):
    from eventsim.pipeline.extending import plan_retry
    from eventsim.pipeline.run import extend

    out, late = tmp_path / "twins.zarr", tmp_path / "late.mp4"
    inputs = [Input(str(clips[0])), Input(str(late))]
    run(plan_videos(inputs, CAMERA, reading=SOURCE, seed=5, twin={"shot_noise_rate_hz": 0}), out)
    late.write_bytes(clips[1].read_bytes())
    extend(plan_retry(out), out)
    pair = eventsim.open_dataset(out).filter(group="late")
    assert pair[0].seed == pair[1].seed == recording_seed(5, 1)
    assert pair[0].events[pair[0].events.kind != Kind.SHOT] == pair[1].events


def test_what_makes_no_twin_is_refused(clips):
    with pytest.raises(ConfigError, match="changes nothing"):
        plan_videos(clips, CAMERA, reading=SOURCE, twin={"shot_noise_rate_hz": 5})
    with pytest.raises(ConfigError, match="shot_noise"):
        plan_videos(clips, CAMERA, reading=SOURCE, twin={"shot_noise_rate": 4})
    named = [Input(str(clips[0]), id="a"), Input(str(clips[1]), id="a-twin")]
    with pytest.raises(ConfigError, match="another id"):
        plan_videos(named, CAMERA, reading=SOURCE, twin={"leak_rate_hz": 5})
    assert with_twins([], CAMERA, {"leak_rate_hz": 5}) == []


def test_kinds_of_both_are_there(clips):
    both = eventsim.simulate(clips[0], size="source", noise="v2e-clean", twin={"leak_rate_hz": 9})
    assert [np.unique(events.kind).tolist() for events in both] == [[0], [0, 2]]
