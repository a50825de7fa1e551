"""What all converters share: options, one line an error, exit codes."""

import numpy as np
import pytest

from eventsim.cli.converter import run_converter
from eventsim.errors import SourceError
from eventsim.pipeline.image_plan import ImageInput
from eventsim.store.reader import open_dataset


@pytest.fixture
def images(tmp_path):
    np.savez(tmp_path / "a.npz", x_train=np.eye(28, dtype=np.uint8)[None] * 255)
    return tmp_path / "a.npz"


def find_inputs(source, split):
    if source.name == "bad":
        raise SourceError("there is nothing.\nLook elsewhere.")
    if source.name == "stop":
        raise KeyboardInterrupt
    return [ImageInput(str(source), split=split)]


def test_a_build_and_what_is_wrong_with_it(images, tmp_path, capsys):
    out = tmp_path / "o.zarr"
    arguments = [str(images), str(out), "--card", "i2e-mnist", "--split", "train"]
    assert run_converter("Convert.", find_inputs, arguments) == 1
    assert "expected 60,000" in capsys.readouterr().out
    assert len(open_dataset(out)) == 1


@pytest.mark.parametrize(
    ("arguments", "words", "code"),
    [
        (["bad", "o.zarr", "--card", "i2e-mnist"], "error: there is nothing. Look elsewhere.", 2),
        (["a", "o", "--card", "i2e-mnist"], "must end with .zarr", 2),
        (["a", "o.zarr", "--card", "i2e-mnits"], "Did you mean", 2),
        (["a", "o.zarr"], "--card", 2),
        (["a", "o.zarr", "--card", "i2e-mnist", "--spilt", "x"], "--spilt", 2),
        (["stop", "o.zarr", "--card", "i2e-mnist"], "run the same command again", 130),
    ],
)
def test_one_line_and_an_exit_code(arguments, words, code, capsys):
    assert run_converter("Convert.", find_inputs, arguments) == code
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1
