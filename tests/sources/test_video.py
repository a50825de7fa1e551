from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

import eventsim
from eventsim import Encoding
from eventsim.errors import ConfigError, SourceError
from eventsim.sources.video import VideoSource

IDENTITY = b"".join(
    n.to_bytes(4, "big", signed=True) for n in (65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30)
)


def turned(path: Path, a: int, b: int, c: int, d: int) -> Path:
    """Put a matrix into the track header of an MP4."""
    numbers = (a, b, 0, c, d, 0)
    matrix = b"".join((n * 65536).to_bytes(4, "big", signed=True) for n in numbers)
    data = path.read_bytes()
    at = data.index(IDENTITY, data.index(b"tkhd"))
    path.write_bytes(data[:at] + matrix + data[at + 24 :])
    return path


def test_luma_and_times_come_out_as_they_went_in(write_video, noise) -> None:
    pictures = noise()
    times = [102, 119, 300, 301]
    source = VideoSource(write_video(pictures, pts_ms=times))
    for _ in range(2):
        frames = list(source)
        assert [f.t_us for f in frames] == [1000 * t for t in times]
        # A width of 50 is padded by FFmpeg, which must not show.
        assert np.array_equal(np.stack([f.values for f in frames]), np.stack(pictures))
        assert source.notes == []
        assert source.lost_frames == 0
    assert source.size == (50, 38)
    assert (source.encoding.black, source.encoding.white) == (16, 235)


def test_frames_are_the_consumers_own(write_video, noise) -> None:
    # At 1280 px this decoder pads no line, so the plane could be handed out as it is.
    frames = list(VideoSource(write_video(noise(2, 1280, 16))))
    for frame in frames:
        assert frame.values.flags.c_contiguous
        assert frame.values.flags.writeable
        assert frame.values.flags.owndata


def test_ntsc_times_are_rounded_each_on_its_own(tmp_path) -> None:
    path = tmp_path / "ntsc.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=Fraction(30000, 1001))
        stream.width = stream.height = 32
        stream.pix_fmt = "yuv420p"
        for i in range(8):
            frame = av.VideoFrame.from_ndarray(np.full((48, 32), 20 * i, np.uint8), "yuv420p")
            frame.pts = i
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    source = VideoSource(path)
    assert [f.t_us for f in source] == [round(i * 1e6 * 1001 / 30000) for i in range(8)]
    assert source.expected_frames == 8
    assert source.frame_rate_hz == pytest.approx(29.97, abs=1e-3)
    assert source.duration_us == pytest.approx(8 * 33367, abs=100)


def test_ten_bits_stay(write_video, noise) -> None:
    pictures = [p.astype(np.uint16) * 4 + 1 for p in noise()]
    source = VideoSource(write_video(pictures, pix_fmt="yuv420p10le"))
    assert np.array_equal(next(iter(source)).values, pictures[0])
    assert (source.encoding.black, source.encoding.white) == (64, 940)


def test_pad_is_black_in_the_range_of_the_video(write_video, noise) -> None:
    path = write_video(noise(width=64, height=32))
    source = VideoSource(path, size=(64, 64), fit="pad")
    frame = next(iter(source)).values
    assert (frame[:16] == 16).all()
    assert np.array_equal(frame[16:48], noise(width=64, height=32)[0])
    assert source.notes == ["frames were brought from 64x32 padded to 64x64"]


def test_window_is_half_open_and_on_the_files_time_line(write_video, noise) -> None:
    path = write_video(noise(20), gop=5, pts_ms=[100 + 40 * i for i in range(20)])
    source = VideoSource(path, start_s=0.3, stop_s=0.42)
    assert source.expected_frames == 3
    frames = list(source)
    assert [f.t_us for f in frames] == [300_000, 340_000, 380_000]
    assert np.array_equal(frames[0].values, noise(20)[5])
    assert source.notes == []


def test_window_starts_inside_a_group_of_pictures(write_video, noise) -> None:
    options = {"bf": "2", "qp": "0"}
    path = write_video(noise(30), name="c.mp4", codec="libx264", gop=12, options=options)
    whole = {f.t_us: f.values for f in VideoSource(path)}
    assert sorted(whole) == [40_000 * i for i in range(30)]
    for start_s in (0.0, 0.04, 0.47, 0.52, 0.96, 1.16):
        part = list(VideoSource(path, start_s=start_s))
        assert [f.t_us for f in part] == [t for t in whole if t >= round(start_s * 1e6)]
        assert all(np.array_equal(f.values, whole[f.t_us]) for f in part)


def test_window_without_frames_is_an_error(write_video, noise) -> None:
    path = write_video(noise())
    with pytest.raises(SourceError, match=r"lies in 9 s to the end: the nearest is at 0\.12 s"):
        list(VideoSource(path, start_s=9))
    with pytest.raises(SourceError, match="nearest is at 0 s"):
        list(VideoSource(path, stop_s=-1))


def test_rotation_is_undone(write_video, noise) -> None:
    pictures = noise(2, 64, 32)
    path = write_video(pictures, name="r.mp4", codec="libx264", options={"qp": "0"})
    flat = [f.values for f in VideoSource(path)]
    source = VideoSource(turned(path, 0, 1, -1, 0))
    assert source.size == (32, 64)
    assert np.array_equal(next(iter(source)).values, np.rot90(flat[0], -1))
    assert next(iter(source)).values.flags.c_contiguous
    assert source.notes == ["frames were turned by 90 degrees clockwise, as the file asks"]


def test_crop_is_taken_of_the_upright_picture(write_video, noise) -> None:
    path = write_video(noise(2, 64, 32), name="r.mp4", codec="libx264", options={"qp": "0"})
    flat = next(iter(VideoSource(path))).values
    source = VideoSource(turned(path, 0, 1, -1, 0), crop=(4, 40, 8, 16))
    assert np.array_equal(next(iter(source)).values, np.rot90(flat, -1)[40:56, 4:12])


def test_times_that_go_back_are_left_out(write_video, noise) -> None:
    path = write_video(noise(5, 16, 16), pts_ms=[0, 40, 80, 120, 160])
    data = bytearray(path.read_bytes())
    with av.open(str(path)) as container:
        packets = [p for p in container.demux(video=0) if p.size]
    # A block of Matroska begins with its track (0x81) and its time, two bytes.
    at = packets[2].pos
    assert data[at : at + 3] == b"\x81\x00\x50"
    data[at + 2] = 20
    path.write_bytes(data)
    source = VideoSource(path)
    assert [f.t_us for f in source] == [0, 40_000, 120_000, 160_000]
    assert source.lost_frames == 1
    assert source.notes == [
        "1 frames were left out because their times repeat or go backwards, the first at 0.02 s"
    ]


def test_damage_is_said_and_counted(damaged: Path) -> None:
    source = VideoSource(damaged)
    for _ in range(2):
        times = [f.t_us // 40_000 for f in source]
        assert times == [*range(13), *range(20, 30)]
        assert source.lost_frames == 7
        assert "damaged near 0.52 s" in source.notes[0]
        assert "7 frames" in source.notes[0]


def test_damage_outside_the_window_does_not_count(damaged: Path) -> None:
    source = VideoSource(damaged, start_s=0.8)
    assert len(list(source)) == 10
    assert (source.lost_frames, source.notes) == (0, [])
    source = VideoSource(damaged, start_s=0.44, stop_s=0.6)
    assert [f.t_us for f in source] == [440_000, 480_000]
    assert source.lost_frames == 2


def test_file_that_breaks_off_loses_the_rest(write_video, noise) -> None:
    # The index must be in front of the pictures, else nothing is left of a cut file.
    front = {"movflags": "faststart"}
    path = write_video(
        noise(30),
        name="c.mp4",
        codec="libx264",
        options={"bf": "0"},
        container_options=front,
        gop=5,
    )
    with av.open(str(path)) as container:
        packets = [p for p in container.demux(video=0) if p.size]
    data = path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    path.write_bytes(data[: packets[20].pos])
    source = VideoSource(path)
    times = [f.t_us for f in source]
    assert times == [40_000 * i for i in range(20)]
    assert source.lost_frames == 10
    assert any("promises 30 frames, 20 could be read" in note for note in source.notes)


def test_change_of_size_is_an_error(write_video, noise) -> None:
    first = write_video(noise(3, 64, 32), name="a.mjpeg", codec="mjpeg", pix_fmt="yuvj420p")
    second = write_video(noise(3, 32, 32), name="b.mjpeg", codec="mjpeg", pix_fmt="yuvj420p")
    both = first.with_name("both.mjpeg")
    both.write_bytes(first.read_bytes() + second.read_bytes())
    with pytest.raises(SourceError, match=r"changes from 64x32 to 32x32 at 0\.12 s"):
        list(VideoSource(both))


def test_frames_without_times_are_spaced_evenly(write_video, noise) -> None:
    path = write_video(noise(4), name="raw.h264", codec="libx264", options={"bf": "0"})
    source = VideoSource(path)
    frames = list(source)
    assert source.frame_rate_hz is not None
    step = round(1e6 / source.frame_rate_hz)
    assert [f.t_us for f in frames] == [0, step, 2 * step, 3 * step]
    assert any("4 frames have no time" in note for note in source.notes)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda p: None, "does not exist"),
        (lambda p: p.mkdir(), "is a folder"),
        (lambda p: p.write_bytes(b""), "is empty"),
        (lambda p: p.write_text("no video" * 99), "Invalid data found"),
    ],
)
def test_what_is_no_video_is_named_in_one_line(tmp_path, make, words: str) -> None:
    path = tmp_path / "x.mp4"
    make(path)
    with pytest.raises(SourceError, match=words) as caught:
        VideoSource(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_sound_alone_is_no_video(tmp_path) -> None:
    path = tmp_path / "sound.wav"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=8000, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 800), np.int16), "s16", "mono")
        frame.sample_rate = 8000
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    with pytest.raises(SourceError, match="no video stream"):
        VideoSource(path)


def test_impossible_options_are_refused(write_video, noise) -> None:
    path = write_video(noise())
    with pytest.raises(ConfigError, match="log"):
        VideoSource(path, transfer="log")
    with pytest.raises(ConfigError, match="stop"):
        VideoSource(path, start_s=2, stop_s=1)
    with pytest.raises(ConfigError, match="50x38 frame"):
        VideoSource(path, crop=(0, 0, 51, 2))


def test_notes_are_complete_when_the_consumer_stops_early(damaged: Path) -> None:
    source = VideoSource(damaged)
    frames = iter(source)
    while next(frames).t_us < 800_000:
        pass
    frames.close()  # type: ignore[attr-defined]
    assert source.lost_frames == 7
    assert "damaged" in source.notes[0]


def write_streams(path: Path, streams: list[dict[str, object]]) -> Path:
    """A file with many video streams: codec, number of frames, and flags of each."""
    with av.open(str(path), "w") as container:
        made = []
        for k, options in enumerate(streams):
            stream = container.add_stream(str(options["codec"]), rate=25)
            stream.width, stream.height = 64 - 16 * k, 48
            stream.pix_fmt = "yuvj420p" if options["codec"] == "mjpeg" else "yuv420p"
            if options.get("trc"):
                stream.codec_context.color_trc = options["trc"]
            if options.get("cover"):
                stream.disposition = av.stream.Disposition.attached_pic
            made.append((stream, int(str(options["frames"]))))
        for stream, frames in made:
            for i in range(frames):
                plane = np.full((48, stream.width), 20 + 5 * i, np.uint8)
                frame = av.VideoFrame.from_ndarray(plane, format="gray")
                container.mux(stream.encode(frame.reformat(format=stream.pix_fmt)))
            container.mux(stream.encode())
    return path


def test_a_cover_is_not_taken_for_the_video(tmp_path) -> None:
    streams = [
        {"codec": "mjpeg", "frames": 1, "cover": True},
        {"codec": "libx264", "frames": 9},
    ]
    source = VideoSource(write_streams(tmp_path / "a.mp4", streams))
    assert source.size == (48, 48)
    assert len(list(source)) == 9
    only = write_streams(tmp_path / "b.mp4", streams[:1])
    with pytest.raises(SourceError, match="only a cover picture"):
        VideoSource(only)


def test_a_preview_is_not_taken_for_the_video(tmp_path) -> None:
    streams = [{"codec": "mjpeg", "frames": 1}, {"codec": "libx264", "frames": 9}]
    source = VideoSource(write_streams(tmp_path / "a.mp4", streams))
    assert len(list(source)) == 9
    assert "a second video stream was left out" in source.notes


def test_a_file_without_a_count_that_breaks_off(write_video, noise) -> None:
    path = write_video(noise(30), name="a.mkv")
    assert VideoSource(path).notes == []
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])
    source = VideoSource(path)
    given = len(list(source))
    assert 15 < given < 22
    assert abs(given + source.lost_frames - 30) <= 1
    assert any("frames are missing" in note or "damaged" in note for note in source.notes)


def test_a_second_stream_is_said(tmp_path) -> None:
    streams = [{"codec": "libx264", "frames": 5}, {"codec": "libx264", "frames": 9}]
    source = VideoSource(write_streams(tmp_path / "a.mp4", streams))
    assert len(list(source)) == 5
    assert "a second video stream was left out" in source.notes


@pytest.mark.parametrize(
    "name",
    ["12:30:05 clip.mp4", "cam:1.mp4", "[Group] x.mp4", "-x.mp4", "фильм 映画.mp4", "a#b?c%20.mp4",
     "http:x.mp4", "caf\udce9.mp4", "a\nb.mp4", "%03d.mp4"],
)  # fmt: skip
def test_any_name(tmp_path, monkeypatch, name: str) -> None:
    good = write_streams(tmp_path / "good.mp4", [{"codec": "libx264", "frames": 5}])
    good.rename(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    for path in (tmp_path / name, Path(name)):
        assert len(list(VideoSource(path))) == 5


def test_a_playlist_opens_nothing_else(tmp_path) -> None:
    good = write_streams(tmp_path / "good.ts", [{"codec": "libx264", "frames": 5}])
    text = f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:9/{good.name}\n"
    (tmp_path / "list.mp4").write_text(text + "#EXT-X-ENDLIST\n")
    with pytest.raises(SourceError):
        VideoSource(tmp_path / "list.mp4")


def test_light_that_is_tagged_as_linear(tmp_path) -> None:
    path = write_streams(tmp_path / "a.mp4", [{"codec": "libx264", "frames": 3, "trc": 8}])
    assert "tagged as linear, and was read as srgb" in VideoSource(path).notes[0]
    assert VideoSource(path, transfer="linear").notes == []


def test_a_clock_that_starts_anew(tmp_path, torn_stream) -> None:
    whole, _ = torn_stream
    (tmp_path / "joined.ts").write_bytes(whole.read_bytes() * 2)
    source = VideoSource(tmp_path / "joined.ts")
    assert len(list(source)) >= 58  # those beside the seam may be lost
    assert source.lost_frames >= 50
    assert any("as in streams that were joined" in note for note in source.notes)


def test_an_hdr_clip_has_highlights_that_8_bits_have_not(write_video):
    """10-bit PQ: a light of 1,000 to 4,000 cd/m2, which 8-bit video shows as white throughout."""

    def pq(cd_m2):
        y = (np.asarray(cd_m2) / 10_000) ** (2610 / 16384)
        top = 3424 / 4096 + 2413 / 4096 * 32 * y
        return (top / (1 + 2392 / 4096 * 32 * y)) ** (2523 / 4096 * 128)

    levels = np.geomspace(1000, 4000, 6)
    frames = [np.where(np.arange(32) < 16, 100.0, level) * np.ones((16, 1)) for level in levels]
    codes = [np.rint(64 + 876 * pq(f)).astype(np.uint16) for f in frames]
    path = write_video(codes, pix_fmt="yuv420p10le", options={"color_trc": "smpte2084"})
    source = VideoSource(path)
    assert source.encoding == Encoding("pq", 64, 940)
    assert any("which was undone" in note for note in source.notes)
    seen = np.stack([source.encoding.luminance(frame.values) for frame in source])
    assert seen[:, 3, 20] == pytest.approx(255 * levels / 203, rel=0.02)
    hdr = eventsim.simulate(path, sensor="ideal", size="source")
    assert len(hdr) == 256 * int(np.log(4) / 0.2)  # 4 = exp(6.9 thresholds)
    assert hdr.x.min() == 16
    sdr = [np.rint(255 * np.minimum(f / 203, 1) ** (1 / 2.2)).astype(np.uint8) for f in frames]
    plain = write_video(sdr, name="sdr.mkv", pix_fmt="gray")
    assert not len(eventsim.simulate(plain, sensor="ideal", size="source"))
