"""What a reading leaves to the camera, how a dataset says it, and how it is typed."""

import json
from dataclasses import fields

import pytest

from eventsim.cli.options import FrameFlags
from eventsim.errors import ConfigError
from eventsim.frames import Encoding, Frame, Outline
from eventsim.sources.reading import Reading, flag_of
from eventsim.sources.slow_motion import SlowMotion

FULL = Reading(
    size=(32, 24),
    fit="pad",
    crop=(1, 2, 30, 20),
    start_s=0.25,
    stop_s=123456.789,
    fps=30,
    encoding="linear",
    white=1023.0,
    slow_motion=2.5,
)


def test_what_is_left_to_the_camera():
    asked = Reading(stop_s=3)
    assert asked.seen_by((346, 260), "linear") == Reading((346, 260), stop_s=3, encoding="linear")
    assert asked.seen_by(None, "srgb").size == "source"
    assert Reading("source", encoding="log").seen_by((9, 9), "srgb") == Reading(
        "source", encoding="log"
    )


def test_a_dataset_says_all_of_it():
    """Through JSON and back, but for the file of times, which lies elsewhere."""
    text = json.dumps(FULL.attributes())
    assert Reading.of(json.loads(text)) == FULL
    times = Reading(times_file="t.txt", size="source")
    said = times.attributes({"times_file": {"name": "t.txt", "sha256": "0"}})
    assert said["geometry"]["times_file"] == {"name": "t.txt", "sha256": "0"}
    assert Reading.of(said) == Reading(size="source")


def test_a_dataset_of_another_version_may_say_more_or_less():
    assert Reading.of({}) == Reading()
    said = {"geometry": {"fit": "pad", "sensor_size": [3, 4], "unheard_of": 5}, "encoding": {}}
    assert Reading.of(said) == Reading(fit="pad")


def test_typed_again_it_is_the_same():
    words = FULL.flags()
    assert words[:4] == ["--size", "32x24", "--fit", "pad"]
    assert ["--stop", "123456.789"] == words[words.index("--stop") :][:2]
    assert Reading().flags() == []


def test_every_field_is_a_flag_with_help(capsys):
    """The command line asks `Reading` itself: nobody has to remember it there."""
    from eventsim.cli.main import main

    assert [f.name for f in fields(FrameFlags)] == [f.name for f in fields(Reading)]
    assert main(["convert", "--help"]) == 0
    shown = capsys.readouterr().out
    for field in fields(Reading):
        assert f"--{flag_of(field.name)}" in shown
    assert "How many times slower than reality" in shown


def test_stages_are_those_that_were_asked_for():
    assert Reading().stages() == ()
    assert Reading(slow_motion=8).stages() == (SlowMotion(8),)
    before = Outline((4, 3), Encoding(), 2, 400, 8000)
    assert SlowMotion(8).outline(before) == Outline((4, 3), Encoding(), 2, 50, 1000)
    assert [f.t_us for f in SlowMotion(8).frames([Frame(0, None), Frame(80, None)], [])] == [0, 10]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"start_s": 2, "stop_s": 1}, "stop"),
        ({"fps": 3, "times_file": "t.txt"}, "found both"),
        ({"slow_motion": 0}, "slow_motion must be above 0"),
    ],
)
def test_contradictions_are_refused_at_once(wrong, words):
    with pytest.raises(ConfigError, match=words):
        Reading(**wrong)
