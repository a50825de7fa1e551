"""`eventsim anonymize`, as it is typed."""

import pytest

import eventsim
from eventsim.cli.main import main
from eventsim.shipped import find


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    out = tmp_path_factory.mktemp("anonymize") / "clip.zarr"
    clip = str(find("bigbuckbunny.mp4"))
    words = ["convert", clip, str(out), "--size", "40x30", "--stop", "0.4", "--noise", "v2e-clean"]
    assert main([*words, "--label", "rabbit", "--license", "CC BY 3.0"]) == 0
    return out


def test_there_and_back_and_what_the_card_says(source, tmp_path, capsys):
    out, back, key = tmp_path / "hidden.zarr", tmp_path / "back.zarr", tmp_path / "key"
    assert main(["keygen", str(key)]) == 0
    words = ["anonymize", str(source), str(out), "--key-file", str(key)]
    words += ["--method", "PermutePixels", "--method", "CipherPolarity"]
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "leaves  where and when something moves" in said
    assert "sealed" not in said
    card = (out / "README.md").read_text()
    assert "anonymized from another dataset" in card
    assert "- `CipherPolarity()` leaves where and when something moves" in card
    assert "Also left: labels and splits" in card
    assert "CC BY 3.0" in card
    secret = key.read_text().split("\n")[1]
    seed = str(eventsim.open_dataset(source)[0].seed)
    for path in filter(lambda p: p.is_file(), out.rglob("*")):
        for word in (secret, seed, "bigbuckbunny", str(tmp_path), "clip.zarr", str(key)):
            assert word.encode() not in path.read_bytes(), (path, word)
    for command in ("info", "verify"):
        assert main([command, str(out)]) == 0
    assert "sealed" in capsys.readouterr().out
    assert main(["view", str(out), str(tmp_path / "hidden.png")]) == 0
    assert main(["anonymize", str(out), str(back), "--recover", "--key-file", str(key)]) == 0
    one, other = eventsim.open_dataset(source)[0], eventsim.open_dataset(back)[0]
    assert one.events == other.events
    assert one.frame_t_us.tolist() == other.frame_t_us.tolist()
    assert (back / "README.md").read_text().count("recovered from an anonymized dataset") == 1
    capsys.readouterr()
    assert main(words) == 2
    assert "is complete" in capsys.readouterr().err


def test_without_a_key(source, tmp_path):
    out = tmp_path / "hidden.zarr"
    words = ["anonymize", str(source), str(out), "--method", "SpatialJitter(2)", "--drop-labels"]
    assert main(words) == 0
    assert eventsim.open_dataset(out)[0].label == ""
    assert "`SpatialJitter(sd_px=2)` leaves " in (out / "README.md").read_text()


def test_wrong_words_are_one_line(source, tmp_path, capsys):
    out, key = str(tmp_path / "hidden.zarr"), str(tmp_path / "key")
    assert main(["keygen", key]) == 0
    for words, said in (
        ([], "anonymize needs --method"),
        (["--method", "PermutePixel"], "Did you mean 'PermutePixels'"),
        (["--method", "PermutePixels"], "needs a key"),
        (["--method", "PermutePixels(rekey_us=0)"], "rekey_us must be"),
        (["--method", "Compose((PermutePixels(),))"], "no transform called 'PermutePixels'"),
        (["--method", "EventKey"], "no transform called 'EventKey'"),
        (["--method", "PermutePixels", "--key-file", str(source)], "cannot read the key file"),
        (["--recover"], "--recover needs the --key-file"),
        (["--recover", "--key-file", key], "is not an anonymized dataset"),
        (["--recover", "--method", "Flip"], "leave out --method"),
    ):
        capsys.readouterr()
        assert main(["anonymize", str(source), out, *words]) == 2
        error = capsys.readouterr().err
        assert said in error
        assert error.count("\n") == 1
