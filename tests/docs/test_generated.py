"""Tables of the site say what the package says, whatever that is."""

import importlib.util
from pathlib import Path

import pytest

from eventsim.camera import SETTINGS
from eventsim.cli.main import COMMANDS
from eventsim.formats.names import FORMATS
from eventsim.motion.settings import MotionSettings
from eventsim.pixel.settings import PRESETS
from eventsim.sensors.cards import load_card, sensor_names

FILE = Path(__file__).resolve().parents[2] / "docs" / "extensions" / "generated.py"


@pytest.fixture(scope="module")
def generated():
    pytest.importorskip("sphinx", reason="the site needs pip install '.[docs]'")
    spec = importlib.util.spec_from_file_location("generated", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rows_of(text):
    """Rows of a Markdown table by their first cell."""
    lines = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("|")]
    return {row[0].strip("`"): row[1:] for row in lines}


def test_every_generator_gives_whole_tables(generated):
    for name, make in generated.GENERATORS.items():
        for table in make().split("\n\n"):
            lines = [line for line in table.splitlines() if line.startswith("|")]
            bars = {line.replace("\\|", "").count("|") for line in lines}
            assert len(bars) <= 1, (name, lines)


def test_a_changed_default_changes_the_table(generated, monkeypatch):
    assert rows_of(generated.settings())["leak_rate_hz"][:3] == ["Hz", "0 to 10,000", "0"]
    monkeypatch.setattr(SETTINGS["leak_rate_hz"], "default", 0.125)
    monkeypatch.setattr(SETTINGS["leak_rate_hz"], "description", "Other words.")
    assert rows_of(generated.settings())["leak_rate_hz"][2:] == ["0.125", "Other words."]


def test_nothing_is_left_out(generated):
    assert set(SETTINGS) <= set(rows_of(generated.settings()))
    assert set(MotionSettings.model_fields) <= set(rows_of(generated.motion_settings()))
    assert {one.name for one in FORMATS} <= set(rows_of(generated.formats()))
    assert all(f"## `eventsim {name}`" in generated.command_help() for name in COMMANDS)
    sources = generated.sensor_sources()
    for name in sensor_names():
        assert f"`{name}`" in sources
        assert all(" ".join(s.split()) in sources for s in load_card(name).sources.values())


def test_presets_have_their_numbers(generated):
    rows = rows_of(generated.presets())
    for k, values in enumerate(PRESETS.values()):
        for name, value in values.items():
            assert float(rows[name][1 + k]) == value
