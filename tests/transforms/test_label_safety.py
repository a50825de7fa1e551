"""What is not safe for labels is said."""

import pytest

from eventsim.errors import ConfigError
from eventsim.transforms import Compose, Flip, Sometimes, Thin, published
from eventsim.transforms.label_safety import listed_in, parse_names, unsafe_words


def test_a_transform_deep_inside_is_found():
    tree = Compose((Thin(), Compose((Sometimes(Flip()),))))
    assert unsafe_words(tree, ["TimeReversal", "Flip"]).startswith("Flip may change the label")
    assert unsafe_words(tree, ["TimeReversal"]) == ""
    both = Compose((published.nda(), published.ecdp()))
    assert "Flip and TimeReversal may" in unsafe_words(both, ["Flip", "TimeReversal"])


def test_any_function_may_be_a_transform():
    assert unsafe_words(lambda events, rng: events, ["Flip"]) == ""


def test_names_are_checked_when_they_are_written_down():
    assert parse_names("Flip, TimeReversal") == ("Flip", "TimeReversal")
    assert parse_names("") == ()
    with pytest.raises(ConfigError, match="'Flop'"):
        parse_names("Flip,Flop")


@pytest.mark.parametrize("about", [None, 3, {}, {"not_label_safe": 7}])
def test_attributes_without_a_list(about):
    assert listed_in({"about": about}) == ()


def test_attributes_with_a_list():
    assert listed_in({"about": {"not_label_safe": "Flip, Roll"}}) == ("Flip", "Roll")
