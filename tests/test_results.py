"""Results say by what they were found."""

import json
import sys

import numpy as np
import pytest

import eventsim
from eventsim.errors import ConfigError
from eventsim.results import peak_memory_bytes, read_results, results_so_far, write_results


def test_settings_figures_and_versions_are_in_the_file(tmp_path, monkeypatch):
    path = tmp_path / "results.json"
    monkeypatch.setattr(sys, "argv", ["/bin/a_recipe.py", "my data", "--seed", "3"])
    for accuracy in (0.5, 0.75):
        found = write_results(path, "a_recipe", {"seed": 3}, {"rows": [accuracy]},
                              score={"accuracy": accuracy}, seconds=1.26)  # fmt: skip
    assert json.loads(path.read_text()) == found == read_results(path)
    assert found["figures"] == {"rows": [0.75]}
    assert (found["score"], found["seconds"]) == ({"accuracy": 0.75}, 1.3)
    assert (found["recipe"], found["settings"]) == ("a_recipe", {"seed": 3})
    assert found["command"] == "eventsim run a_recipe 'my data' --seed 3"
    assert found["eventsim"] == eventsim.__version__
    assert [p.name for p in tmp_path.iterdir()] == ["results.json"]


def test_pytorch_is_named_if_it_is_used(tmp_path, monkeypatch):
    torch = pytest.importorskip("torch")
    assert write_results(tmp_path / "a.json", "a", {}, {})["torch"] == torch.__version__
    monkeypatch.delitem(sys.modules, "torch")
    found = write_results(tmp_path / "a.json", "a", {}, {})
    assert (found["torch"], found["threads"]) == (None, None)


def test_a_run_goes_on_with_the_same_settings_alone(tmp_path, monkeypatch):
    path = tmp_path / "results.json"
    settings = {"seed": 1, "pair": (1, 2)}
    assert results_so_far(path, "a", settings) is None
    write_results(path, "a", settings, {"rows": [1]})
    assert results_so_far(path, "a", settings)["figures"] == {"rows": [1]}
    for recipe, asked, words in (
        ("a", settings | {"seed": 2}, "another seed"),
        ("a", settings | {"more": None}, "another more"),
        ("b", settings, "another recipe"),
    ):
        with pytest.raises(ConfigError, match=f"{words}. Give another --out"):
            results_so_far(path, recipe, asked)
    monkeypatch.setattr(eventsim, "__version__", "0.0.1")
    with pytest.raises(ConfigError, match="another version of eventsim"):
        results_so_far(path, "a", settings)


@pytest.mark.parametrize(("text", "words"), [("{", "cannot be read"), ("[]", "has no recipe"),
                                             ('{"recipe": "a"}', "has no command")])  # fmt: skip
def test_other_files_are_refused(tmp_path, text, words):
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(ConfigError, match=words):
        read_results(tmp_path / "a.json")
    with pytest.raises(ConfigError, match="cannot be read"):
        read_results(tmp_path / "no.json")


def test_the_peak_holds_what_was_held():
    held = np.ones(40_000_000, np.uint8)
    assert peak_memory_bytes() > held.nbytes
