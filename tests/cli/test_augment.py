"""`eventsim augment`, as it is typed."""

import pytest

import eventsim
from eventsim.cli.main import main
from eventsim.shipped import find


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    out = tmp_path_factory.mktemp("augment") / "clip.zarr"
    clip = str(find("bigbuckbunny.mp4"))
    words = ["convert", clip, str(out), "--size", "40x30", "--stop", "0.4", "--noise", "v2e-clean"]
    assert main([*words, "--label", "rabbit", "--license", "CC BY 3.0"]) == 0
    return out


def test_a_copy_and_its_card(source, tmp_path, capsys):
    out = tmp_path / "copy.zarr"
    words = ["augment", str(source), str(out), "--transform", "Sometimes(Flip, 0.5)"]
    assert main([*words, "--transform", "Rotate((-9, 9))", "--copies", "2", "--seed", "3"]) == 0
    printed = capsys.readouterr().out
    assert "2 of each by Compose" in printed
    assert "wrote" in printed
    copy = eventsim.open_dataset(out)
    assert len(copy) == 2
    assert copy[1].label == "rabbit"
    card = (out / "README.md").read_text()
    assert "transformed from another dataset" in card
    assert "eventsim augment clip.zarr again.zarr --transform" in card
    assert "CC BY 3.0" in card
    assert main([*words, "--transform", "Rotate((-9, 9))", "--copies", "2", "--seed", "3"]) == 2
    assert "is complete" in capsys.readouterr().err
    assert main(["info", str(out)]) == 0
    assert main(["verify", str(out)]) == 0
    assert main(["view", str(out), str(tmp_path / "copy.png")]) == 0


def test_a_transform_that_is_not_safe_for_the_labels_is_named(source, tmp_path, capsys):
    assert main(["card", str(source), "--not-label-safe", "Flip"]) == 0
    assert "not safe here: `Flip`" in (source / "README.md").read_text()
    capsys.readouterr()
    words = ["augment", str(source), str(tmp_path / "copy.zarr"), "--transform"]
    assert main([*words, "Sometimes(Flip)"]) == 0
    assert "Flip may change the label" in capsys.readouterr().out
    assert main(["card", str(source), "--not-label-safe", "Flop"]) == 2
    assert "'Flop'" in capsys.readouterr().err


def test_wrong_words_are_one_line(source, tmp_path, capsys):
    out = str(tmp_path / "copy.zarr")
    for words, said in (
        ([], "augment needs --transform"),
        (["--transform", "Flop"], "Did you mean 'Flip'"),
        (["--transform", "Flip", "--copies", "0"], "copies must be 1 or more"),
        (["--transform", "Flip", "--split", "val"], "split"),
    ):
        assert main(["augment", str(source), out, *words]) == 2
        error = capsys.readouterr().err
        assert said in error
        assert error.count("\n") == 1
    assert main(["augment", str(source), "copy", "--transform", "Flip"]) == 2
    assert "must end with .zarr" in capsys.readouterr().err


def test_before_and_after_side_by_side(source, tmp_path, capsys):
    for name in ("both.png", "both.mp4"):
        words = ["view", str(source), str(tmp_path / name), "--transform", "Flip"]
        assert main([*words, "--transform", "Thin(0.5)"]) == 0
        assert (tmp_path / name).stat().st_size > 3000
    assert main(["view", str(source), str(tmp_path / "x.png"), "--transform", "Flop"]) == 2
    assert "Did you mean 'Flip'" in capsys.readouterr().err
