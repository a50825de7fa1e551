"""Every sensor card, found by listing the folder, keeps the promises of a card."""

import tomllib

import numpy as np
import pytest

from eventsim import SensorSize, simulate
from eventsim.camera import SETTINGS, choose_camera
from eventsim.errors import ConfigError
from eventsim.pixel.models import make_settings
from eventsim.sensors import cards
from eventsim.sensors.cards import FOLDER, card_text, load_card, read_card, sensor_names

# Figures of each camera from its data sheet or paper; add a line to both tables with a card.
SIZES = {
    "atis": (304, 240),  # Orchard et al. 2015
    "davis240": (240, 180),  # Brandli et al. 2014
    "davis346": (346, 260),  # iniVation DAVIS346
    "dvs128": (128, 128),  # Lichtsteiner et al. 2008
    "dvxplorer": (640, 480),  # iniVation DVXplorer
    "gen3": (640, 480),  # Prophesee Gen3 VGA
    "genx320": (320, 320),  # Prophesee GenX320
    "ideal": None,
    "imx636": (1280, 720),  # Sony IMX636
    "v2e": None,
}
# ON events of a pixel that sees nothing move, per second: what was measured, not what cards say.
STILL_HZ = {
    "atis": 0.115 / 0.315,  # ON events per pixel of N-MNIST's saccades, where nothing moves
    "davis240": 0.104,  # IEBCS at 161 lux, for this and all that say so
    "davis346": 0.104,
    "dvs128": 0.029,  # Lichtsteiner et al. 2008: 0.028 to 0.030, nearly all of it leak
    "dvxplorer": 0.104,
    "gen3": 0.104,
    "genx320": 0.104,
    "ideal": 0.0,
    "imx636": 0.104,
    "v2e": 0.01 + 0.0005 * (1 - 0.75 * 148 / 275),  # its defaults at 128 DN: leak, half of shot
}
# Contrast thresholds from which those of the card were derived, ln: fits by other people.
THRESHOLDS = {
    "davis240": 1 / 4.424,  # DVS-Voltmeter: k1 = 4.424, and a threshold is 1 / k1
    "davis346": 1 / 5.265,
}


def test_the_folder_is_the_list():
    assert sensor_names() == sorted(path.stem for path in FOLDER.glob("*.toml"))
    assert {"ideal", "v2e", "davis346"} <= set(sensor_names())


def test_every_card_has_its_line_in_the_tables_above():
    assert sensor_names() == sorted(SIZES) == sorted(STILL_HZ)


@pytest.mark.parametrize("name", sensor_names())
def test_card_is_whole(name):
    card = load_card(name)
    assert card.name == name
    assert len(card.title) > 10
    assert card.transfer in ("srgb", "linear")
    assert set(card.physics) <= set(SETTINGS)
    assert {"contrast_threshold_on", "contrast_threshold_off"} <= set(card.physics)


@pytest.mark.parametrize("name", sensor_names())
def test_every_number_has_its_source(name):
    card = load_card(name)
    written = set(tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))) - {"title"}
    assert set(card.sources) == written
    assert {"transfer", *card.physics} <= written
    for key, source in card.sources.items():
        assert len(source.strip()) >= 8, key


@pytest.mark.parametrize("name", sensor_names())
def test_settings_of_the_card_are_valid(name):
    physics = load_card(name).physics
    settings = make_settings(physics)
    for key, value in physics.items():
        assert getattr(settings, key) == value


@pytest.mark.parametrize("name", sensor_names())
def test_size(name):
    size = load_card(name).size
    assert size == SIZES[name]
    if size is not None:
        assert isinstance(size, SensorSize)
        assert all(isinstance(n, int) and n > 0 for n in size)


@pytest.mark.parametrize("name", sensor_names())
def test_a_still_scene_is_as_noisy_as_was_measured(name):
    """Pixels that see an even gray, with all effects of the card.

    Half of the events are those of about 900 hot pixels, of which 30 are one standard deviation.
    """
    frames = np.full((2, 300, 300), 128, np.uint8)
    events = simulate((frames, np.array([0, 20_000_000])), sensor=name, seed=4)
    hz = np.count_nonzero(events.p) / (300 * 300 * 20)
    assert hz == pytest.approx(STILL_HZ[name], rel=0.1)
    if name not in ("ideal", "v2e"):
        assert events.p.mean() > 0.9  # leak and hot pixels are ON


@pytest.mark.parametrize("name", THRESHOLDS)
def test_a_rise_makes_as_many_events_as_was_fitted(name):
    """A slow rise by ten fitted thresholds: about ten events per pixel without noise."""
    frames = np.full((2, 50, 50), 3, np.float32)
    frames[1] += 10 * THRESHOLDS[name]
    quiet = {"leak_rate_hz": 0, "shot_noise_rate_hz": 0, "hot_pixel_fraction": 0}
    events = simulate((frames, np.array([0, 1_000_000])), sensor=name, encoding="log", **quiet)
    # Half an event is lost on average, since the last threshold is hardly ever reached.
    assert len(events) / 2500 == pytest.approx(10 - 0.4, abs=0.5)


def test_mismatch_of_the_dvs128_is_that_of_its_paper():
    """2.1 % of contrast from pixel to pixel (Lichtsteiner et al. 2008), seen in first events."""
    frames = np.full((2, 60, 60), 3, np.float32)
    frames[1] += 1.0
    quiet = {"leak_rate_hz": 0, "shot_noise_rate_hz": 0, "refractory_period_us": 0}
    quiet |= {"photoreceptor_cutoff_hz": 0}
    events = simulate((frames, np.array([0, 1_000_000])), sensor="dvs128", encoding="log", **quiet)
    _, first = np.unique(events.y.astype(int) * 60 + events.x, return_index=True)
    assert events.t[first].std() * 1e-6 == pytest.approx(0.021, rel=0.1)


def test_v2e_reads_numbers_as_linear_light_and_cameras_do_not():
    assert load_card("v2e").transfer == "linear"
    assert load_card("davis346").transfer == "srgb"


def test_ideal_has_thresholds_and_nothing_else():
    assert set(load_card("ideal").physics) == {"contrast_threshold_on", "contrast_threshold_off"}


@pytest.mark.parametrize(
    ("name", "hint"),
    [("davis364", "Did you mean 'davis346'"), ("zzz", "Known: atis, davis240")],
)
def test_an_unknown_sensor_names_the_nearest(name, hint):
    with pytest.raises(ConfigError, match=f"there is no sensor '{name}'. {hint}"):
        load_card(name)


@pytest.mark.parametrize("name", ["", "../cards", "/etc/passwd"])
def test_a_name_is_not_a_path(name):
    with pytest.raises(ConfigError, match="there is no sensor"):
        load_card(name)


def test_a_card_of_ones_own(tmp_path):
    """A copy with another number; a path object and its text are the same."""
    text = (FOLDER / "davis346.toml").read_text(encoding="utf-8")
    mine = tmp_path / "mine.toml"
    mine.write_text(text.replace("value = 0.05\n", "value = 7.5\n"), encoding="utf-8")
    card = load_card(mine)
    assert card == load_card(str(mine))
    assert (card.name, card.size, card.physics["leak_rate_hz"]) == ("mine.toml", (346, 260), 7.5)
    assert choose_camera(str(mine)).settings.leak_rate_hz == 7.5


@pytest.mark.parametrize(
    ("contents", "words"),
    [
        (None, "mine.toml cannot be read: No such file or directory. `eventsim cp davis346`"),
        (b"= 3", "mine.toml is not TOML: .* Fix the file"),
        (b"\xff", "mine.toml is not TOML"),
        (b"title = 'Mine'\nleak_rate_hz = 3", "leak_rate_hz must be a table with value"),
    ],
)
def test_a_card_of_ones_own_that_is_none(tmp_path, contents, words):
    path = tmp_path / "mine.toml"
    if contents is not None:
        path.write_bytes(contents)
    with pytest.raises(ConfigError, match=words):
        load_card(path)


@pytest.mark.parametrize(
    "entry", ["leak_rate_hz = 0.1", "[leak_rate_hz]\nvalue = 0.1", "[leak_rate_hz]\nsource = 'x'"]
)
def test_a_number_without_a_source_is_refused(tmp_path, monkeypatch, entry):
    (tmp_path / "mine.toml").write_text(f'title = "Mine"\n{entry}\n', encoding="utf-8")
    monkeypatch.setattr(cards, "FOLDER", tmp_path)
    with pytest.raises(
        ConfigError, match=r"card mine.toml: leak_rate_hz must be a table with value"
    ):
        load_card("mine")


TRANSFER = {"value": "srgb", "source": "by eye"}


@pytest.mark.parametrize(
    ("card", "message"),
    [
        ({"transfer": TRANSFER}, r"card mine needs a title \(a string\), found None"),
        ({"title": 3, "transfer": TRANSFER}, "found 3"),
        ({"title": "Mine"}, "transfer must be one of srgb, linear, pq, hlg, log, found None"),
        ({"title": "Mine", "transfer": TRANSFER | {"value": "gamma"}}, "found 'gamma'"),
    ],
)
def test_contents_are_checked(card, message):
    with pytest.raises(ConfigError, match=message):
        read_card("mine", card)


@pytest.mark.parametrize("size", [[4], [4, 0], [4.0, 3], ["4", "3"], 5, [True, 1], [4, 3, 2]])
def test_a_size_is_two_positive_integers(size):
    card = {"title": "Mine", "transfer": TRANSFER, "size": {"value": size, "source": "by eye"}}
    with pytest.raises(ConfigError, match="size must be two positive integers"):
        read_card("mine", card)


def test_a_card_in_memory():
    size = {"value": [4, 3], "source": "by eye"}
    card = read_card("mine", {"title": "Mine", "transfer": TRANSFER, "size": size})
    assert (card.name, card.title, card.size, card.transfer) == ("mine", "Mine", (4, 3), "srgb")
    assert card.physics == {}
    assert card.sources == {"transfer": "by eye", "size": "by eye"}


def test_a_file_that_is_not_toml(tmp_path, monkeypatch):
    (tmp_path / "mine.toml").write_text("title = ", encoding="utf-8")
    monkeypatch.setattr(cards, "FOLDER", tmp_path)
    with pytest.raises(ConfigError, match=r"mine.toml is not TOML: .*Fix the file"):
        load_card("mine")


def test_a_card_is_written_as_it_is_read():
    for name in sensor_names():
        card = load_card(name)
        assert read_card(name, tomllib.loads(card_text(card))) == card
