"""What a plan is to the runner, and how two plans are told apart."""

import hashlib

from eventsim.pipeline.image_plan import ImagePlan
from eventsim.pipeline.plans import Plan, as_json, differences, digest
from eventsim.pipeline.video_plan import VideoPlan


def test_differences_are_named_with_both_values():
    there = {"seed": 1, "settings": {"ratio": 0.1, "order": 4}, "extra": 1}
    now = {"seed": 2, "settings": {"ratio": 0.2, "order": 4}, "fit": "crop"}
    assert differences(there, now) == [
        "seed is 1 there and 2 now",
        "settings.ratio is 0.1 there and 0.2 now",
        "fit is None there and crop now",
    ]


def test_changed_inputs_are_said_in_words():
    there, now = {"inputs": {"sha256": "a"}}, {"inputs": {"sha256": "b"}}
    assert differences(there, now) == ["the inputs are others, or have changed since"]


def test_digest_does_not_depend_on_the_order_of_names():
    assert digest([{"a": 1, "b": 2}]) == digest([{"b": 2, "a": 1}])
    assert digest([1]) == hashlib.sha256(b"[1]").hexdigest()


def test_both_plans_are_work():
    names = [name for name in dir(Plan) if not name.startswith("_")]
    assert {"attributes", "tasks", "total", "part_count", "input_paths"} <= set(names)
    for plan in (VideoPlan, ImagePlan):
        assert all(hasattr(plan, name) for name in names)


def test_attributes_are_as_they_come_back_from_a_file():
    assert as_json({"size": (4, 3), "name": None}) == {"size": [4, 3], "name": None}
