"""The converter of Event-ReId, on a tiny copy of its layout."""

import numpy as np
import pytest

import eventsim
from eventsim.store.verify import verify


@pytest.fixture
def clips(tmp_path):
    folder = tmp_path / "sample_data"
    for name in ("test/001_c1_035", "test/001_c2_040", "train/002_c1_000"):
        path = folder / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("100.5 3 4 1\n100.0 1 2 0\n100.0019 0 2 1\n")
    (folder / "query_list.txt").write_text("test/001_c1_035.txt 001\n\n")
    (folder / "gallery_list.txt").write_text("test/001_c2_040.txt 001\n")
    return folder


def test_clips_with_their_people_cameras_and_splits(program, clips, tmp_path, capsys):
    out = tmp_path / "reid.zarr"
    assert program.main([str(clips), str(out)]) == 0
    assert "3 recordings, 9 events" in capsys.readouterr().out
    dataset = eventsim.open_dataset(out)
    assert [(r.id, r.group, r.label, r.split) for r in dataset] == [
        ("test/001_c1_035", "test/001", "camera 1", "test"),
        ("test/001_c2_040", "test/001", "camera 2", "train"),
        ("train/002_c1_000", "train/002", "camera 1", "val"),
    ]
    events = dataset[0].events
    assert events.t.tolist() == [0, 2, 500]
    assert (events.x.tolist(), events.p.tolist()) == ([1, 0, 3], [False, True, True])
    assert np.array_equal(dataset[0].frame_t_us, [0, 500])
    assert verify(out).problems == ()


def test_what_is_wrong_is_listed_and_stops_nothing(program, clips, tmp_path, capsys):
    assert program.main([str(tmp_path / "none"), str(tmp_path / "o.zarr")]) == 2
    assert "found none" in capsys.readouterr().err
    for k, text in enumerate(("1 2 3\n", "1 2 3 four\n", "1 640 3 0\n")):
        (clips / "test/001_c1_035.txt").write_text(text)
        out = tmp_path / f"{k}.zarr"
        assert program.main([str(clips), str(out)]) == 1
        error = capsys.readouterr().err
        assert "001_c1_035.txt is no clip" in error
        assert error.count("\n") == 1
        dataset = eventsim.open_dataset(out)
        assert (len(dataset), len(dataset.failures)) == (2, 1)
