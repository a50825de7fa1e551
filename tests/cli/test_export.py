"""`eventsim export`, as it is typed."""

import numpy as np
import pytest
import zarr

import eventsim
from eventsim.cli.main import main
from eventsim.shipped import find


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    out = tmp_path_factory.mktemp("export") / "clip.zarr"
    clip = str(find("bigbuckbunny.mp4"))
    words = ["convert", clip, str(out), "--size", "40x30", "--stop", "0.4", "--noise", "v2e-noisy"]
    assert main([*words, "--label", "rabbit", "--twin", "leak_rate_hz=0", "-q"]) == 0
    return out


def test_a_file_is_a_recording(dataset, tmp_path, capsys):
    out = tmp_path / "one.raw"
    assert main(["export", str(dataset), str(out), "--recording", "1"]) == 0
    printed = capsys.readouterr().out
    assert "1 evt3 file" in printed
    assert "no room for the kind" in printed
    whole = eventsim.open_dataset(dataset)[1].events
    assert np.array_equal(eventsim.read(out).t, whole.t)
    assert main(["export", str(dataset), str(out), "--recording", "-1", "--start", "0.1",
                 "--stop", "0.2", "-q"]) == 0  # fmt: skip
    assert np.array_equal(eventsim.read(out).t, whole.window(100_000, 200_000).t)


def test_a_folder_comes_back_by_import(dataset, tmp_path, capsys):
    out = tmp_path / "files"
    assert main(["export", str(dataset), str(out), "--format", "hdf5", "--workers", "2"]) == 0
    assert {path.name for path in (out / "rabbit").iterdir()} == {
        "bigbuckbunny.h5", "bigbuckbunny-twin.h5",
    }  # fmt: skip
    back = tmp_path / "back.zarr"
    words = ["import", str(back), "--manifest", str(out / "recordings.csv"), "-q"]
    assert main(words) == 0
    one, other = eventsim.open_dataset(dataset), eventsim.open_dataset(back)
    assert [r.events for r in one] == [r.events for r in other]
    assert [(r.id, r.label) for r in one] == [(r.id, r.label) for r in other]
    capsys.readouterr()
    (out / "rabbit/bigbuckbunny.h5").unlink()
    assert main(["export", str(dataset), str(out), "--format", "hdf5"]) == 0
    assert "1 hdf5 file" in (printed := capsys.readouterr().out)
    assert "1 were there already" in printed


def test_a_recording_that_does_not_fit_is_one_line(dataset, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("eventsim.formats.evt.MOST_PX", 39)
    assert main(["export", str(dataset), str(tmp_path / "files"), "--format", "evt2"]) == 1
    errors = capsys.readouterr().err.splitlines()
    assert len(errors) == 2
    assert "EVT2 holds up to 39 px per side, found 40x30" in errors[0]
    assert not list((tmp_path / "files").rglob("*.raw"))


def test_wrong_words_are_one_line(dataset, tmp_path, capsys):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    for words, said in (
        ([str(tmp_path / "files")], "so it needs a format"),
        ([str(tmp_path / "a.raw")], "has 2 recordings, and"),
        ([str(tmp_path / "a.xyz")], "must end in"),
        ([str(tmp_path / "a"), "--format", "evt2.1"], "evt2.1 is read only"),
        ([str(tmp_path / "a"), "--format", "evt3", "--recording", "2"], "--recording"),
        ([str(tmp_path / "a"), "--format", "evt3", "--workers", "0"], "workers must be 1 or more"),
        ([str(tmp_path / "a"), "--format", "evt3", "--start", "2", "--stop", "1"], "--start must"),
        ([str(tmp_path / "full"), "--format", "evt3"], "is not empty, and holds no export"),
    ):
        assert main(["export", str(dataset), *words]) == 2, words
        error = capsys.readouterr().err
        assert error.count("\n") == 1
        assert said in error


def test_plain_columns_are_read_by_zarr_alone(dataset, tmp_path, capsys):
    out = tmp_path / "plain.zarr"
    words = ["export", str(dataset), str(out), "--format", "zarr-columns"]
    assert main(words) == 0
    assert "2 recordings" in capsys.readouterr().out
    group = zarr.open_group(out, mode="r")
    second = eventsim.open_dataset(dataset)[1]
    a, b = group["offsets"][1:3]
    assert np.array_equal(group["t"][a:b], second.events.t)
    assert group["label"][1] == "rabbit"
    assert main([*words, "--recording", "1"]) == 2
    assert "writes whole datasets" in capsys.readouterr().err
    assert main(words) == 2
    assert "exists already" in capsys.readouterr().err


@pytest.mark.parametrize(("form", "ending"), [("dat", "_td.dat"), ("hdf5", "_td.dat.h5")])
def test_a_detection_set_comes_and_goes(form, ending, dataset, tmp_path, capsys):
    table = tmp_path / "boxes.csv"
    rows = "100000,1,2,11,12,bigbuckbunny,1,5\n200000,1,2,11,12,bigbuckbunny-twin,0,6\n"
    table.write_text("t_us,x0,y0,x1,y1,id,label,track\n" + rows)
    out = tmp_path / "set"
    words = ["export", str(dataset), str(out), "--format", form, "--boxes", str(table), "-q"]
    assert main(words) == 0
    assert {path.name for path in (out / "rabbit").iterdir()} == {
        f"bigbuckbunny{ending}", f"bigbuckbunny-twin{ending}",
        "bigbuckbunny_bbox.npy", "bigbuckbunny-twin_bbox.npy",
    }  # fmt: skip
    boxes = np.load(out / "rabbit/bigbuckbunny_bbox.npy")
    assert boxes[["t", "x", "y", "w", "h", "class_id", "track_id"]].tolist() == [
        (100_000, 1, 2, 10, 10, 1, 5)
    ]
    if form == "hdf5":
        h5py = pytest.importorskip("h5py")
        with h5py.File(out / "rabbit" / f"bigbuckbunny{ending}") as file:  # as RVT looks at it
            assert (file["events/height"][()], file["events/width"][()]) == (30, 40)
            assert set(file["events"]) >= {"p", "t", "x", "y"}
    back = tmp_path / "back.csv"
    words = ["import", str(out / "rabbit"), str(tmp_path / "b.zarr"), "--boxes", str(back), "-q"]
    assert main(words) == 0
    assert back.read_text().count("\n") == 3
    assert "100000,1,2,11,12,bigbuckbunny_td" in back.read_text()
    assert main(["export", str(dataset), str(tmp_path / "x"), "--format", "evt3",
                 "--boxes", str(table)]) == 2  # fmt: skip
    assert "a detection set of --format dat or hdf5" in capsys.readouterr().err
