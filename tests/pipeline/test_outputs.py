"""What is there is gone on with, replaced if that was asked, or refused."""

import pytest

from eventsim.camera import choose_camera
from eventsim.errors import ConfigError, StoreExistsError
from eventsim.pipeline import video_plan as planning
from eventsim.pipeline.outputs import check_output, is_complete, parts_there
from eventsim.pipeline.run import close, run
from eventsim.pipeline.video_plan import plan_videos
from eventsim.store.dataset import create_dataset
from eventsim.store.manifest import write_batch

CAMERA = choose_camera("ideal", "v2e-noisy", {})


@pytest.fixture
def a_part_each(monkeypatch):
    monkeypatch.setattr(planning, "PART_EVENTS", 1)


def test_other_settings_do_not_go_on(tmp_path, clips):
    out = tmp_path / "o.zarr"
    made = plan_videos(clips, CAMERA)
    create_dataset(out, made.attributes(), parts=len(made.parts))
    with pytest.raises(ConfigError, match="seed is 1 there and 2 now"):
        run(plan_videos(clips, CAMERA, seed=2), out)
    assert run(made, out, threads=1).recordings == 3


def test_complete_is_not_replaced_unless_asked(tmp_path, clips, tree):
    out = tmp_path / "o.zarr"
    run(plan_videos(clips[:1], CAMERA), out, threads=1)
    with pytest.raises(StoreExistsError, match="add --overwrite"):
        run(plan_videos(clips[:1], CAMERA), out)
    run(plan_videos(clips[1:2], CAMERA, seed=9), out, threads=1, overwrite=True)
    run(plan_videos(clips[1:2], CAMERA, seed=9), tmp_path / "new.zarr", threads=1)
    assert tree(out) == tree(tmp_path / "new.zarr")


def test_what_is_not_ours_is_never_deleted(tmp_path, clips):
    out = tmp_path / "o.zarr"
    out.mkdir()
    (out / "thesis.txt").write_text("years of work")
    with pytest.raises(StoreExistsError, match="never deleted"):
        run(plan_videos(clips[:1], CAMERA), out, overwrite=True)
    assert (out / "thesis.txt").read_text() == "years of work"


@pytest.mark.usefixtures("a_part_each")
def test_an_input_that_has_changed_is_noticed(tmp_path, clips):
    """Also if it is as large as before."""
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(clips[0].read_bytes())
    made = plan_videos([clip, clips[1]], CAMERA)
    create_dataset(tmp_path / "o.zarr", made.attributes(), parts=2)
    data = clip.read_bytes()
    clip.write_bytes(data[:-9] + bytes(9))
    with pytest.raises(ConfigError, match="the inputs are others, or have changed since"):
        run(plan_videos([clip, clips[1]], CAMERA), tmp_path / "o.zarr")
    write_batch(tmp_path / "o.zarr", 0, made.entries(tmp_path / "o.zarr"))
    words = "1 new, such as 'clip2'; 1 gone, such as 'clip1'; 1 changed, such as 'clip'"
    with pytest.raises(ConfigError, match=words):
        run(plan_videos([clip, clips[2]], CAMERA), tmp_path / "o.zarr")


def test_an_input_in_the_output_is_refused(tmp_path, clips):
    """Also by a link, and however the two are named."""
    out = tmp_path / "o.zarr"
    run(plan_videos(clips[:1], CAMERA), out, threads=1)
    inside = out / "parts" / "clip.mp4"
    inside.write_bytes(clips[0].read_bytes())
    (tmp_path / "link.mp4").symlink_to(inside)
    for path in (inside, tmp_path / "link.mp4", tmp_path / "x" / ".." / "o.zarr/parts/clip.mp4"):
        (tmp_path / "x").mkdir(exist_ok=True)
        with pytest.raises(ConfigError, match="lies in the output"):
            check_output(plan_videos([path], CAMERA), out, overwrite=True)


def test_what_is_complete(tmp_path, clips):
    out = tmp_path / "o.zarr"
    made = plan_videos(clips[:1], CAMERA)
    assert not is_complete(made, out)
    create_dataset(out, made.attributes(), parts=1)
    close(out, allow_missing=True)
    assert not is_complete(made, out)
    run(made, out, threads=1)
    assert is_complete(made, out)
    assert not is_complete(plan_videos(clips[:1], CAMERA, seed=2), out)


class Killed(BaseException):
    pass


@pytest.mark.usefixtures("a_part_each")
def test_how_much_of_an_interrupted_run_is_there(tmp_path, clips):
    out = tmp_path / "o.zarr"
    made = plan_videos(clips, CAMERA)
    frames = made.recordings[0].frames

    def stop_in_second(far):
        if far.done > frames:
            raise Killed

    assert parts_there(made, out, overwrite=False) is None
    with pytest.raises(Killed):
        run(made, out, threads=1, progress=stop_in_second)
    assert parts_there(made, out, overwrite=False) == 1
    assert parts_there(made, out, overwrite=True) is None
    assert parts_there(plan_videos(clips, CAMERA, seed=2), out, overwrite=False) is None
    run(made, out, threads=1)
    other = plan_videos(clips, CAMERA, seed=2)
    with pytest.raises(Killed):
        run(other, out, threads=1, overwrite=True, progress=stop_in_second)
    assert parts_there(other, out, overwrite=True) == 1  # it goes on beside the old one
