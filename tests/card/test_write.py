"""The card of a real dataset: for people, for machines, and to make it again."""

import csv
import json
import shlex
import shutil

import cv2
import pytest

from eventsim.card.about import About
from eventsim.card.write import CROISSANT_FILE, README_FILE, write_card
from eventsim.cli.main import main
from eventsim.store.reader import open_dataset
from eventsim.store.verify import verify


@pytest.fixture
def made(corpus, tmp_path, monkeypatch):
    """A copy that can be written to, in the folder where the command is run."""
    shutil.copytree(corpus, tmp_path / "home")
    monkeypatch.chdir(tmp_path / "home")
    write_card("out.zarr", About("Bars", "CC BY 4.0", "https://example.org", "Somebody 2026"))
    return tmp_path / "home" / "out.zarr"


def test_it_says_what_it_is(made):
    text = (made / README_FILE).read_text()
    dataset = open_dataset(made)
    for words in (
        "# Bars", 'license_name: "CC BY 4.0"', f"{dataset.attributes['events']:,} events",
        "| train | 2 |", "| run\\|x | 1 |", "| settings: leak_rate_hz | 3.0 |", "Somebody 2026",
        "`in/train/walk/bad.mp4`: expected a video file",
    ):  # fmt: skip
        assert words in text, words
    assert verify(made).problems == ()
    write_card(made)
    assert "not stated" in (made / README_FILE).read_text()


def test_the_same_dataset_has_the_same_card(made):
    names = [README_FILE, CROISSANT_FILE, "card/samples.png", "card/rates.png",
             "card/samples.csv", "card/manifest.csv"]  # fmt: skip
    write_card(made)
    before = [(made / name).read_bytes() for name in names]
    write_card(made)
    assert [(made / name).read_bytes() for name in names] == before


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of libraries below mlcroissant
def test_machines_read_it(made):
    mlcroissant = pytest.importorskip("mlcroissant")
    dataset = mlcroissant.Dataset(str(made / CROISSANT_FILE))
    assert not dataset.metadata.ctx.issues.errors
    rows = list(dataset.records("samples"))
    expected = open_dataset(made).table()
    assert [row["samples/id"].decode() for row in rows] == expected["id"].tolist()
    assert [row["samples/events"] for row in rows] == expected["events"].tolist()
    document = json.loads((made / CROISSANT_FILE).read_text())
    assert (document["name"], document["license"]) == ("Bars", "CC BY 4.0")


def test_its_command_makes_it_again(made):
    """The same events, labels and failures, whatever the camera and the reading were."""
    text = (made / README_FILE).read_text()
    command = text.split("```sh\n")[1].split("\n")[0]
    words = shlex.split(command)
    assert words[0] == "eventsim"
    assert main([*words[1:], "-q"]) == 1
    again, first = open_dataset("again.zarr"), open_dataset(made)
    assert len(again) == len(first) == 3
    for a, b in zip(again, first, strict=True):
        assert a.events == b.events
        assert (a.id, a.label, a.split, a.group, a.source) == (
            b.id,
            b.label,
            b.split,
            b.group,
            b.source,
        )
    assert again.failures == first.failures
    assert again.attributes["inputs"]["count"] == first.attributes["inputs"]["count"]


def test_its_pictures_show_something(made):
    samples = cv2.imread(str(made / "card" / "samples.png"))
    rates = cv2.imread(str(made / "card" / "rates.png"))
    for picture in (samples, rates):
        assert picture.shape[1] == 1040
        assert 0.02 < (picture != picture[0, -1]).any(axis=2).mean() < 0.98
    with (made / "card" / "samples.csv").open() as file:
        assert len(list(csv.DictReader(file))) == 3
