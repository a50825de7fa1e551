"""Results say by what they were found."""

import json

import numpy as np

import eventsim
from eventsim.training.results import peak_memory_bytes, write_results


def test_settings_figures_and_versions_are_in_the_file(tmp_path):
    path = tmp_path / "results.json"
    for accuracy in (0.5, 0.75):
        found = write_results(path, "a_recipe", {"seed": 3}, {"accuracy": accuracy})
    assert json.loads(path.read_text()) == found
    assert found["figures"] == {"accuracy": 0.75}
    assert (found["recipe"], found["settings"]) == ("a_recipe", {"seed": 3})
    assert found["eventsim"] == eventsim.__version__
    assert [p.name for p in tmp_path.iterdir()] == ["results.json"]


def test_the_peak_holds_what_was_held():
    held = np.ones(40_000_000, np.uint8)
    assert peak_memory_bytes() > held.nbytes
