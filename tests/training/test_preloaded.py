"""All events in memory."""

from types import SimpleNamespace

import pytest

import eventsim
from eventsim.errors import ConfigError
from eventsim.training import preloaded


def test_all_recordings_are_there(clips):
    dataset = eventsim.open_dataset(clips).filter(split="train")
    loaded = preloaded.preload(dataset)
    assert [loaded.events(i) for i in range(3)] == [recording.events for recording in dataset]
    assert loaded.starts_us == [0, 7000, 21_000]


def test_too_little_memory_is_said(clips, monkeypatch):
    few = SimpleNamespace(virtual_memory=lambda: SimpleNamespace(available=1000))
    monkeypatch.setattr(preloaded, "psutil", few)
    with pytest.raises(ConfigError, match=r"0\.0 GB for 6,400 events"):
        preloaded.preload(eventsim.open_dataset(clips))
