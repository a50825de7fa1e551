"""`eventsim calibrate`, as it is typed."""

import numpy as np
import pytest
import tifffile

from eventsim.camera import choose_camera
from eventsim.cli.calibrate import _Frames
from eventsim.cli.main import main
from eventsim.cli.options import FrameFlags
from eventsim.sensors.cards import load_card
from eventsim.store.reader import open_dataset

CARD = """
title = "Known"
[transfer]
value = "linear"
source = "here"
[contrast_threshold_on]
value = 0.3
source = "here"
[contrast_threshold_off]
value = 0.24
source = "here"
[leak_rate_hz]
value = 1.5
source = "here"
[leak_jitter]
value = 0.1
source = "here"
[shot_noise_rate_hz]
value = 5
source = "here"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A known camera's recording of a pattern, and its frames as a TIFF."""
    folder = tmp_path_factory.mktemp("known")
    (folder / "known.toml").write_text(CARD)
    y, x = np.indices((32, 40))
    way = 7 * np.sin(np.arange(60) / 5)
    pattern = [110 + 50 * np.sin((x - w) / 2.1) + 40 * np.sin((y + w) / 2.7) for w in way]
    frames = np.where(x < 20, np.clip(pattern, 8, 250), 90).astype(np.uint8)
    tifffile.imwrite(folder / "frames.tif", frames)
    command = ["convert", str(folder / "frames.tif"), str(folder / "real.zarr"), "--fps", "25"]
    assert main([*command, "--sensor", str(folder / "known.toml"), "--quiet"]) == 0
    return folder


def test_a_card_that_can_be_used(folder, tmp_path, capsys):
    card = tmp_path / "mine.toml"
    names = ("contrast_threshold_on", "contrast_threshold_off", "leak_rate_hz",
             "shot_noise_rate_hz")  # fmt: skip
    start = folder / "start.toml"
    start.write_text(CARD.replace("0.3\n", "0.2\n").replace("= 5\n", "= 1\n"))
    command = ["calibrate", str(folder / "real.zarr"), str(card), "--sensor", str(start)]
    command += ["--frames", str(folder / "frames.tif"), "--fps", "25"]
    assert main([*command, *(w for n in names for w in ("--setting", n))]) == 0
    out = capsys.readouterr().out
    assert "contrast_threshold_on" in out
    assert "sd from the recording before" in out
    found = load_card(card)
    assert found.size == (40, 32)
    truth = load_card(folder / "known.toml").physics
    for name in names:
        assert found.physics[name] == pytest.approx(truth[name], rel=0.1)
        assert "95 % interval" in found.sources[name]
    assert found.sources["leak_jitter"] == "here"  # as in the card it began with
    again = ["convert", str(folder / "frames.tif"), str(tmp_path / "b.zarr"), "--fps", "25"]
    assert main([*again, "--sensor", str(card), "--quiet"]) == 0
    counts = [len(open_dataset(path)[0]) for path in (folder / "real.zarr", tmp_path / "b.zarr")]
    assert counts[1] == pytest.approx(counts[0], rel=0.05)
    assert main([*command]) == 2  # it is there
    assert "--overwrite" in capsys.readouterr().err


def test_frames_in_slow_motion_are_sped_up_once(folder):
    real = open_dataset(folder / "real.zarr")[0]
    flags = FrameFlags(fps=25, slow_motion=8)
    source = _Frames(folder / "frames.tif", real, choose_camera("davis346"), flags)()
    assert np.unique(np.diff([frame.t_us for frame in source])).tolist() == [5000]


def test_a_still_scene_needs_no_frames(folder, tmp_path):
    (tmp_path / "gray").mkdir()
    tifffile.imwrite(tmp_path / "gray.tif", np.full((2, 32, 40), 128, np.uint8))
    command = ["convert", str(tmp_path / "gray.tif"), str(tmp_path / "g.zarr"), "--fps", "0.1"]
    assert main([*command, "--sensor", str(folder / "known.toml"), "--quiet"]) == 0
    card = tmp_path / "noise.toml"
    assert main(["calibrate", str(tmp_path / "g.zarr"), str(card), "--sensor",
                 str(folder / "known.toml"), "--quiet"]) == 0  # fmt: skip
    found = load_card(card).physics
    assert found["leak_rate_hz"] == pytest.approx(1.5, rel=0.1)
    assert found["shot_noise_rate_hz"] == pytest.approx(5, rel=0.1)
    assert found["contrast_threshold_on"] == 0.3


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["x.json"], "must end with .toml"),
        (["no/folder/x.toml"], "there is no folder"),
        (["x.toml", "--number", "3"], "has 1 recordings from 0, and no number 3"),
        (["x.toml", "--setting", "contrast"], "calibrated can be"),
        (["x.toml", "--sensor", "davis999"], "there is no sensor"),
        (["x.toml", "--setting", "contrast_threshold_on"], "needs pixels that see motion"),
    ],
)
def test_what_is_wrong_is_one_line(folder, tmp_path, words, complaint, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["calibrate", str(folder / "real.zarr"), *words]) == 2
    error = capsys.readouterr().err
    assert complaint in error
    assert error.count("\n") == 1
