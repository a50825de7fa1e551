"""`eventsim convert --method`, as it is typed: good images, bad images, bad options."""

import cv2
import numpy as np
import pytest

import eventsim
from eventsim.cli.main import main
from eventsim.store.reader import open_dataset


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Every kind of image that people have, in two classes."""
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    shapes = {
        "cat/gray.png": ((9, 8), np.uint8),
        "cat/color.png": ((9, 8, 3), np.uint8),
        "dog/alpha.png": ((9, 8, 4), np.uint8),
        "dog/wide.png": ((9, 8), np.uint16),
    }
    for name, (shape, dtype) in shapes.items():
        path = tmp_path / "images" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        image = rng.integers(0, np.iinfo(dtype).max, shape, dtype=dtype)
        cv2.imwrite(str(path), image)
    return tmp_path / "images"


def test_i2e_of_every_kind_of_image(folder, capsys):
    assert main(["convert", "images", "out.zarr", "--method", "i2e", "--ratio", "0.3"]) == 0
    said = capsys.readouterr().out
    assert "4 images, classes: 2" in said
    assert "event density" in said
    assert "transparency became black" in said
    dataset = open_dataset("out.zarr")
    assert [sample.label for sample in dataset] == ["cat", "cat", "dog", "dog"]
    gray = cv2.imread(str(folder / "cat" / "gray.png"), cv2.IMREAD_UNCHANGED)
    assert np.array_equal(dataset[1].planes, eventsim.i2e(gray[None], 0.3)[0])
    assert main(["verify", "out.zarr"]) == 0
    assert main(["info", "out.zarr"]) == 0
    said = capsys.readouterr().out
    assert "samples    4" in said
    assert f"{dataset[0].ones:,}" in said
    assert main(["view", "out.zarr"]) == 0
    assert "wrote out_planes.png" in capsys.readouterr().out


def test_saccades_of_every_kind_of_image(folder, capsys):
    arguments = ["convert", "images", "out.zarr", "--method", "saccade", "--motion", "square"]
    assert main([*arguments, "--move", "loops=1", "--sensor", "ideal", "--seed", "3"]) == 0
    said = capsys.readouterr().out
    assert "per recording" in said
    assert "motion  square" in said
    dataset = open_dataset("out.zarr")
    assert [recording.size for recording in dataset] == [(8, 9)] * 4
    assert all(len(recording) for recording in dataset)
    assert main(["verify", "out.zarr"]) == 0


def test_bad_images_are_listed_and_stop_nothing(folder, capsys):
    (folder / "dog" / "empty.png").write_bytes(b"")
    (folder / "dog" / "text.png").write_text("no image")
    assert main(["convert", "images", "out.zarr", "--method", "i2e"]) == 1
    captured = capsys.readouterr()
    failed = [line for line in captured.err.splitlines() if line]
    assert len(failed) == 2
    assert all(line.startswith("eventsim: failed: ") for line in failed)
    assert len(open_dataset("out.zarr")) == 4


def test_the_same_command_again_is_refused_and_other_settings_too(folder, capsys):
    arguments = ["convert", "images", "out.zarr", "--method", "i2e", "--quiet"]
    assert main(arguments) == 0
    assert main(arguments) == 2
    assert "--overwrite" in capsys.readouterr().err
    assert main([*arguments, "--ratio", "0.4", "--overwrite"]) == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--ratio", "0.1"], "Add --method i2e or --method saccade"),
        (["--method", "i2e", "--ratio", "0"], "ratio"),
        (["--method", "i2e", "--ratio", "2"], "ratio"),
        (["--method", "i2e", "--sensor", "dvs128"], "--sensor belongs to a camera"),
        (["--method", "i2e", "--fps", "3"], "--fps is for videos"),
        (["--method", "i2e", "--split", "train"], "out.zarr"),
        (["--method", "saccade", "--fit", "crop"], "--fit has no meaning"),
        (["--method", "saccade", "--motion", "trangle"], "Did you mean 'triangle'?"),
        (["--method", "saccade", "--motion", "no.csv"], "no.csv"),
        (["--method", "saccade", "--move", "outside=refuse"], "stay on the image"),
        (["--method", "gan"], "gan"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_wrong_options_are_one_line(arguments, words, capsys):
    code = main(["convert", "images", "out.zarr", *arguments])
    captured = capsys.readouterr()
    if words == "out.zarr":  # images without splits get the one that was asked for
        assert code == 0
        return
    assert code in (1, 2)
    assert words in captured.err
    assert "Traceback" not in captured.err


def test_a_path_of_ones_own(folder, tmp_path):
    (tmp_path / "mine.csv").write_text("t_us,x_px,y_px\n0,0,0\n5000,3,0\n")
    assert main(["convert", "images/cat", "out.zarr", "--method", "saccade", "--motion",
                 "mine.csv", "--sensor", "ideal", "--noise", "card", "-q"]) == 0  # fmt: skip
    times, x = open_dataset("out.zarr")[0].path_columns[:2]
    assert (times.tolist(), x.tolist()) == ([0, 5000], [0.0, 3.0])


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("name", ["images", "images/cat"])
def test_a_folder_without_a_method_hints_at_it(name, capsys):
    assert main(["convert", name, "out.zarr"]) == 2
    said = capsys.readouterr().err
    assert "add --method i2e or --method saccade" in said
    assert said.count("\n") == 1
