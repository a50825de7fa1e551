from pathlib import Path

import pytest

from eventsim.errors import ConfigError, SourceError
from eventsim.events import Events
from eventsim.formats.names import FORMATS, find_format, format_to_write, open_events
from eventsim.formats.reading import write


def test_names_are_unique_and_endings_in_lower_case():
    names = [one.name for one in FORMATS]
    assert len(set(names)) == len(names)
    assert all(e == e.lower() and e[0] == "." for one in FORMATS for e in one.endings)


def test_a_name_that_is_none_has_a_hint():
    with pytest.raises(ConfigError, match=r"no format 'evt33'. Did you mean 'evt3'"):
        find_format("evt33")


def test_what_is_read_only_is_not_written():
    with pytest.raises(ConfigError, match=r"evt2.1 is read only"):
        format_to_write(Path("a.raw"), "evt2.1")
    with pytest.raises(ConfigError, match=r"must end in .*or be given a format"):
        format_to_write(Path("a.xyz"))
    assert format_to_write(Path("A.RAW")).name == "evt3"


def test_an_ending_that_is_none_needs_a_format(tmp_path):
    write(Events.empty((4, 4)), tmp_path / "a.dat")
    (tmp_path / "a.dat").rename(tmp_path / "a.xyz")
    with pytest.raises(ConfigError, match=r"a.xyz is not known to be an event file"):
        open_events(tmp_path / "a.xyz")
    assert open_events(tmp_path / "a.xyz", name="dat").size == (4, 4)


def test_a_file_that_is_not_there_or_is_a_folder(tmp_path):
    with pytest.raises(SourceError, match=r"is not there"):
        open_events(tmp_path / "a.raw")
    with pytest.raises(SourceError, match=r"is a folder"):
        open_events(tmp_path)
