"""`eventsim denoise`, as it is typed."""

import pytest

import eventsim
from eventsim.cli.main import main
from eventsim.denoise import STCF
from eventsim.shipped import find


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    out = tmp_path_factory.mktemp("denoise") / "clip.zarr"
    clip = str(find("bigbuckbunny.mp4"))
    words = ["convert", clip, str(out), "--size", "40x30", "--stop", "0.4", "--noise", "v2e-noisy"]
    assert main([*words, "--set", "shot_noise_rate_hz=5", "--license", "CC BY 3.0"]) == 0
    return out


def test_a_copy_and_its_card(source, tmp_path, capsys):
    out = tmp_path / "copy.zarr"
    words = ["denoise", str(source), str(out), "--method", "HotPixelFilter"]
    words += ["--method", "STCF(neighbors=1)"]
    assert main(words) == 0
    printed = capsys.readouterr().out
    assert "then STCF(neighbors=1, window_us=25000.0, same_polarity=True)" in printed
    assert "wrote" in printed
    card = (out / "README.md").read_text()
    assert "filtered from another dataset" in card
    assert "eventsim denoise clip.zarr again.zarr --method 'HotPixelFilter(" in card
    assert "CC BY 3.0" in card
    assert main(words) == 2
    assert "is complete" in capsys.readouterr().err
    assert main(["verify", str(out)]) == 0
    # Signal is what is left, mostly; the kinds are known.
    before, after = (eventsim.open_dataset(path)[0].events for path in (source, out))
    assert (after.kind == 0).mean() > (before.kind == 0).mean() + 0.05


def test_a_filter_is_a_transform_too(source, tmp_path):
    assert main(["denoise", str(source), str(tmp_path / "one.zarr")]) == 0
    words = ["augment", str(source), str(tmp_path / "two.zarr"), "--transform", "STCF"]
    assert main(words) == 0
    one, two = (eventsim.open_dataset(tmp_path / f"{n}.zarr")[0].events for n in ("one", "two"))
    assert one == two == STCF()(eventsim.open_dataset(source)[0].events)


def test_wrong_words_are_one_line(source, tmp_path, capsys):
    out = str(tmp_path / "copy.zarr")
    for words, said in (
        (["--method", "stcf"], "there is no filter called 'stcf'. Did you mean 'STCF'"),
        (["--method", "Flip"], "there is no filter called 'Flip'"),
        (["--method", "STCF(neighbors=9)"], "neighbors must be in [1, 8], found 9"),
        (["--method", "STCF(neighbours=2)"], "neighbours"),
        (["--method", "STCF("], "written as"),
        (["--split", "tset"], "split"),
    ):
        capsys.readouterr()
        assert main(["denoise", str(source), out, *words]) == 2
        err = capsys.readouterr().err
        assert said in err
        assert len(err.strip().splitlines()) == 1
    assert main(["denoise", str(source), "copy"]) == 2
