"""`eventsim demo`, as a newcomer runs it: twice."""

from pathlib import Path

import av
import imageio.v3 as iio
import pytest

from eventsim.cli.demo import CREDIT, demo
from eventsim.errors import ConfigError, StoreError
from eventsim.store.reader import open_dataset


def test_demo_makes_a_dataset_a_film_and_a_picture_and_says_what_next(
    tmp_path: Path, capsys, monkeypatch
):
    folder = tmp_path / "new" / "demo"
    assert demo(folder) == 0
    said = capsys.readouterr().out
    first = open_dataset(folder / "demo.zarr")[0].events
    assert first.size == (346, 260)
    assert len(first) > 100_000
    with av.open(str(folder / "demo.mp4")) as container:
        assert container.streams.video[0].frames == 153  # 2.54 s, twice as slow, at 30 a second
    assert iio.imread(folder / "demo.png").shape[1] == 1408
    for words in (CREDIT, "demo.mp4", "demo.png", "eventsim convert YOUR_VIDEO.mp4 yours.zarr"):
        assert words in said
    monkeypatch.setattr("eventsim.cli.view.view", lambda *_: None)  # drawn once is enough
    assert demo(folder) == 0
    assert open_dataset(folder / "demo.zarr")[0].events == first


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot be made"):
        demo(tmp_path / "file" / "demo")


def test_what_is_not_a_dataset_is_not_deleted(tmp_path: Path):
    (tmp_path / "demo.zarr").mkdir()
    (tmp_path / "demo.zarr" / "precious.txt").write_text("mine")
    with pytest.raises(StoreError):
        demo(tmp_path)
    assert (tmp_path / "demo.zarr" / "precious.txt").read_text() == "mine"
