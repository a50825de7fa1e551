"""The converter of Kinetics, on a tiny copy of its layout."""

import pytest

from eventsim.errors import SourceError


@pytest.fixture
def kinetics(tmp_path, clip):
    home = tmp_path / "k400"
    clip(home / "train/-abc_D_000005_000015.mp4")
    clip(home / "train/-abc_D_000020_000030.mp4")
    clip(home / "val/archery/xyz_000000_000010.mp4")
    (home / "annotations").mkdir()
    head = "label,youtube_id,time_start,time_end,split\n"
    (home / "annotations/train.csv").write_text(
        head
        + "play flute,-abc_D,5,15,train\nplay flute,-abc_D,20,30,train\narchery,gone,1,11,train\n"
    )
    (home / "annotations/val.csv").write_text(head + '"archery",xyz,0.0,10.0,val\n')
    return home


def test_splits_by_the_tables(convert, kinetics):
    dataset = convert(kinetics)
    assert [(r.id, r.label, r.split, r.group) for r in dataset] == [
        ("-abc_D_000005_000015", "play flute", "train", "-abc_D"),
        ("-abc_D_000020_000030", "play flute", "train", "-abc_D"),
        ("xyz_000000_000010", "archery", "val", "xyz"),
    ]


def test_what_is_missing_is_said(program, kinetics):
    assert program.find_inputs(kinetics, 1)[1] == ["train: 1 of 3 clips are not there"]
    with pytest.raises(SourceError, match="found none"):
        program.find_inputs(kinetics / "train", 1)
    (kinetics / "annotations/val.csv").write_text("label,url\n")
    with pytest.raises(SourceError, match="has no column time_end"):
        program.find_inputs(kinetics, 1)
