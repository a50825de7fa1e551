import pytest

import eventsim
from eventsim.errors import ConfigError
from eventsim.events import Events, Kind

EVENTS = Events.of([5, 9], [0, 3], [1, 1], [True, False], [Kind.SIGNAL, Kind.HOT], size=(4, 2))


def test_events_are_saved_and_read_by_the_names_of_the_package(tmp_path):
    notes = EVENTS.save(tmp_path / "a.raw")
    assert notes == ["evt3 has no room for the kind of an event (signal, noise)"]
    back = eventsim.read(tmp_path / "a.raw")
    assert back.to_structured().tolist() == EVENTS.to_structured().tolist()
    assert back.size == (4, 2)
    assert set(back.kind) == {Kind.UNKNOWN}


def test_the_size_can_be_given(tmp_path):
    eventsim.write(EVENTS, tmp_path / "a.raw", format="evt2")
    assert eventsim.read(tmp_path / "a.raw", size=(640, 480)).size == (640, 480)
    with pytest.raises(eventsim.EventSimError, match=r"not on a sensor of 3x2"):
        eventsim.read(tmp_path / "a.raw", size=(3, 2))
    assert len(eventsim.read(tmp_path / "a.raw", size=(3, 2), outside="drop")) == 1


def test_a_dataset_is_named_as_one(tmp_path):
    with pytest.raises(ConfigError, match=r"open_dataset"):
        eventsim.read(tmp_path / "a.zarr")
