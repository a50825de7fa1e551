"""Rows of runs, and of what is published but was not run here."""

import tomllib
from pathlib import Path

import pytest

from eventsim.errors import ConfigError
from eventsim.results import write_results
from eventsim.view.leaderboard import COLUMNS, Preset, Row, leaderboard_page, row_of

PRESETS = sorted((Path(__file__).parents[2] / "recipes").glob("*.toml"))


def results(tmp_path, settings, **options):
    figures = {"spikes": 1234.5, "synaptic_operations": 5e6}
    return write_results(tmp_path / "r.json", "a", settings, figures, **options)


def test_a_row_says_what_a_run_found(tmp_path):
    found = results(tmp_path, {"seed": 3}, score={"accuracy": 0.98765}, seconds=61, quick=True)
    row = row_of(found, "eventsim run a --quick")
    cells = dict(zip(COLUMNS, row.cells(), strict=True))
    assert cells["recipe"] == "a"
    assert (cells["run"], cells["seed"], cells["score"]) == ("quick", "3", "accuracy 0.9877")
    assert (cells["seconds"], cells["spikes"]) == ("61", "1,234")
    assert cells["synaptic operations"] == "5,000,000"
    assert cells["command"] == "eventsim run a --quick"
    full = row_of(results(tmp_path, {"seeds": 3}, score={"AUC": 0.5}))
    assert (full.run, full.seed, full.cells()[5]) == ("full", "1 to 3", "0")
    assert full.command.startswith("eventsim run a")


def test_half_a_run_has_no_row(tmp_path):
    with pytest.raises(ConfigError, match="of a is not through"):
        row_of(results(tmp_path, {}))


@pytest.mark.parametrize("path", PRESETS, ids=lambda path: path.stem)
def test_presets_that_are_shipped_have_a_published_number(path):
    preset = Preset.read(path)
    number = tomllib.loads(path.read_text())["published"]["accuracy_percent"]
    row = preset.row()
    assert row.published.startswith(f"{number} % of CIFAR")
    assert (row.score, row.seconds, row.run) == ({}, None, "not run")
    assert f"--preset {path.stem}" in row.command
    same = {"recipe": "train_on_the_fly", "settings": preset.settings | {"seed": 5}}
    assert preset.is_of(same)
    assert not preset.is_of(same | {"settings": preset.settings | {"epochs": 1}})
    assert not preset.is_of(same | {"recipe": "another"})


def test_a_page_escapes_what_it_is_given():
    page = leaderboard_page([Row("<a>", "failed: <b>", "c & d", {"x<y": 1.0})], "<about>")
    assert "&lt;a&gt;" in page
    assert "c &amp; d" in page
    assert "x&lt;y 1" in page
    assert "&lt;about&gt;" in page
    assert '<tr class="failed">' in page
    assert page.count("<td>") == len(COLUMNS)
