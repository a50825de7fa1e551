"""`eventsim probe`: the table that is printed, the picture, and the .csv."""

import csv

import cv2
import numpy as np
import pytest

import eventsim
from eventsim.cli.main import main
from eventsim.random import recording_seed


@pytest.fixture
def folder(tmp_path):
    rng = np.random.default_rng(6)
    path = tmp_path / "frames"
    path.mkdir()
    for k in range(8):
        cv2.imwrite(str(path / f"{k}.png"), rng.integers(10, 250, (20, 30), dtype=np.uint8))
    return path


def run(folder, *words):
    how = ["--fps", "50", "--size", "source", "--pixel", "3,4", "--pixel", "29,19"]
    return main(["probe", str(folder), *words, *how])


def test_what_is_printed(folder, capsys):
    assert run(folder) == 0
    said = capsys.readouterr().out
    assert "pixel   (3, 4): ON at " in said
    assert "light " in said and "Hz, leak" in said  # noqa: PT018
    assert "photoreceptor" in said
    assert "more; a .csv has them all" in said


def test_a_table_of_all_of_it(folder, tmp_path, capsys):
    out = tmp_path / "a.csv"
    assert run(folder, str(out)) == 0
    assert f"wrote   {out}" in capsys.readouterr().out
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    frames = [row for row in rows if row["what"] == "frame"]
    assert len(frames) == 16
    assert [int(row["t_us"]) for row in rows] == sorted(int(row["t_us"]) for row in rows)
    events = eventsim.simulate(
        folder, fps=50, size="source", seed=recording_seed(1, 0)
    )  # those of `convert`
    own = events[(events.x == 3) & (events.y == 4)]
    found = [row for row in rows if row["what"] != "frame" and row["x"] == "3"]
    assert [int(row["t_us"]) for row in found] == own.t.tolist()
    assert [row["polarity"] == "ON" for row in found] == own.p.tolist()


def test_a_picture(folder, tmp_path):
    out = tmp_path / "a.png"
    assert run(folder, str(out)) == 0
    assert cv2.imread(str(out)).shape[1] > 500


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["a.mp4"], "must be a picture (.png, .pdf, .svg) or a .csv, found a.mp4"),
        (["--pixel", "3"], "--pixel must be X,Y, found '3'"),
        (["--pixel", "30,0"], "found column 30 and row 0"),
    ],
)
def test_one_line_where_something_is_wrong(folder, capsys, words, said):
    assert run(folder, *words) == 2
    caught = capsys.readouterr().err
    assert said in caught
    assert caught.count("\n") == 1


def test_the_source_is_not_overwritten(folder, capsys):
    assert run(folder, str(folder / "0.png")) == 2
    assert "would overwrite the source" in capsys.readouterr().err
