"""The converter of folders of frames."""

import cv2
import numpy as np
import pytest

from eventsim.errors import SourceError


@pytest.fixture
def frames(tmp_path):
    home = tmp_path / "frames"
    for name in ("train/walk/seq1", "train/walk/seq2", "test/run/seq3"):
        (home / name).mkdir(parents=True)
        for k in range(4):
            picture = np.full((12, 16), 60, np.uint8)
            picture[:, 3 * k : 3 * k + 3] = 220
            cv2.imwrite(str(home / name / f"{k + 8}.png"), picture)
    return home


def test_a_recording_a_folder(convert, frames):
    dataset = convert(frames, "--fps", "20")
    assert [(r.id, r.label, r.split) for r in dataset] == [
        ("train/walk/seq1", "walk", "train"),
        ("train/walk/seq2", "walk", "train"),
        ("test/run/seq3", "run", "test"),
    ]
    assert dataset[0].frame_t_us.tolist() == [0, 50_000, 100_000, 150_000]


def test_what_holds_none(program, frames, tmp_path, clip):
    with pytest.raises(SourceError, match="folder of folders"):
        program.find_inputs(frames / "none", 1)
    clip(tmp_path / "videos/walk/a.mp4")
    with pytest.raises(SourceError, match="no folder of images"):
        program.find_inputs(tmp_path / "videos", 1)
    clip(frames / "train/walk/b.mp4")
    inputs, notes = program.find_inputs(frames, 1)
    assert len(inputs) + len(notes) >= 3
