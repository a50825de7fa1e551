"""Copies of datasets, as `augment`, `denoise` and `anonymize` write them."""

import shutil

import pytest

import eventsim
from eventsim.cli.copying import write_copy
from eventsim.cli.main import main
from eventsim.cli.options import RunFlags
from eventsim.denoise import STCF
from eventsim.errors import StoreError
from eventsim.pipeline.denoise_plan import plan_denoise
from eventsim.shipped import find


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    out = tmp_path_factory.mktemp("copying") / "clip.zarr"
    clip = str(find("bigbuckbunny.mp4"))
    assert main(["convert", clip, str(out), "--size", "40x30", "--stop", "0.3"]) == 0
    return out


def test_a_copy_with_its_words_and_its_card(source, tmp_path, capsys):
    planned, out = plan_denoise(source, [STCF()]), tmp_path / "copy.zarr"
    words = [("keeps", "what passes")]
    assert write_copy(planned, out, RunFlags(), words, unit="event") == 0
    printed = capsys.readouterr().out
    assert "keeps   what passes" in printed
    assert "wrote" in printed
    assert len(eventsim.open_dataset(out)) == 1
    # A run that was killed behind its last part has all but the card.
    for name in ("README.md", "croissant.json", "card"):
        path = out / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert write_copy(planned, out, RunFlags(quiet=True), words) == 0
    assert (out / "README.md").is_file()
    with pytest.raises(StoreError, match="is complete"):
        write_copy(planned, out, RunFlags(), words)
    assert write_copy(planned, out, RunFlags(overwrite=True), words) == 0
