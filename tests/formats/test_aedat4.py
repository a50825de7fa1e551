import struct

import numpy as np
import pytest
from imagecodecs import lz4f_encode, zstd_encode

from eventsim.errors import SourceError
from eventsim.events import Events
from eventsim.formats.aedat4 import EVENT, MAGIC, open_aedat4, read_header, read_pictures
from eventsim.formats.file import Layout
from eventsim.formats.flatbuffer import build_table
from eventsim.formats.reading import read, write

XML = '<dv version="2.0"><node name="outInfo">{}</node></dv>'
STREAM = (
    '<node name="{0}"><attr key="typeIdentifier">{1}</attr><node name="info">'
    '<attr key="sizeX">8</attr><attr key="sizeY">6</attr></node></node>'
)
EVENTS = Events.of([5, 9, 9], [0, 3, 7], [1, 0, 5], [1, 0, 1], size=(8, 6))


def file_of(path, kinds, packets, compression=0, end=-1):
    """A file with streams of these kinds and packets (stream, table)."""
    words = XML.format("".join(STREAM.format(k, kind) for k, kind in enumerate(kinds))).encode()
    pack = {0: bytes, 2: lz4f_encode, 4: zstd_encode}[compression]
    head = [(0, struct.pack("<i", compression), -1), (1, struct.pack("<q", end), -1)]
    content = MAGIC + build_table(b"IOHE", [*head, (2, words, len(words))])
    for stream, table in packets:
        packed = pack(table)
        content += struct.pack("<ii", stream, len(packed)) + packed
    path.write_bytes(content)
    return path


def events_table(events):
    array = np.zeros(len(events), EVENT)
    for name in EVENT.names:
        array[name] = getattr(events, name)
    return build_table(b"EVTS", [(0, array.tobytes(), len(events))])


def frame_table(pixels, start_us=100, stop_us=140, form=0, width=None):
    shorts = [(6, width or pixels.shape[1]), (7, pixels.shape[0])]
    fields = [(0, struct.pack("<q", 90), -1)]
    fields += [(k, struct.pack("<q", v), -1) for k, v in ((3, start_us), (4, stop_us))]
    fields += [(5, struct.pack("<b", form), -1)]
    fields += [(k, struct.pack("<h", v), -1) for k, v in shorts]
    return build_table(b"FRME", [*fields, (10, pixels.tobytes(), pixels.size)])


@pytest.mark.parametrize("compression", [0, 2, 4])
def test_events_among_other_streams(compression, tmp_path):
    pixels = np.arange(48, dtype=np.uint8).reshape(6, 8)
    packets = [
        (0, frame_table(pixels)), (1, events_table(EVENTS[:1])), (1, events_table(EVENTS[1:])),
        (2, b"anything"),
    ]  # fmt: skip
    path = file_of(tmp_path / "a.aedat4", ["FRME", "EVTS", "IMUS"], packets, compression)
    assert read(path) == EVENTS
    assert open_aedat4(path, Layout()).notes == [
        "left out: frames, inertial measurements (`eventsim convert` takes the frames)"
    ]
    (picture,) = read_pictures(path, [])
    assert picture.t_us == 120  # the middle of its exposure
    assert np.array_equal(picture.pixels, pixels)


def test_frames_in_color_and_without_an_exposure(tmp_path):
    pixels = np.arange(6 * 8 * 3, dtype=np.uint8).reshape(6, 8, 3)
    path = file_of(tmp_path / "a.aedat4", ["FRME"], [(0, frame_table(pixels, -1, -1, 16))])
    (picture,) = read_pictures(path, [])
    assert picture.t_us == 90
    assert np.array_equal(picture.pixels, pixels)
    with pytest.raises(SourceError, match=r"has no stream of events; its streams: FRME"):
        read(path)


def test_a_library_of_others_reads_the_same(tmp_path):
    aedat = pytest.importorskip("aedat")
    rng = np.random.default_rng(3)
    n = 100_000  # two packets
    columns = rng.integers(0, 640, n), rng.integers(0, 480, n), rng.integers(0, 2, n)
    t = np.sort(rng.integers(0, 10**6, n)) + 1_600_000_000_000_000
    events = Events.of(t, *columns, size=(640, 480))
    write(events, tmp_path / "a.aedat4")
    decoder = aedat.Decoder(str(tmp_path / "a.aedat4"))
    assert decoder.id_to_stream() == {0: {"type": "events", "width": 640, "height": 480}}
    array = np.concatenate([packet["events"] for packet in decoder])
    for key, column in (("t", "t"), ("x", "x"), ("y", "y"), ("on", "p")):
        assert np.array_equal(array[key], getattr(events, column))


def test_a_recording_that_was_cut_off_is_read_as_far_as_it_goes(tmp_path):
    packets = [(0, events_table(EVENTS[:1])), (0, events_table(EVENTS[1:]))]
    path = file_of(tmp_path / "a.aedat4", ["EVTS"], packets)
    path.write_bytes(path.read_bytes()[:-3])
    file = open_aedat4(path, Layout())
    assert sum(len(block.t) for block in file.blocks()) == 1
    assert file.notes == ["the file ends within a packet, which was left out"]


def test_what_follows_the_packets_is_not_read(tmp_path):
    path = file_of(tmp_path / "a.aedat4", ["EVTS"], [(0, events_table(EVENTS))])
    stop = path.stat().st_size
    file_of(path, ["EVTS"], [(0, events_table(EVENTS))], end=stop)
    path.write_bytes(path.read_bytes() + b"a table of contents")
    assert read_header(path).stop == stop
    assert read(path) == EVENTS


def test_of_two_streams_the_first_is_read_and_it_is_said(tmp_path):
    packets = [(1, events_table(EVENTS[1:])), (0, events_table(EVENTS[:1]))]
    file = open_aedat4(file_of(tmp_path / "a.aedat4", ["EVTS", "EVTS"], packets), Layout())
    assert [block.t.tolist() for block in file.blocks()] == [[5]]
    assert file.notes == ["of 2 streams of events the first was read"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda b: b"#!AER-DAT3.1\r\n" + b[14:], "does not begin with"),
        (lambda b: b[:16], "ends before its header"),
        (lambda b: b[:60], "ends within its header"),
        (lambda b: b.replace(b"<dv", b"<<<"), "its list of streams cannot be read"),
        (lambda b: b.replace(b">8<", b">a<"), "its list of streams cannot be read"),
        (lambda b: b.replace(b"EVTS\0", b"EVTX\0"), "expected EVTS, found b'EVTX'"),
    ],
)
def test_what_is_broken_is_refused_in_a_line(change, words, tmp_path):
    path = file_of(tmp_path / "a.aedat4", ["EVTS"], [(0, events_table(EVENTS))])
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(SourceError, match=words):
        read(path)


def test_a_frame_of_another_size_than_it_says_is_refused(tmp_path):
    bad = frame_table(np.zeros((6, 8), np.uint8), width=3)
    pictures = read_pictures(file_of(tmp_path / "a.aedat4", ["FRME"], [(0, bad)]), [])
    with pytest.raises(SourceError, match=r"a frame of 3x6 px has 48 bytes"):
        next(pictures)
