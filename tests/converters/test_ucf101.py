"""The converter of UCF101, on a tiny copy of its layout."""

import pytest

from eventsim.errors import SourceError


@pytest.fixture
def ucf101(tmp_path, clip):
    home = tmp_path / "ucf"
    for name in (
        "Archery/v_Archery_g01_c01",
        "Archery/v_Archery_g02_c01",
        "HighJump/v_HighJump_g01_c01",
    ):
        clip(home / f"UCF-101/{name}.avi")
    lists = home / "ucfTrainTestlist"
    lists.mkdir()
    (lists / "trainlist02.txt").write_text(
        "Archery/v_Archery_g02_c01.avi 1\nArchery/v_Archery_g09_c01.avi 1\n"
    )
    (lists / "testlist02.txt").write_text(
        "Archery/v_Archery_g01_c01.avi\r\nHighJump/v_HighJump_g01_c01.avi\r\n"
    )
    return home


def test_a_fold(convert, ucf101):
    dataset = convert(ucf101, "--fold", "2")
    assert [(r.id, r.label, r.split, r.group) for r in dataset] == [
        ("v_Archery_g02_c01", "Archery", "train", "Archery_g02"),
        ("v_Archery_g01_c01", "Archery", "test", "Archery_g01"),
        ("v_HighJump_g01_c01", "HighJump", "test", "HighJump_g01"),
    ]
    assert len(dataset[0]) > 100


def test_what_is_missing_is_said(program, ucf101):
    _, notes = program.find_inputs(ucf101, 2)
    assert notes == ["1 listed videos are not there, such as Archery/v_Archery_g09_c01.avi"]
    with pytest.raises(SourceError, match="folds 1, 2 and 3"):
        program.find_inputs(ucf101, 1)
    with pytest.raises(SourceError, match="expected the folder UCF-101"):
        program.find_inputs(ucf101 / "UCF-101", 1)
    (ucf101 / "ucfTrainTestlist/trainlist02.txt").write_text("something else\n")
    with pytest.raises(SourceError, match="no name of UCF101"):
        program.find_inputs(ucf101, 2)


def test_a_few_to_try(convert, ucf101):
    assert [r.id for r in convert(ucf101, "--fold", "2", "--limit", "2")] == [
        "v_Archery_g02_c01", "v_Archery_g01_c01"
    ]  # fmt: skip
