from pathlib import Path

from eventsim.formats.file import EventFile, broken


def test_each_file_has_notes_of_its_own():
    files = [EventFile(Path(name), "dat", None, lambda: iter(())) for name in "ab"]
    files[0].notes.append("something")
    assert files[1].notes == []


def test_an_error_names_the_file():
    assert str(broken(Path("a.dat"), "DAT file", "why.")) == "a.dat is no whole DAT file: why."
