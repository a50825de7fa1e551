"""What copies of a dataset have in common."""

import eventsim
from eventsim.camera import choose_camera
from eventsim.pipeline import dataset_parts
from eventsim.pipeline.dataset_parts import content_of, group_rows, still_true
from eventsim.pipeline.inputs import Input
from eventsim.pipeline.run import run
from eventsim.pipeline.video_plan import plan_videos
from eventsim.sources.reading import Reading


def test_parts_end_when_they_hold_enough(monkeypatch):
    assert group_rows([], []) == ()
    assert group_rows("abc", [5, 5, 5]) == (("a", "b", "c"),)
    monkeypatch.setattr(dataset_parts, "PART_EVENTS", 10)
    assert group_rows("abcd", [5, 5, 50, 0]) == (("a", "b"), ("c",), ("d",))
    monkeypatch.setattr(dataset_parts, "PART_RECORDINGS", 1)
    assert group_rows("ab", [0, 0]) == (("a",), ("b",))


def test_what_a_source_is_known_by(clips, tmp_path):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        camera = choose_camera("ideal", "v2e-noisy")
        run(
            plan_videos([Input(str(clips[0]))], camera, reading=Reading(size="source"), seed=seed),
            tmp_path / name,
        )
    a, b, c = (eventsim.open_dataset(tmp_path / name) for name in "abc")
    assert content_of(a) == content_of(b) != content_of(c)
    assert set(still_true(a)) == {"sensor", "noise", "settings"}
