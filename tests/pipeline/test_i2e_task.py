"""Images to planes on disk: equal to `eventsim.i2e`, whatever the batches, workers and kills."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import eventsim
from eventsim.pipeline import image_plan
from eventsim.pipeline.image_plan import I2EMethod, plan_images
from eventsim.pipeline.run import run
from eventsim.planes.settings import I2ESettings
from eventsim.stills.folder import read_still
from eventsim.stills.resizing import resize_image
from eventsim.store.reader import open_dataset
from eventsim.store.verify import verify

METHOD = I2EMethod(I2ESettings(ratio=0.2, directions="random"))


def tree(path):
    return {f.relative_to(path): f.read_bytes() for f in path.rglob("*") if f.is_file()}


def test_samples_are_those_of_i2e_and_a_broken_image_is_listed(pictures, tmp_path):
    out = tmp_path / "a.zarr"
    summary = run(plan_images([pictures], METHOD, size=eventsim.SensorSize(12, 11), seed=5), out)
    assert summary.samples == 9
    assert [reason for _, reason in summary.failures] == [
        "expected an image, but pictures/bee/7.png is empty. Copy it again."
    ]
    dataset = open_dataset(out)
    for sample in dataset:
        image = resize_image(read_still(pictures.parent / sample.source)[0], (12, 11))
        image = image[None] if image.ndim == 2 else image.transpose(2, 0, 1)
        expected = eventsim.i2e(
            image[None], 0.2, directions="random", seed=5, samples=[sample.sample]
        )
        assert np.array_equal(sample.planes, expected[0])
    assert [sample.sample for sample in dataset] == [0, 1, 2, 3, 4, 5, 6, 8, 9]
    assert verify(out).problems == ()


def test_an_image_of_another_size_gets_a_note_if_nobody_chose_one(pictures, tmp_path):
    import cv2

    cv2.imwrite(str(pictures / "bee" / "9.png"), np.zeros((4, 4), np.uint8))
    run(plan_images([pictures], METHOD), tmp_path / "a.zarr")
    notes = [sample.notes for sample in open_dataset(tmp_path / "a.zarr")]
    assert notes[-1] == ("it was brought from 4x4 to 9x8, as the first image",)
    assert notes[0] == ()


def test_workers_do_not_change_a_byte(pictures, tmp_path, monkeypatch):
    monkeypatch.setattr(image_plan, "PART_IMAGES", 3)
    plan = plan_images([pictures], METHOD)
    run(plan, tmp_path / "one.zarr")
    run(plan, tmp_path / "two.zarr", workers=2)
    assert tree(tmp_path / "one.zarr") == tree(tmp_path / "two.zarr")


KILLED = """
import os, signal, sys
from eventsim.pipeline import image_plan
from eventsim.pipeline.run import run
from eventsim.planes.settings import I2ESettings
image_plan.PART_IMAGES = 3
made = image_plan.plan_images(
    [sys.argv[1]], image_plan.I2EMethod(I2ESettings(ratio=0.2, directions="random"))
)
left = 2
def progress(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
run(made, sys.argv[2], progress=progress)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGKILL")
def test_killed_and_run_again(pictures, tmp_path, monkeypatch):
    monkeypatch.setattr(image_plan, "PART_IMAGES", 3)
    plan = plan_images([pictures], METHOD)
    run(plan, tmp_path / "whole.zarr")
    out = tmp_path / "killed.zarr"
    for done in (1, 2):
        killed = subprocess.run(
            [sys.executable, "-c", KILLED, str(pictures), str(out)],
            timeout=60, env={**os.environ, "PYTHONPATH": str(Path.cwd())},
        )  # fmt: skip
        assert killed.returncode == -signal.SIGKILL
        assert len(list(out.glob("parts/*/commit"))) == done
    run(plan, out)
    assert tree(out) == tree(tmp_path / "whole.zarr")
