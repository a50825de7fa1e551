import struct

import pytest

from eventsim.errors import SourceError
from eventsim.formats.aedat import open_aedat
from eventsim.formats.file import Layout
from eventsim.formats.reading import read


def file_2(path, rows, words="# AEChip: DVS128"):
    body = b"".join(struct.pack(">Ii", *row) for row in rows)
    path.write_bytes(b"#!AER-DAT2.0\r\n" + words.encode() + b"\r\n" + body)
    return path


def packet(rows, kind=1, overflow=0, capacity=None):
    head = (kind, 1, 8, 4, overflow, capacity or len(rows), len(rows), len(rows))
    return struct.pack("<hhiiiiii", *head) + b"".join(struct.pack("<II", *row) for row in rows)


def file_31(path, packets, words="#Source 1: DVS128"):
    head = f"#!AER-DAT3.1\r\n{words}\r\n#!END-HEADER\r\n".encode()
    path.write_bytes(head + b"".join(packets))
    return path


def columns(events):
    return [column.tolist() for column in (events.t, events.x, events.y, events.p)]


def test_a_dvs128_by_hand(tmp_path):
    rows = [(1 << 1 | 2 << 8, 5), (0x8000, 6), (127 << 1 | 127 << 8 | 1, 7)]
    events = read(file_2(tmp_path / "a.aedat", rows))
    assert columns(events) == [[5, 7], [126, 0], [125, 0], [True, False]]
    assert events.size == (128, 128)


def test_a_davis346_by_hand(tmp_path):
    rows = [(1 << 12 | 2 << 22 | 1 << 11, 5), (1 << 31, 6), (0x400, 6), (345 << 12 | 259 << 22, 7)]
    events = read(file_2(tmp_path / "a.aedat", rows, "# AEChip: eu.seebetter.Davis346blue"))
    assert columns(events) == [[5, 7], [344, 0], [257, 0], [True, False]]
    assert events.size == (346, 260)


def test_a_chip_that_is_not_named_needs_a_size(tmp_path):
    path = file_2(tmp_path / "a.aedat", [(0, 5)], "# by v2e")
    with pytest.raises(SourceError, match=r"does not say which chip it is from"):
        read(path)
    assert read(path, size=(346, 260)).x.tolist() == [345]
    assert read(path, size=(128, 128)).x.tolist() == [127]


def test_times_of_32_bits_begin_anew(tmp_path):
    rows = [(0, 2**31 - 1), (0, -(2**31))]
    assert read(file_2(tmp_path / "a.aedat", rows)).t.tolist() == [2**31 - 1, 2**31]


def test_packets_of_31_by_hand(tmp_path):
    rows = [(1 | 2 | 5 << 2 | 9 << 17, 7), (0 | 6 << 2, 8), (1 | 127 << 2 | 127 << 17, 9)]
    packets = [packet(rows[:1]), packet([(3, 3)], kind=3), packet(rows[1:], overflow=1)]
    events = read(file_31(tmp_path / "a.aedat", packets))
    assert columns(events) == [[7, 2**31 + 9], [9, 127], [5, 127], [True, False]]
    assert events.size == (128, 128)
    file = open_aedat(tmp_path / "a.aedat", Layout())
    assert file.format == "aedat3.1"
    assert len(list(file.blocks())) == 2
    assert file.notes == ["left out: 1 packets of frames, inertial measurements and the like"]


def test_a_packet_that_is_cut_off_is_said(tmp_path):
    path = file_31(tmp_path / "a.aedat", [packet([(3, 7)]), packet([(3, 8)])])
    path.write_bytes(path.read_bytes()[:-2])
    file = open_aedat(path, Layout())
    assert [block.t.tolist() for block in file.blocks()] == [[7]]
    assert file.notes == ["the file ends within a packet, which was left out"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"#!AER-DAT1.0\r\n", "must be AEDAT 2.0 or 3.1, found 1.0"),
        (b"#!AER-DAT2.0\r\n# no end", "its header does not end"),
        (b"events", "does not begin with"),
        (b"#!AER-DAT3.1\r\n#!END-HEADER\r\n" + packet([], capacity=-5), "a size that cannot be"),
    ],
)
def test_what_is_none_is_refused(content, words, tmp_path):
    (tmp_path / "a.aedat").write_bytes(content)
    with pytest.raises(SourceError, match=words):
        read(tmp_path / "a.aedat", size=(128, 128))
