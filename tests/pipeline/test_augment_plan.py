"""Copies of a dataset, planned."""

import pytest

from eventsim.camera import choose_camera
from eventsim.errors import ConfigError, StoreError
from eventsim.pipeline import dataset_parts
from eventsim.pipeline.augment_plan import plan_augment
from eventsim.pipeline.inputs import Input
from eventsim.pipeline.run import run
from eventsim.pipeline.video_plan import plan_videos
from eventsim.sources.reading import Reading
from eventsim.transforms import Flip, Thin


@pytest.fixture(scope="module")
def source(clips, tmp_path_factory):
    out = tmp_path_factory.mktemp("augment") / "source.zarr"
    inputs = [
        Input(str(clip), label="ab"[k % 2], split=("train", "test")[k == 2], id=f"c{k}")
        for k, clip in enumerate(clips)
    ]
    run(
        plan_videos(inputs, choose_camera("ideal", "v2e-clean"), reading=Reading(size="source")),
        out,
    )
    return out


def test_each_recording_has_its_copies_one_after_the_other(source):
    planned = plan_augment(source, Flip(), copies=2)
    copies = [one for part in planned.parts for one in part]
    assert [(c.row, c.place, c.copy, c.sample) for c in copies] == [
        (0, 0, 0, 0), (0, 0, 1, 1), (1, 1, 0, 2), (1, 1, 1, 3), (2, 2, 0, 4), (2, 2, 1, 5)
    ]  # fmt: skip
    assert planned.total(set()) == 6
    assert planned.total({0}) == 6 - len(planned.parts[0])


def test_a_split_keeps_its_rows(source):
    planned = plan_augment(source, Flip(), split="test")
    assert [(c.row, c.place, c.sample) for c in planned.parts[0]] == [(2, 0, 0)]
    with pytest.raises(ConfigError, match="split"):
        plan_augment(source, Flip(), split="none")


def test_parts_hold_about_so_many_events(source, monkeypatch):
    monkeypatch.setattr(dataset_parts, "PART_EVENTS", 1)
    assert [len(part) for part in plan_augment(source, Flip()).parts] == [1, 1, 1]


def test_attributes_say_all_that_decides_the_events(source, tmp_path):
    attributes = plan_augment(source, Thin(0.3), copies=3, split="train", seed=9).attributes()
    assert attributes["augment"] == {
        "of": "source.zarr", "transform": "Thin(share=0.3)", "copies": 3, "split": "train",
    }  # fmt: skip
    assert attributes["sensor"] == "ideal"
    assert attributes["inputs"]["count"] == 6
    assert attributes["seed"] == 9
    same = plan_augment(source, Thin(0.3), copies=3, split="train", seed=9).attributes()
    assert same == attributes


def test_what_makes_no_sense_is_refused(source, tmp_path):
    with pytest.raises(ConfigError, match="copies"):
        plan_augment(source, Flip(), copies=0)
    with pytest.raises(StoreError):
        plan_augment(tmp_path / "none.zarr", Flip())
