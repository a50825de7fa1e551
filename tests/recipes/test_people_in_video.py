"""People in a video: two that were drawn are found, followed and cut out."""

import av
import numpy as np
import pytest

import eventsim


def write_walk(path, people=2, seconds=7, rate=10):
    """Striped people of 20 x 60 px who cross 200 x 160 px, one to the right, one to the left."""
    rng = np.random.default_rng(1)
    ground = rng.integers(90, 130, (160, 200)).astype(np.uint8)
    coats = [np.where(np.indices((60, 20))[k % 2] // 4 % 2, 230, 20) for k in range(people)]
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=rate, options={"crf": "8"})
        stream.width, stream.height, stream.pix_fmt = 200, 160, "yuv420p"
        for i in range(seconds * rate + 15):
            picture = ground.copy()
            if i >= 15:
                for k, coat in enumerate(coats):
                    x = (i - 15) * 170 // (seconds * rate)
                    x = x if k == 0 else 175 - x
                    picture[10 + 80 * k : 70 + 80 * k, x : x + 20] = coat
            frame = av.VideoFrame.from_ndarray(np.stack([picture] * 3, -1), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def test_people_are_found_followed_and_cut_out(program, tmp_path):
    path = write_walk(tmp_path / "walk.mp4")
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
    path = write_walk(tmp_path / "empty.mp4", people=0, seconds=3)
    assert program.main([str(path), str(tmp_path / "r.html")]) == 2
    assert "nobody walks in" in capsys.readouterr().err
    assert program.main([str(tmp_path / "none.mp4"), str(tmp_path / "r.html")]) == 2
    assert "none.mp4" in capsys.readouterr().err


def test_help_needs_no_extra(without_extras):
    done = without_extras("--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "--seeds" in done.stdout
    done = without_extras("a", "b")
    assert done.returncode == 1
    assert "pip install 'eventsim-dvs[privacy]'" in done.stderr
