"""Anonymized copies, planned."""

import json

import pytest

from eventsim.camera import choose_camera
from eventsim.errors import ConfigError, StoreError
from eventsim.pipeline.anonymize_plan import leaves_of, plan_anonymize, plan_recover
from eventsim.pipeline.inputs import Input
from eventsim.pipeline.run import run
from eventsim.pipeline.video_plan import plan_videos
from eventsim.sources.reading import Reading
from eventsim.store.dataset import create_dataset
from eventsim.transforms import Flip, Thin
from eventsim.transforms.keyed import CipherPolarity, PermutePixels

SECRET = bytes(range(32))


@pytest.fixture(scope="module")
def source(clips, tmp_path_factory):
    out = tmp_path_factory.mktemp("anonymize") / "source.zarr"
    inputs = [Input(str(clip), label="walks", group=f"g{k}") for k, clip in enumerate(clips)]
    run(
        plan_videos(inputs, choose_camera("ideal", "v2e-clean"), reading=Reading(size="source")),
        out,
    )
    return out


def test_each_copy_has_an_id_of_its_own(source, tmp_path):
    plans = [plan_anonymize(source, [PermutePixels()], tmp_path / "o", SECRET) for _ in range(9)]
    assert len({p.how.dataset_id for p in plans}) == 9
    assert len({p.how.key_of(0, 0).secret for p in plans}) == 9


def test_one_that_was_begun_keeps_its_id_and_one_that_is_finished_does_not(source, tmp_path):
    out = tmp_path / "out.zarr"
    begun = plan_anonymize(source, [PermutePixels()], out, SECRET)
    create_dataset(out, begun.attributes(), parts=begun.part_count)
    again = plan_anonymize(source, [PermutePixels()], out, SECRET)
    assert again.attributes() == begun.attributes()
    run(again, out)
    assert plan_anonymize(source, [PermutePixels()], out, SECRET).content != begun.content


def test_only_just_the_same_copy_goes_on_with_an_id(source, tmp_path, clips):
    """Or another content, method or key would get the key streams of the first."""
    out, other = tmp_path / "out.zarr", tmp_path / "other.zarr"
    begun = plan_anonymize(source, [PermutePixels()], out, SECRET)
    create_dataset(out, begun.attributes(), parts=begun.part_count)
    camera = choose_camera("ideal", "v2e-clean")
    run(plan_videos([Input(str(clips[0]))], camera, reading=Reading(size="source")), other)
    for changed in (
        plan_anonymize(other, [PermutePixels()], out, SECRET),
        plan_anonymize(source, [PermutePixels(8)], out, SECRET),
        plan_anonymize(source, [PermutePixels()], out, bytes(32)),
    ):
        assert changed.how.dataset_id != begun.how.dataset_id
    assert plan_anonymize(source, [PermutePixels()], out, SECRET).how == begun.how


def test_what_is_told_of_it_names_no_source_and_no_key(source, tmp_path):
    planned = plan_anonymize(source, [Thin(0.5), PermutePixels()], tmp_path / "o", SECRET)
    told = json.dumps(planned.attributes())
    assert "device" not in told  # its pattern could be drawn again
    for word in ("source.zarr", str(tmp_path), "seed", SECRET.hex(), "clip", "g0"):
        assert word not in told
    how = planned.attributes()["anonymize"]
    assert how["methods"] == ["Thin(share=0.5)", "PermutePixels(block_px=None, rekey_us=10000)"]
    assert "polarities" in how["leaves"][1]
    assert SECRET.hex() not in repr(planned)
    assert "secret" not in repr(planned)
    assert "secret" not in repr(planned.tasks(tmp_path / "o", set(), None))


def test_the_key_that_is_wrong_is_told_at_once(source, tmp_path):
    out = tmp_path / "out.zarr"
    run(plan_anonymize(source, [PermutePixels()], out, SECRET), out)
    with pytest.raises(ConfigError, match="not the one"):
        plan_recover(out, bytes(32))
    assert plan_recover(out, SECRET).total(set()) == 3


def test_what_makes_no_sense_is_refused(source, tmp_path):
    out = tmp_path / "out.zarr"
    with pytest.raises(ConfigError, match="nothing to do"):
        plan_anonymize(source, [], out)
    with pytest.raises(ConfigError, match="CipherPolarity needs a key"):
        plan_anonymize(source, [Thin(), CipherPolarity()], out)
    with pytest.raises(ConfigError, match="Thin loses something, so it must come before"):
        plan_anonymize(source, [CipherPolarity(), Thin(), PermutePixels()], out, SECRET)
    with pytest.raises(ConfigError, match="is not an anonymized dataset"):
        plan_recover(source, SECRET)
    with pytest.raises(StoreError):
        plan_anonymize(tmp_path / "none.zarr", [Thin()], out)
    run(plan_anonymize(source, [Thin()], out), out)
    with pytest.raises(ConfigError, match="without a key"):
        plan_recover(out, SECRET)


def test_what_nobody_measured_is_said_to_be_so():
    assert "nobody has measured" in leaves_of(Flip())
