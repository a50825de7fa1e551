"""Peak memory of a short and of a long recording: it must not grow with the length.

Each measurement is a process of its own, which runs this file.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from tables import Table, number

WIDTH, HEIGHT, FPS = 346, 260, 25
SQUARE_PX, STILL_FRAMES = 8, 8
"""Squares of the texture, and how long it rests: 0.04 events per pixel and frame; chosen by eye."""


def moving_texture(frames: int) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    """Make frames of gray squares that move by a pixel now and then, one frame at a time."""
    cells = np.random.default_rng(1).integers(60, 200, (HEIGHT, 2 * WIDTH), np.uint8)
    small = cells[: HEIGHT // SQUARE_PX + 1, : 2 * WIDTH // SQUARE_PX + 1]
    wide = np.kron(small, np.ones((SQUARE_PX, SQUARE_PX), np.uint8))[:HEIGHT]
    for i in range(frames):
        left = (i // STILL_FRAMES) % WIDTH
        yield i * 1_000_000 // FPS, np.ascontiguousarray(wide[:, left : left + WIDTH])


def measure_memory(minutes: float) -> list[Table]:
    """Simulate and convert a tenth of the minutes and all of them; compare the peaks."""
    rows = []
    lengths = (minutes / 10, minutes)
    for job in ("simulate", "convert"):
        results = [_child(job, round(length * 60 * FPS)) for length in lengths]
        start, *peaks = [results[0]["start_mb"], *(result["peak_mb"] for result in results)]
        rows.append(
            [
                job,
                number(start),
                number(peaks[0]),
                number(peaks[1]),
                f"{peaks[1] / peaks[0]:.2f}",
                f"{results[1]['events']:,.0f}",
                number(results[1]["seconds"]),
            ]
        )
    columns = (
        "",
        "before it starts, MB",
        f"peak of {lengths[0]:g} min, MB",
        f"peak of {lengths[1]:g} min, MB",
        "ratio",
        "events of the long one",
        "seconds of the long one",
    )
    notes = (
        f"{WIDTH}x{HEIGHT}, {FPS} frames/s, a moving texture; preset clean. simulate: frames made "
        "on the fly, packets dropped. convert: an H.264 video, encoded beforehand, into a dataset. "
        "A process each; resident memory, with Python and all libraries loaded in it.",
    )
    return [Table("Memory: ten times as long", columns, rows, notes)]


def _child(job: str, frames: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        video = Path(folder) / "clip.mp4"
        if job == "convert":
            encode_video(video, frames)
        command = [sys.executable, __file__, job, str(frames), str(video)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr}")
    result: dict[str, float] = json.loads(done.stdout)
    return result


def encode_video(path: Path, frames: int) -> None:
    """Write the moving texture as H.264."""
    import av

    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for i, (_, values) in enumerate(moving_texture(frames)):
            picture = av.VideoFrame.from_ndarray(values, format="gray")
            picture.pts, picture.time_base = i, Fraction(1, FPS)
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))


def peak_mb() -> float:
    """Peak of resident memory of this process, megabytes.

    On Linux not from getrusage: its peak is handed down from the process that started this one.
    """
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text(encoding="ascii", errors="replace").splitlines()
        peak = [line.split() for line in lines if line.startswith("VmHWM:")]
        if peak:
            return int(peak[0][1]) * 1024 / 1e6
    import resource  # not on Windows

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def simulate_texture(frames: int) -> int:
    """Simulate the texture while it is made, and count the events."""
    from eventsim.simulator import simulate_packets

    packets = simulate_packets(
        moving_texture(frames), sensor="ideal", noise="v2e-clean", encoding="srgb"
    )
    return sum(len(packet.events) for packet in packets)


def _main(job: str, frames: int, video: Path) -> None:
    from measure_decode import convert_video

    from eventsim.pixel.array import warm_up

    warm_up()
    start_mb = peak_mb()
    started = perf_counter()
    if job == "convert":
        events = convert_video(video, video.with_suffix(".zarr"), noise="v2e-clean")
    else:
        events = simulate_texture(frames)
    result = {
        "start_mb": start_mb,
        "peak_mb": peak_mb(),
        "events": events,
        "seconds": perf_counter() - started,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    _main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
