"""`eventsim.convert` makes the very dataset that the command makes."""

from dataclasses import fields

import cv2
import numpy as np
import pytest

import eventsim
from eventsim.camera import SETTINGS
from eventsim.cli.main import main
from eventsim.errors import EventSimError, SourceError, StoreExistsError
from eventsim.motion.settings import MotionSettings
from eventsim.pipeline.inputs import Input
from eventsim.sources.reading import Reading


@pytest.fixture
def here(tmp_path, monkeypatch):
    """Two classes of folders of frames, and two of still images."""
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    for label in ("walk", "run"):
        for i in range(4):
            frame = rng.integers(0, 256, (8, 12), np.uint8)
            for folder in (f"videos/{label}/one", f"images/{label}"):
                (tmp_path / folder).mkdir(parents=True, exist_ok=True)
                cv2.imwrite(str(tmp_path / folder / f"{i}.png"), frame)
    return tmp_path


def same(a, b):
    """Whether two datasets are the same, byte by byte, but for the command that made them."""
    files = [sorted(p.relative_to(d) for p in d.rglob("*") if p.is_file()) for d in (a, b)]
    assert files[0] == files[1]
    return [
        str(name)
        for name in files[0]
        if name.name not in ("README.md", "croissant.json")
        and (a / name).read_bytes() != (b / name).read_bytes()
    ]


@pytest.mark.parametrize(
    ("source", "options", "typed"),
    [
        (
            "videos",
            {"sensor": "dvs128", "fps": 30.0, "leak_rate_hz": 2.0, "split": (0.5, 0.25, 0.25)},
            ["--sensor", "dvs128", "--fps", "30", "--set", "leak_rate_hz=2.0", "--split",
             "0.5/0.25/0.25"],
        ),
        (
            "videos",
            {"size": "source", "fps": 30.0, "twin": {"shot_noise_rate_hz": 5}, "seed": 3},
            ["--size", "source", "--fps", "30", "--twin", "shot_noise_rate_hz=5", "--seed", "3"],
        ),
        ("images", {"method": "i2e", "ratio": 0.2}, ["--method", "i2e", "--ratio", "0.2"]),
        (
            "images",
            {"method": "saccade", "motion": "square", "loops": 1, "sensor": "ideal", "limit": 2},
            ["--method", "saccade", "--motion", "square", "--move", "loops=1", "--sensor", "ideal",
             "--limit", "2"],
        ),
    ],
)  # fmt: skip
def test_it_makes_what_the_command_makes(here, source, options, typed):
    dataset = eventsim.convert(source, "a.zarr", about={"title": "Bars"}, **options)
    assert main(["convert", source, "b.zarr", "--title", "Bars", "-q", *typed]) == 0
    assert same(here / "a.zarr", here / "b.zarr") == []
    assert set(dataset.labels) <= {"run", "walk"}
    assert "Bars" in (here / "a.zarr" / "README.md").read_text()


def test_a_complete_dataset_is_replaced_only_if_told(here):
    one = Input("videos/walk/one", label="walk", id="w")
    first = eventsim.convert(one, "a.zarr", fps=30)
    assert first.table()["id"].tolist() == ["w"]
    with pytest.raises(StoreExistsError):
        eventsim.convert(one, "a.zarr", fps=30)
    again = eventsim.convert([one], "a.zarr", fps=60, overwrite=True)
    assert again[0].duration_us == first[0].duration_us // 2


def test_failures_are_in_the_dataset_or_stop_it(here):
    inputs = ["videos/walk/one", "missing.mp4"]
    dataset = eventsim.convert(inputs, "a.zarr", fps=30)
    assert [failure["source"] for failure in dataset.failures] == ["missing.mp4"]
    with pytest.raises(SourceError, match="does not exist"):
        eventsim.convert(inputs, "b.zarr", fps=30, strict=True)


def test_one_split_alone(here):
    inputs = [Input("videos/walk/one", split="train", id="a"), Input("videos/run/one", id="b")]
    dataset = eventsim.convert(inputs, "a.zarr", fps=30, split="train")
    assert dataset.table()["id"].tolist() == ["a"]


def test_what_is_left_out_warns(here):
    (here / "videos" / "walk" / "notes.txt").write_text("hello")
    with pytest.warns(UserWarning, match=r"notes\.txt"):
        eventsim.convert("videos", "a.zarr", fps=30)


@pytest.mark.parametrize(
    ("out", "options", "words"),
    [
        ("a.zarr", {"method": "i2"}, "there is no method 'i2'. Did you mean 'i2e'?"),
        ("a.zarr", {"leak_rate": 1}, "no setting 'leak_rate'. Did you mean 'leak_rate_hz'?"),
        ("a.zarr", {"method": "i2e", "leak_rate_hz": 1}, "method i2e has no setting"),
        ("a.zarr", {"leak_rate_hz": -1}, "leak_rate_hz"),
        ("a.dat", {}, "must end with .zarr"),
        ("a.zarr", {"split": "tran"}, "there is no split 'tran'. Did you mean 'train'?"),
        ("a.zarr", {"split": "val"}, "no input has the split 'val'"),
        ("a.zarr", {"size": "big"}, "size must be (width, height), 'sensor' or 'source'"),
        ("a.zarr", {"method": "i2e", "size": (0, 3)}, "1 to 32767 pixels per side"),
    ],
)
def test_wrong_words_are_one_line(here, out, options, words):
    with pytest.raises(EventSimError) as caught:
        eventsim.convert("images", out, **options)
    assert words in str(caught.value)
    assert not (here / out).exists()


def test_no_name_means_two_things():
    # One of the motion that is also one of the camera, say, would be taken from it in silence.
    assert not set(MotionSettings.model_fields) & {*SETTINGS, "motion", "size", "limit"}
    assert not {f.name for f in fields(Reading)} & {*SETTINGS, "split", "twin"}
