"""What is decided about a denoised copy."""

import shutil
from pathlib import Path

import pytest

import eventsim
import eventsim.denoise
from eventsim.camera import choose_camera
from eventsim.denoise import BAF, MLPF, STCF
from eventsim.errors import ConfigError, StoreError
from eventsim.pipeline.denoise_plan import plan_denoise
from eventsim.pipeline.inputs import Input
from eventsim.pipeline.run import run
from eventsim.pipeline.video_plan import plan_videos
from eventsim.sources.reading import Reading


@pytest.fixture(scope="module")
def source(clips, tmp_path_factory):
    out = tmp_path_factory.mktemp("denoise") / "source.zarr"
    splits = ["train", "test", "train"]
    inputs = [Input(str(clip), split=split) for clip, split in zip(clips, splits, strict=True)]
    reading = Reading(size="source")
    run(plan_videos(inputs, choose_camera("ideal", "v2e-noisy"), reading=reading), out)
    return out


def test_the_attributes_say_what_was_done(source):
    plan = plan_denoise(source, [BAF(5000.0), STCF()])
    attributes = plan.attributes()
    assert attributes["method"] == "denoise"
    assert attributes["denoise"] == {
        "of": "source.zarr",
        "methods": [repr(BAF(5000.0)), repr(STCF())],
        "split": None,
    }
    assert attributes["sensor"] == "ideal"
    assert attributes["inputs"]["count"] == plan.recordings == 3
    assert plan.total(set()) == sum(map(len, eventsim.open_dataset(source)))
    assert plan.total({0}) == plan.total(set()) - plan.events[0]
    assert attributes == plan_denoise(source, [BAF(5000.0), STCF()]).attributes()


def test_a_split_alone(source):
    plan = plan_denoise(source, [BAF()], split="train")
    assert [row for part in plan.parts for row in part] == [(0, 0), (2, 1)]
    with pytest.raises(ConfigError, match="split"):
        plan_denoise(source, [BAF()], split="trian")


def test_a_folder_that_is_no_dataset(tmp_path):
    with pytest.raises(StoreError):
        plan_denoise(tmp_path / "none.zarr", [BAF()])


def test_weights_of_ones_own_are_part_of_what_decides(source, tmp_path):
    file = tmp_path / "weights.npz"
    shipped = Path(eventsim.denoise.__file__).with_name("mlpf.npz")
    shutil.copy(shipped, file)
    one = plan_denoise(source, [MLPF(weights=str(file))])
    (weights,) = one.attributes()["denoise"]["weights"]
    assert weights["name"] == "weights.npz"
    file.write_bytes(file.read_bytes() + b"more")
    other = plan_denoise(source, [MLPF(weights=str(file))])
    assert one.attributes() != other.attributes()
    assert one.tasks(tmp_path, set(), None)[0].identity != (
        other.tasks(tmp_path, set(), None)[0].identity
    )
    assert "weights" not in plan_denoise(source, [MLPF()]).attributes()["denoise"]
    with pytest.raises(ConfigError, match="cannot be read"):
        plan_denoise(source, [MLPF(weights=str(tmp_path / "none.npz"))])
    other_network = shipped.with_name("graph.npz")
    with pytest.raises(ConfigError, match="of another network"):
        plan_denoise(source, [MLPF(weights=str(other_network))])
