import pytest

from eventsim.errors import SourceError
from eventsim.events import Events
from eventsim.formats.reading import read, write


def test_a_file_by_hand(tmp_path):
    rows = [(3, 4, 0x80 | 1, 2, 3), (5, 240, 0, 0, 0), (6, 7, 1, 2, 4)]
    (tmp_path / "a.bin").write_bytes(b"".join(map(bytes, rows)))
    events = read(tmp_path / "a.bin", size=(34, 34))
    first = 1 << 16 | 2 << 8 | 3
    assert events.t.tolist() == [first, first + 1 + 2**13]  # a row of 240 adds to what follows
    assert (events.x.tolist(), events.y.tolist(), events.p.tolist()) == ([3, 6], [4, 7], [1, 0])


def test_what_does_not_fit_is_refused(tmp_path):
    with pytest.raises(SourceError, match=r"up to 256x240 px, found 257x2"):
        write(Events.empty((257, 2)), tmp_path / "a.bin")
    late = Events.of([5, 2**23], [0, 0], [0, 0], [1, 1], size=(4, 4))
    with pytest.raises(SourceError, match=r"an event comes at 8388608 us"):
        write(late, tmp_path / "a.bin")
    (tmp_path / "b.bin").write_bytes(bytes(7))
    with pytest.raises(SourceError, match=r"five bytes an event, found 7 bytes"):
        read(tmp_path / "b.bin")
