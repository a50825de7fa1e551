import pytest

from eventsim.cli.options import CameraFlags, FrameFlags, parse_settings, parse_size, read_settings
from eventsim.errors import ConfigError


def test_sizes():
    assert parse_size("346x260") == (346, 260)
    assert parse_size("sensor") == "sensor"
    assert parse_size("source") == "source"


@pytest.mark.parametrize("text", ["346", "346x", "axb", "0x5", "70000x5", "1x2x3", ""])
def test_wrong_sizes(text):
    with pytest.raises(ConfigError, match="--size must be"):
        parse_size(text)


def test_settings():
    pairs = ("refractory_period_us=500", "leak_rate_hz=1e-1")
    assert parse_settings(pairs) == {"refractory_period_us": 500, "leak_rate_hz": 0.1}
    words = {"model": "linear", "readout_model": "atis", "device_map": "1.5"}  # a name, too
    assert parse_settings([f"{name}={word}" for name, word in words.items()]) == words


@pytest.mark.parametrize("pair", ["leak_rate_hz", "leak_rate_hz=", "leak_rate_hz=much"])
def test_wrong_settings(pair):
    with pytest.raises(ConfigError, match="name=number"):
        parse_settings([pair])


def test_who_beats_whom(tmp_path):
    """Flags beat the file, the file the preset, the preset the card, the card the default."""
    file = tmp_path / "my.toml"
    file.write_text('sensor = "dvs128"\nnoise = "v2e-clean"\nleak_rate_hz = 3\nleak_jitter = 0.3\n')
    flags = CameraFlags(settings=file, set_=("leak_rate_hz=4",))
    camera = flags.camera()
    assert (camera.name, camera.noise) == ("dvs128", "v2e-clean")
    assert camera.settings.leak_rate_hz == 4  # the flag, not the 3 of the file
    assert camera.settings.leak_jitter == 0.3  # the file, not the 0 of the preset
    assert camera.settings.threshold_mismatch == 0.02  # the preset
    assert CameraFlags(settings=file, noise="v2e-noisy", sensor="ideal").camera().name == "ideal"
    assert CameraFlags().camera().name == "davis346"
    assert CameraFlags().camera().noise == "card"


def test_settings_files_that_are_none(tmp_path):
    with pytest.raises(ConfigError, match="No such file"):
        read_settings(tmp_path / "none.toml")
    (tmp_path / "a.toml").write_text("a = = 3")
    with pytest.raises(ConfigError, match="not a TOML file"):
        read_settings(tmp_path / "a.toml")
    (tmp_path / "b.toml").write_text("[pixel]\nleak_rate_hz = 3")
    with pytest.raises(ConfigError, match=r"without tables, found \[pixel\]"):
        read_settings(tmp_path / "b.toml")
    (tmp_path / "c.toml").write_text("leek_rate_hz = 3")
    with pytest.raises(ConfigError, match="leak_rate_hz"):
        CameraFlags(settings=tmp_path / "c.toml").camera()


def test_frames():
    reading = FrameFlags(size="4x5", crop="1,2,3,4", start_s=0.5, encoding="linear").reading()
    assert (reading.size, reading.crop) == ((4, 5), (1, 2, 3, 4))
    assert (reading.start_s, reading.encoding) == (0.5, "linear")
    with pytest.raises(ConfigError, match="--crop must be X,Y,W,H"):
        FrameFlags(crop="1,2,3").reading()
