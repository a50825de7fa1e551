"""Small real videos for the tests of sources."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

WriteVideo = Callable[..., Path]


@pytest.fixture
def write_video(tmp_path: Path) -> WriteVideo:
    """Encode luma planes, by default without loss."""

    def write(
        lumas: Sequence[np.ndarray],
        *,
        name: str = "clip.mkv",
        codec: str = "ffv1",
        pix_fmt: str = "yuv420p",
        pts_ms: Sequence[int] | None = None,
        color_range: int = 0,
        options: dict[str, str] | None = None,
        container_options: dict[str, str] | None = None,
        gop: int = 1,
    ) -> Path:
        path = tmp_path / name
        height, width = lumas[0].shape
        with av.open(str(path), "w", options=container_options or {}) as container:
            stream = container.add_stream(codec, rate=25, options=options or {})
            stream.width, stream.height, stream.pix_fmt = width, height, pix_fmt
            stream.time_base = stream.codec_context.time_base = Fraction(1, 1000)
            stream.codec_context.gop_size = gop
            stream.codec_context.color_range = color_range
            for i, luma in enumerate(lumas):
                frame = av.VideoFrame(width, height, pix_fmt)
                for n, plane in enumerate(frame.planes):
                    rows = np.frombuffer(plane, luma.dtype).reshape(plane.height, -1)
                    rows[:, : plane.width] = luma if n == 0 else 1 << (8 * luma.itemsize - 1)
                frame.pts = i * 40 if pts_ms is None else pts_ms[i]
                frame.time_base = Fraction(1, 1000)
                frame.color_range = color_range
                container.mux(stream.encode(frame))
            container.mux(stream.encode())
        return path

    return write


@pytest.fixture
def noise() -> Callable[..., list[np.ndarray]]:
    """Pictures of which no two are alike."""

    def make(n: int = 4, width: int = 50, height: int = 38) -> list[np.ndarray]:
        rng = np.random.default_rng(1)
        return list(rng.integers(16, 236, (n, height, width)).astype(np.uint8))

    return make


@pytest.fixture
def damaged(write_video: WriteVideo) -> Path:
    """Thirty frames of H.264, key frames at 0, 10, 20; the packet of frame 13 is overwritten."""
    y, x = np.mgrid[:48, :64]
    lumas = [((x * 3 + y * 2 + 5 * i) % 200 + 20).astype(np.uint8) for i in range(30)]
    options = {"bf": "0", "sc_threshold": "0", "threads": "1"}
    path = write_video(lumas, name="bad.mp4", codec="libx264", gop=10, options=options)
    with av.open(str(path)) as container:
        packets = [p for p in container.demux(video=0) if p.size]
    data = bytearray(path.read_bytes())
    data[packets[13].pos : packets[13].pos + packets[13].size] = b"\xff" * packets[13].size
    path.write_bytes(data)
    return path


@pytest.fixture
def torn_stream(tmp_path: Path) -> tuple[Path, Path]:
    """Sixty frames of MPEG-TS with B-frames, whole, and with three of its packets gone."""
    whole, torn = tmp_path / "whole.ts", tmp_path / "torn.ts"
    rng = np.random.default_rng(1)
    still = rng.integers(30, 220, (96, 128), np.uint8)
    with av.open(str(whole), "w", format="mpegts") as container:
        stream = container.add_stream("libx264", rate=25, options={"bf": "2", "threads": "1"})
        stream.width, stream.height, stream.pix_fmt = 128, 96, "yuv420p"
        stream.codec_context.gop_size = 15
        for i in range(60):
            frame = av.VideoFrame.from_ndarray(np.roll(still, 2 * i, 1), format="gray")
            container.mux(stream.encode(frame.reformat(format="yuv420p")))
        container.mux(stream.encode())
    data = whole.read_bytes()
    packets = [data[k : k + 188] for k in range(0, len(data), 188)]
    middle = len(packets) // 2
    torn.write_bytes(b"".join(packets[:middle] + packets[middle + 3 :]))
    return whole, torn
