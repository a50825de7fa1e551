import struct
import sys

import numpy as np
import pytest

from eventsim.errors import SourceError
from eventsim.events import Events
from eventsim.formats.evt import open_raw
from eventsim.formats.file import Layout
from eventsim.formats.reading import read, write

HEADER = b"% evt 3.0\n% format EVT3\n% geometry 640x480\n"


def raw(path, words, header=HEADER, code="H"):
    path.write_bytes(header + struct.pack(f"<{len(words)}{code}", *words))
    return path


def rows(events):
    return list(
        zip(events.t.tolist(), events.x.tolist(), events.y.tolist(), events.p.tolist(), strict=True)
    )


def test_evt3_by_hand(tmp_path):
    words = [
        0x2005,  # an event before any time: not known to be at any
        0x8001,  # time 1 << 12
        0x6003,
        0x0000 | 100,  # row
        0x2000 | 0x800 | 17,  # ON at 17
        0x3000 | 40,  # OFF from 40 on
        0x4000 | 0b1000_0000_0101,  # 40, 42, 51
        0x5000 | 0b1000_0001,  # 52, 59
        0xA000,  # a trigger: no event
        0x8002,  # the lower bits begin at 0 with it
        0x2000 | 18,
    ]
    found = rows(read(raw(tmp_path / "a.raw", words)))
    t = 4096 + 3
    assert found == [
        *((t, x, 100, p) for x, p in ((17, True), (40, False), (42, False), (51, False))),
        *((t, x, 100, False) for x in (52, 59)),
        (8192, 18, 100, False),
    ]


def test_evt3_times_go_on_when_their_24_bits_begin_anew(tmp_path):
    words = [0x8FFF, 0x6FFF, 0x0001, 0x2001, 0x8000, 0x2002]
    assert read(raw(tmp_path / "a.raw", words)).t.tolist() == [2**24 - 1, 2**24]


def test_evt2_by_hand(tmp_path):
    header = b"% evt 2.0\n% format EVT2;height=480;width=640\n% end\n"
    words = [0x80000000 | 2, 0x10000000 | 5 << 22 | 639 << 11 | 479, 6 << 22 | 1 << 11 | 2]
    events = read(raw(tmp_path / "a.raw", words, header, "I"))
    assert rows(events) == [(2 * 64 + 5, 639, 479, True), (2 * 64 + 6, 1, 2, False)]
    assert events.size == (640, 480)


@pytest.mark.parametrize("legacy", [False, True])
def test_evt21_by_hand(legacy, tmp_path):
    option = ";endianness=legacy" if legacy else ""
    header = f"% evt 2.1\n% format EVT21{option};height=480;width=640\n% end\n".encode()
    upper = [0x80000000 | 2, 0x10000000 | 5 << 22 | 32 << 11 | 479]
    lower = [0, 1 << 31 | 1]
    words = [u | v << 32 if legacy else u << 32 | v for u, v in zip(upper, lower, strict=True)]
    events = read(raw(tmp_path / "a.raw", words, header, "Q"))
    assert rows(events) == [(133, 32, 479, True), (133, 63, 479, True)]
    assert open_raw(tmp_path / "a.raw", Layout()).format == "evt2.1"


def test_a_row_in_one_vector_takes_two_words(tmp_path):
    events = Events.of(np.full(12, 9), range(20, 32), np.full(12, 3), np.ones(12), size=(640, 480))
    write(events, tmp_path / "a.raw", format="evt3")
    content = (tmp_path / "a.raw").read_bytes()
    body = content[content.index(b"% end\n") + 6 :]
    assert struct.unpack(f"<{len(body) // 2}H", body) == (
        0x8000, 0x6009, 3, 0x3000 | 0x800 | 20, 0x4FFF,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["evt3", "evt2"])
def test_a_library_of_others_reads_the_same(name, tmp_path):
    rng = np.random.default_rng(3)
    n = 20_000
    t = np.sort(rng.integers(0, 40_000_000, n)) + 5 * 2**24 + 77
    columns = rng.integers(0, 640, n), rng.integers(0, 480, n), rng.integers(0, 2, n)
    events = Events.of(t, *columns, size=(640, 480))
    path = tmp_path / "a.raw"
    write(events, path, format=name)
    if name == "evt3":
        evt3 = pytest.importorskip("evt3")
        found = evt3.decode_file(str(path))
        other = found.timestamp + (5 << 24), found.x, found.y, found.polarity
    else:
        if sys.version_info >= (3, 12):
            pytest.skip("expelliarmus has no wheels for later Pythons")
        from expelliarmus import Wizard

        array = Wizard(encoding="evt2").read(str(path))
        other = tuple(array[key] for key in "txyp")
    for mine, theirs in zip((events.t, events.x, events.y, events.p), other, strict=True):
        assert np.array_equal(mine, theirs)


def test_a_word_that_is_cut_off_is_said(tmp_path):
    path = raw(tmp_path / "a.raw", [0x8001, 0x0001, 0x2001])
    path.write_bytes(path.read_bytes() + b"\x01")
    file = open_raw(path, Layout())
    assert sum(len(block.t) for block in file.blocks()) == 1
    assert file.notes == ["the file ends within a word, which was left out"]


def test_another_format_and_a_large_sensor_are_refused(tmp_path):
    (tmp_path / "a.raw").write_bytes(b"% format EVT4\n% end\n")
    with pytest.raises(SourceError, match=r"its header says EVT4"):
        read(tmp_path / "a.raw")
    with pytest.raises(SourceError, match=r"2048 px per side, found 2049x2"):
        write(Events.empty((2049, 2)), tmp_path / "b.raw", format="evt2")
