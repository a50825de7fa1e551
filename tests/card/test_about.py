"""What only people know, from attributes of any kind."""

import pytest

from eventsim.card.about import About


@pytest.mark.parametrize("said", [None, 3, {}, {"other": 1}])
def test_nothing(said):
    assert About.of({"about": said}) == About()


def test_something():
    assert About.of({"about": {"title": "T", "license": 4}}) == About("T", "4")
