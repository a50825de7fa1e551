"""A leaderboard of small programs that stand for recipes, and of a real one."""

import json

import pytest

from eventsim import shipped
from eventsim.cli.main import main
from eventsim.results import read_results, write_results

GOOD = """
import sys
from pathlib import Path
from eventsim.results import write_results
assert sys.argv[1:3] == ["--quick", "--out"]
out = Path(sys.argv[3])
out.mkdir(exist_ok=True)
(out / "ran").open("a").write("x")
write_results(out / "results.json", "good", {"seed": 1}, {}, score={"accuracy": 0.75}, quick=True)
"""
PRESET = """
program = "good"
command = "eventsim run good --preset p"
published = { data = "D", accuracy_percent = 80 }
[settings]
epochs = 9
"""


@pytest.fixture
def recipes(tmp_path, monkeypatch):
    folder = tmp_path / "package" / "_shipped" / "recipes"
    folder.mkdir(parents=True)
    monkeypatch.setattr(shipped, "__file__", str(tmp_path / "package" / "shipped.py"))
    (folder / "good.py").write_text(GOOD)
    return folder


def rows(folder):
    return json.loads((folder / "leaderboard.json").read_text())["rows"]


def test_all_recipes_and_no_one_twice(recipes, tmp_path, capsys):
    (recipes / "p.toml").write_text(PRESET)
    out = tmp_path / "board"
    for _ in range(2):
        assert main(["bench-recipes", str(out)]) == 0
    first, second = rows(out)
    assert (first["recipe"], first["run"], first["score"]) == ("good", "quick", {"accuracy": 0.75})
    assert first["command"] == "eventsim run good --quick"
    assert (second["run"], second["published"]) == ("not run", "80 % of D")
    assert (out / "good" / "ran").read_text() == "x"
    assert "<td>80 % of D</td>" in (out / "leaderboard.html").read_text()
    assert "accuracy 0.75" in capsys.readouterr().out


@pytest.mark.usefixtures("recipes")
def test_what_another_version_found_is_found_again(tmp_path, monkeypatch):
    out = tmp_path / "board"
    with monkeypatch.context() as before:
        before.setattr("eventsim.__version__", "0.0.1")
        (out / "good").mkdir(parents=True)
        write_results(out / "good" / "results.json", "good", {}, {}, score={"accuracy": 0.1},
                      quick=True)  # fmt: skip
        (out / "good" / "weights").write_text("old")
    assert main(["bench-recipes", str(out), "--quiet"]) == 0
    assert rows(out)[0]["score"] == {"accuracy": 0.75}
    assert not (out / "good" / "weights").exists()


def test_a_full_run_stands_beside_what_is_published(recipes, tmp_path):
    (recipes / "p.toml").write_text(PRESET)
    path = tmp_path / "results.json"
    write_results(path, "good", {"epochs": 9, "seed": 2}, {}, score={"accuracy": 0.79}, seconds=9)
    out = tmp_path / "board"
    assert main(["bench-recipes", str(out), str(path), "--recipe", "good", "--quiet"]) == 0
    full, quick = rows(out)
    assert (full["run"], full["score"]) == ("full", {"accuracy": 0.79})
    assert (full["published"], full["command"]) == ("80 % of D", "eventsim run good --preset p")
    assert quick["run"] == "quick"


def test_a_recipe_that_fails_is_a_row(recipes, tmp_path):
    (recipes / "bad.py").write_text("import sys; sys.exit('error: no extra')")
    out = tmp_path / "board"
    assert main(["bench-recipes", str(out), "--quiet"]) == 1
    assert [row["run"] for row in rows(out)] == ["failed: error: no extra", "quick"]


def test_what_cannot_be(recipes, tmp_path, capsys):
    assert main(["bench-recipes", str(tmp_path / "no" / "board")]) == 2
    assert "there is no folder" in capsys.readouterr().err
    assert main(["bench-recipes", str(tmp_path / "b"), "--recipe", "goood"]) == 2
    assert "Did you mean 'good.py'" in capsys.readouterr().err
    assert main(["bench-recipes", str(tmp_path / "b"), str(tmp_path / "none.json")]) == 2
    assert "none.json cannot be read" in capsys.readouterr().err
    card = recipes.parent / "datasets" / "card.toml"
    card.parent.mkdir()
    card.write_text("")
    assert main(["bench-recipes", str(tmp_path / "b"), "--recipe", "card"]) == 2
    assert "card.toml is not a recipe" in capsys.readouterr().err


def test_a_real_one(tmp_path):
    out = tmp_path / "board"
    words = ["bench-recipes", str(out), "--recipe", "reproduce_i2e_table", "--quiet"]
    assert main(words) == 0
    found = read_results(out / "reproduce_i2e_table" / "results.json")
    row = next(row for row in rows(out) if row["run"] == "quick")
    assert row["score"] == found["score"]
