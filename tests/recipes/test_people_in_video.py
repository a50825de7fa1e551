"""People in a video: two that were drawn are found, followed and cut out."""

import pytest

import eventsim
from eventsim.results import read_results


def test_people_are_found_followed_and_cut_out(program, tmp_path):
    path = program.draw_walk(tmp_path / "walk.mp4")
    tracks, frames, times = program.find_people(path)
    events = eventsim.simulate((frames, times), sensor="ideal", noise="v2e-clean")
    clips = program.cut_clips(events, tracks, frames, times)
    assert {clip.person for clip in clips} == {0, 1}
    assert {(clip.person, clip.task) for clip in clips} in ({(0, 1), (1, 0)}, {(0, 0), (1, 1)})
    assert {clip.is_test for clip in clips} == {True, False}
    for clip in clips:
        assert clip.events.size == (48, 96)
        assert 0 <= clip.events.t[0] <= clip.events.t[-1] <= clip.duration_us
        x0, y0, x1, y1 = clip.box
        assert 10 <= x1 - x0 <= 48
        assert 40 <= y1 - y0 <= 96
        assert clip.truth[y0:y1, x0:x1].std() > 0.15  # the stripes
        assert len(clip.track) == 9


@pytest.mark.filterwarnings("ignore")
def test_an_empty_street_is_one_line(program, tmp_path, capsys):
    path = program.draw_walk(tmp_path / "empty.mp4", people=0, seconds=3)
    out = ["--out", str(tmp_path / "out")]
    assert program.main([str(path), *out]) == 2
    assert "nobody walks in" in capsys.readouterr().err
    assert program.main([str(tmp_path / "none.mp4"), *out]) == 2
    assert "none.mp4" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        program.main(out)
    assert "or --quick" in capsys.readouterr().err


def test_a_quick_run_needs_nothing_and_goes_on(program, tmp_path, monkeypatch):
    found = []
    for name in ("a", "b", "a"):
        if len(found) == 2:  # nothing is left to do
            monkeypatch.setattr("eventsim.privacy.comparing.Bench", None)
        assert program.main(["--quick", "--out", str(tmp_path / name)]) == 0
        found.append(read_results(tmp_path / name / "results.json")["figures"])
    assert found[0] == found[1] == found[2]
    (raw,), (nothing,) = found[0].values()
    # Two striped people are told apart, and by nothing they are not.
    assert (raw["person_adaptive"], nothing["person_adaptive"]) == (1.0, 0.5)
    page = (tmp_path / "a" / "report.html").read_text()
    assert "People who walk in walk.mp4" in page


def test_help_needs_no_extra(without_extras):
    done = without_extras("--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "--seeds" in done.stdout
    done = without_extras("a")
    assert done.returncode == 1
    assert "pip install 'eventsim-dvs[privacy]'" in done.stderr
