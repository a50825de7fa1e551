"""Elements written by hand, and a real file into which they are put."""

import random

from eventsim.sources.matroska import _WAY, _elements, pixel_crop
from eventsim.sources.video import VideoSource


def element(name: str, content: bytes) -> bytes:
    """An element whose size takes eight bytes."""
    return bytes.fromhex(name) + (len(content) | 1 << 56).to_bytes(8, "big") + content


HEAD = element("1a45dfa3", b"")
CROP = element("54aa", b"\x08") + element("54cc", b"\x00\x04") + element("54dd", b"\x00")


def file_of(video: bytes) -> bytes:
    track = element("ae", element("d7", b"\x01") + element("e0", element("b0", b"@") + video))
    return HEAD + element("18538067", element("ec", b"....") + element("1654ae6b", track))


def test_by_hand(tmp_path):
    path = tmp_path / "a.mkv"
    path.write_bytes(file_of(CROP))
    assert pixel_crop(path) == {"bottom": 8, "left": 4}
    path.write_bytes(file_of(b""))
    assert pixel_crop(path) == {}


def test_a_segment_of_unknown_size(tmp_path):
    track = element("1654ae6b", element("ae", element("e0", CROP)))
    (tmp_path / "a.mkv").write_bytes(HEAD + bytes.fromhex("18538067 01ffffffffffffff") + track)
    assert pixel_crop(tmp_path / "a.mkv") == {"bottom": 8, "left": 4}


def test_other_files_and_damage(tmp_path):
    path = tmp_path / "a"
    for data in (b"", b"ftyp", HEAD, HEAD + b"\0", HEAD + b"\x18S\x80g", HEAD + b"\xff" * 50):
        path.write_bytes(data)
        assert pixel_crop(path) == {}
    whole, rng = file_of(CROP), random.Random(1)
    for _ in range(500):
        data = bytearray(whole)
        data[rng.randrange(len(data))] = rng.randrange(256)
        path.write_bytes(data[: rng.randrange(1, len(data) + 1)])
        assert isinstance(pixel_crop(path), dict)


def with_crop(data: bytes) -> bytes:
    """A real file, built anew with a crop in its video element."""

    def rebuilt(start: int, stop: int, way: list[int]) -> bytes:
        out = b""
        for name, a, b in _elements(data, start, stop):
            content = rebuilt(a, b, way[1:]) if way and name == way[0] else data[a:b]
            if way == [0xE0] and name == 0xE0:
                content += CROP
            out += element(f"{name:x}", content)
        return out

    return rebuilt(0, len(data), list(_WAY))


def test_it_is_said(write_video, noise):
    path = write_video(noise(), name="a.mkv")
    assert VideoSource(path).notes == []
    path.write_bytes(with_crop(path.read_bytes()))
    source = VideoSource(path)
    assert source.notes == [
        "the file asks to hide 8 px at the bottom, 4 px at the left: ignored, see --crop"
    ]
    assert len(list(source)) == 4
    assert source.size == (50, 38)
