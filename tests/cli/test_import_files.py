"""`eventsim import`, as it is typed."""

import numpy as np
import pytest

import eventsim
from eventsim.cli.main import main
from eventsim.events import Events


@pytest.fixture
def folder(tmp_path):
    rng = np.random.default_rng(1)
    t = np.sort(rng.integers(0, 50_000, 400))
    columns = rng.integers(0, 30, 400), rng.integers(0, 20, 400), rng.integers(0, 2, 400)
    events = Events.of(t, *columns, size=(30, 20))
    for place in ("train/cat/a.raw", "train/dog/b.dat", "test/cat/c.raw"):
        path = tmp_path / "corpus" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        events.save(path)
    return tmp_path / "corpus"


def test_a_folder_becomes_a_dataset_that_every_command_takes(folder, tmp_path, capsys, monkeypatch):
    out = tmp_path / "out.zarr"
    words = ["import", str(folder), str(out), "--license", "CC0"]
    assert main(words) == 0
    printed = capsys.readouterr().out
    assert "3 event files" in printed
    assert "1,200" in printed
    dataset = eventsim.open_dataset(out)
    assert [(r.split, r.label) for r in dataset] == [
        ("train", "cat"), ("train", "dog"), ("test", "cat"),
    ]  # fmt: skip
    card = (out / "README.md").read_text()
    assert "ecorded" in card
    assert "imulated" not in card
    assert "eventsim import" in card
    assert "It is recorded." in (out / "croissant.json").read_text()
    monkeypatch.chdir(tmp_path)
    again = card.split("```sh\n")[1].split("\n")[0].split()
    assert main([*again[1:], "-q"]) == 0
    copies = eventsim.open_dataset(tmp_path / "again.zarr")
    assert [r.events for r in copies] == [r.events for r in dataset]
    assert main(words) == 2
    assert "is complete" in capsys.readouterr().err
    for command in (["info"], ["verify"], ["view", "--panel", "events"]):
        assert main([command[0], str(out), *command[1:]]) == 0


def test_splits_by_shares_and_of_one_name(folder, tmp_path):
    out = tmp_path / "out.zarr"
    assert main(["import", str(folder), str(out), "--split", "test", "-q"]) == 0
    assert len(eventsim.open_dataset(out)) == 1
    files = [str(path) for path in sorted(folder.rglob("*.raw"))]
    words = [*files, str(out), "--split", "1/0/0", "--label", "x", "--overwrite", "-q"]
    assert main(["import", *words]) == 0
    assert {(r.split, r.label) for r in eventsim.open_dataset(out)} == {("train", "x")}


def test_a_table_names_files_and_labels(folder, tmp_path):
    (folder / "table.csv").write_text("path,label,split\ntest/cat/c.raw,tabby,val\n")
    out = tmp_path / "out.zarr"
    assert main(["import", str(out), "--manifest", str(folder / "table.csv"), "-q"]) == 0
    (recording,) = eventsim.open_dataset(out)
    assert (recording.label, recording.split) == ("tabby", "val")


def test_a_failed_file_is_one_line_and_the_code_is_1(folder, tmp_path, capsys):
    (folder / "train/dog/b.dat").write_bytes(b"% Version 2\n")
    assert main(["import", str(folder), str(tmp_path / "out.zarr")]) == 1
    errors = capsys.readouterr().err.splitlines()
    assert len(errors) == 1
    assert "b.dat is no whole DAT file" in errors[0]
    assert main(["retry", str(tmp_path / "out.zarr")]) == 2
    assert "is no dataset of videos" in capsys.readouterr().err


def test_wrong_words_are_one_line(folder, tmp_path, capsys):
    out = str(tmp_path / "out.zarr")
    one = str(folder / "test/cat/c.raw")
    for words, said in (
        ([out], "import needs at least one event file"),
        ([one, "out.txt"], "must end with .zarr"),
        ([one, out, "--format", "evt4"], "Did you mean"),
        ([one, out, "--size", "sensor"], "--size must be WIDTHxHEIGHT"),
        ([one, out, "--split", "val"], "no input has the split 'val'"),
        ([str(tmp_path / "no.raw"), out], "is not there"),
    ):
        assert main(["import", *words]) == 2, words
        error = capsys.readouterr().err
        assert error.count("\n") == 1
        assert said in error
