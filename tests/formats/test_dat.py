import struct
import sys

import numpy as np
import pytest

from eventsim.errors import SourceError
from eventsim.events import Events
from eventsim.formats.reading import read, write


def dat(path, events, header="% Version 2\n% Height 480\n% Width 640\n", kind=(12, 8)):
    body = b"".join(struct.pack("<II", t, word) for t, word in events)
    path.write_bytes(header.encode() + bytes(kind) + body)
    return path


def test_a_file_by_hand(tmp_path):
    events = [(5, 639 | 479 << 14 | 1 << 28), (6, 1 | 2 << 14)]
    found = read(dat(tmp_path / "a.dat", events))
    assert (found.t.tolist(), found.x.tolist(), found.y.tolist()) == ([5, 6], [639, 1], [479, 2])
    assert found.p.tolist() == [True, False]
    assert found.size == (640, 480)


def test_version_1_has_smaller_fields(tmp_path):
    path = dat(tmp_path / "a.dat", [(5, 303 | 239 << 9 | 1 << 17)], "% Version 1\n", (0, 8))
    found = read(path, size=(304, 240))
    assert (found.x.tolist(), found.y.tolist(), found.p.tolist()) == ([303], [239], [True])


def test_times_go_on_when_their_32_bits_begin_anew(tmp_path):
    found = read(dat(tmp_path / "a.dat", [(2**32 - 2, 0), (3, 0), (2**32 - 1, 0), (0, 0)]))
    assert found.t.tolist() == [2**32 - 2, 2**32 + 3, 2**33 - 1, 2**33]


def test_other_events_are_refused(tmp_path):
    with pytest.raises(SourceError, match=r"expected type 0 or 12 and size 8, found 14 and 8"):
        read(dat(tmp_path / "a.dat", [], kind=(14, 8)))


def test_more_than_32_bits_of_time_are_refused(tmp_path):
    events = Events.of([0, 2**32], [0, 0], [0, 0], [1, 1], size=(4, 4))
    with pytest.raises(SourceError, match=r"4294967296 us after the start"):
        write(events, tmp_path / "a.dat")


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="expelliarmus has no wheels for it")
def test_a_library_of_others_reads_the_same(tmp_path):
    from expelliarmus import Wizard

    rng = np.random.default_rng(3)
    n = 20_000
    columns = rng.integers(0, 640, n), rng.integers(0, 480, n), rng.integers(0, 2, n)
    events = Events.of(np.sort(rng.integers(0, 10**6, n)), *columns, size=(640, 480))
    write(events, tmp_path / "a.dat")
    array = Wizard(encoding="dat").read(str(tmp_path / "a.dat"))
    for key in "txyp":
        assert np.array_equal(array[key], getattr(events, key))
