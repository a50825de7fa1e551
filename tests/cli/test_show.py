import pytest

from eventsim.cli.main import main
from eventsim.motion.settings import MotionSettings
from eventsim.pixel.settings import PixelSettings
from eventsim.sensors.cards import load_card, sensor_names
from eventsim.shipped import shipped_files


@pytest.mark.parametrize("name", sensor_names())
def test_sensor_with_its_sources(name, capsys):
    assert main(["show", name]) == 0
    said = capsys.readouterr().out
    card = load_card(name)
    assert card.title in said
    assert all(source in said for source in card.sources.values())


@pytest.mark.parametrize("name", PixelSettings.model_fields)
def test_setting(name, capsys):
    assert main(["show", name]) == 0
    assert str(PixelSettings.model_fields[name].description) in capsys.readouterr().out


def test_setting_has_unit_range_and_presets(capsys):
    main(["show", "shot_noise_rate_hz"])
    said = capsys.readouterr().out
    assert "unit Hz, default 0, >= 0, <= 10000" in said
    assert "preset v2e-noisy: 5" in said


def test_preset(capsys):
    assert main(["show", "v2e-noisy"]) == 0
    assert "leak_rate_hz              0.1 Hz" in capsys.readouterr().out


@pytest.mark.parametrize("path", shipped_files(), ids=lambda path: path.name)
def test_shipped_file(path, capsys):
    assert main(["show", path.name]) == 0
    said = capsys.readouterr().out
    try:
        expected = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        expected = "not text"
    assert expected in said


@pytest.mark.parametrize("name", MotionSettings.model_fields)
def test_setting_of_the_motion(name, capsys):
    assert main(["show", name]) == 0
    assert str(MotionSettings.model_fields[name].description) in capsys.readouterr().out


def test_a_setting_that_the_path_decides(capsys):
    main(["show", "amplitude_px"])
    assert "unit px, default that of the path, > 0, <= 10000" in capsys.readouterr().out


def test_a_setting_says_what_others_call_it(capsys):
    main(["show", "refractory_period_us"])
    said = capsys.readouterr().out
    assert "called elsewhere: v2e refractory_period_s, ESIM refractory_period_ns" in said
    main(["show", "device_seed"])
    assert "elsewhere" not in capsys.readouterr().out
