"""The constants that every dataset on a disk relies on: changing one needs a new format version."""

from eventsim.events import COLUMNS
from eventsim.store import layout


def test_version_1():
    assert layout.FORMAT_VERSION == 1
    assert layout.part_path(7) == "parts/00007"
    assert layout.SHARD_EVENTS % layout.CHUNK_EVENTS == 0


def test_columns_are_those_of_events():
    assert list(layout.EVENT_DTYPES) == list(COLUMNS)


def test_fill_is_never_an_event():
    fill = {name: layout.FILL[dtype] for name, dtype in layout.EVENT_DTYPES.items()}
    assert fill == {"t": -1, "x": 65_535, "y": 65_535, "p": 255, "kind": 255}
