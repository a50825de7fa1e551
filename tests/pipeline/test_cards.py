"""The contract of dataset cards, over every card in the folder, and what is refused."""

from pathlib import Path

import pytest

from eventsim.errors import ConfigError
from eventsim.pipeline.cards import DatasetCard, load_dataset_card
from eventsim.pipeline.image_plan import I2EMethod, SaccadeMethod

ROOT = Path(__file__).parents[2]
NAMES = sorted(
    path.stem for path in (ROOT / "datasets").glob("*.toml") if "converter" in path.read_text()
)


def test_the_known_sets_are_there():
    assert set(NAMES) >= {
        "i2e-mnist", "i2e-fashion-mnist", "i2e-cifar10", "i2e-cifar100", "i2e-imagenet",
        "n-mnist-sim", "cifar10-dvs-sim",
    }  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_every_card_says_all_that_is_needed(name):
    card = load_dataset_card(name)
    assert (ROOT / "converters" / f"{card.converter}.py").is_file()
    assert card.license.url.startswith("https://")
    for text in (card.description, card.citation, card.images):
        assert len(text.strip()) > 20
    assert isinstance(card.make_method(), I2EMethod if card.method == "i2e" else SaccadeMethod)
    assert card.expect
    for expected in card.expect.values():
        assert expected.samples >= 10_000
        assert len(expected.source) > 10


# Ma et al., AAAI 2026: size, ratio, event rate.
PUBLISHED = {
    "i2e-mnist": (32, 0.10, 9.56),
    "i2e-fashion-mnist": (32, 0.15, 10.76),
    "i2e-cifar10": (128, 0.07, 5.86),
    "i2e-cifar100": (128, 0.07, 5.76),
    "i2e-imagenet": (224, 0.12, 6.66),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_i2e_cards_have_the_published_numbers(name):
    card = load_dataset_card(name)
    side, ratio, rate = PUBLISHED[name]
    assert card.size == (side, side)
    assert card.make_method().settings.ratio == ratio
    assert all(expected.rate_percent == rate for expected in card.expect.values())


def test_a_card_of_ones_own(tmp_path):
    text = (ROOT / "datasets" / "i2e-mnist.toml").read_text()
    (tmp_path / "mine.toml").write_text(text.replace("ratio = 0.1 ", "ratio = 0.2 "))
    card = load_dataset_card(tmp_path / "mine.toml")
    assert card.make_method().settings.ratio == 0.2


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("ratio = 0.1 ", "ratoi = 0.1 ", "ratoi"),
        ('title = "', 'titel = "', "title: Field required"),
        ("rate_percent = 9.56", "events_per_recording = 4\nrate_percent = 9.56", "not both"),
        ('method = "i2e"', 'method = "saccade"', r"\[motion\] and \[camera\]"),
        ("size = [32, 32]", "size = [32]", "size"),
        ("[i2e]", "[i2e", "not a TOML file"),
    ],
)
def test_a_wrong_card_is_one_line(tmp_path, old, new, words):
    text = (ROOT / "datasets" / "i2e-mnist.toml").read_text()
    assert old in text
    (tmp_path / "mine.toml").write_text(text.replace(old, new, 1))
    with pytest.raises(ConfigError, match=words) as caught:
        load_dataset_card(tmp_path / "mine.toml").make_method()
    assert "\n" not in str(caught.value)


def test_an_unknown_card_names_the_nearest():
    with pytest.raises(ConfigError, match=r"i2e-mnist\.toml"):
        load_dataset_card("i2e-mnits")


def test_a_sample_clip_is_no_dataset():
    with pytest.raises(ConfigError, match="not a dataset card"):
        load_dataset_card("bigbuckbunny")
    assert "title" in DatasetCard.model_fields


def test_what_lies_in_the_working_directory_shadows_nothing(tmp_path, monkeypatch):
    """A path, or a card, of the same name as one that comes along."""
    shipped = load_dataset_card("n-mnist-sim")
    monkeypatch.chdir(tmp_path)
    Path("nmnist_path.csv").write_text("t_us,x_px,y_px\n0,0,0\n1000,9,9\n")
    Path("n-mnist-sim").write_text("nothing")
    found = load_dataset_card("n-mnist-sim")
    assert found == shipped
    assert found.make_method().motion.path == str(ROOT / "datasets" / "nmnist_path.csv")


def test_a_card_of_ones_own_has_its_path_beside_it(tmp_path, monkeypatch):
    folder = tmp_path / "cards"
    folder.mkdir()
    text = (ROOT / "datasets" / "n-mnist-sim.toml").read_text()
    (folder / "mine.toml").write_text(text.replace("nmnist_path.csv", "mine.csv"))
    (folder / "mine.csv").write_text("t_us,x_px,y_px\n0,0,0\n1000,9,9\n")
    monkeypatch.chdir(tmp_path)
    card = load_dataset_card("cards/mine.toml")
    assert card.make_method().motion.path == str(Path("cards/mine.csv"))
