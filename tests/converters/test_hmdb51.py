"""The converter of HMDB51, on a tiny copy of its layout."""

import pytest

from eventsim.errors import SourceError


@pytest.fixture
def hmdb51(tmp_path, clip):
    home = tmp_path / "hmdb"
    for name in (
        "wave/Film_A_wave_u_cm_np1_fr_med_0",
        "wave/Film_A_wave_u_cm_np1_fr_med_1",
        "wave/Film_B_wave_u_cm_np1_fr_med_0",
        "run/Film_A_run_f_cm_np1_ba_med_0",
    ):
        clip(home / f"{name}.avi")
    lists = home / "testTrainMulti_7030_splits"
    lists.mkdir()
    (lists / "wave_test_split1.txt").write_text(
        "Film_A_wave_u_cm_np1_fr_med_0.avi 1 \nFilm_A_wave_u_cm_np1_fr_med_1.avi 0 \n"
        "Film_B_wave_u_cm_np1_fr_med_0.avi 2 \nFilm_C_wave_u_cm_np1_fr_med_0.avi 1 \n"
    )
    (lists / "run_test_split1.txt").write_text("Film_A_run_f_cm_np1_ba_med_0.avi 2\n")
    return home


def test_a_fold(convert, hmdb51):
    dataset = convert(hmdb51)
    assert [(r.id, r.label, r.split, r.group) for r in dataset] == [
        ("run/Film_A_run_f_cm_np1_ba_med_0", "run", "test", "Film_A"),
        ("wave/Film_A_wave_u_cm_np1_fr_med_0", "wave", "train", "Film_A"),
        ("wave/Film_B_wave_u_cm_np1_fr_med_0", "wave", "test", "Film_B"),
    ]


def test_what_is_left_out_is_said(program, hmdb51):
    _, notes = program.find_inputs(hmdb51, 1)
    assert notes[0].startswith("1 clips are in neither split of fold 1")
    assert notes[1].endswith("such as wave/Film_C_wave_u_cm_np1_fr_med_0.avi")
    with pytest.raises(SourceError, match="no lists of fold 4"):
        program.find_inputs(hmdb51, 4)
    (hmdb51 / "testTrainMulti_7030_splits/run_test_split1.txt").write_text("a.avi 7\n")
    with pytest.raises(SourceError, match="0, 1 or 2"):
        program.find_inputs(hmdb51, 1)
