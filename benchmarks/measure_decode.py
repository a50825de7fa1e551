"""Converting a video from end to end, beside leaving out the store and beside decoding alone."""

import os
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from tables import Table, number
from timing import interleave

from eventsim.camera import choose_camera
from eventsim.pipeline.inputs import Input
from eventsim.pipeline.prefetch import prefetch, read_ahead
from eventsim.pipeline.run import run
from eventsim.pipeline.video_plan import plan_videos
from eventsim.pixel.array import warm_up
from eventsim.simulator import simulate_source
from eventsim.sources.reading import Reading
from eventsim.sources.video import VideoSource

PACKETS_AHEAD = 4
"""As many as `convert` has on the way, about."""


def measure_decode(path: Path, repeats: int) -> list[Table]:
    """Time decoding, simulating and conversion of one video in turn."""
    threads = max(1, (os.cpu_count() or 1) - 1)  # as `convert` chooses
    counts = {"frames": 0, "events": 0}

    def decode() -> None:
        counts["frames"] = sum(1 for _ in VideoSource(path))

    def simulate() -> None:
        counts["simulated"] = simulate_video(path, noise="v2e-clean", threads=threads)

    def convert() -> None:
        with tempfile.TemporaryDirectory() as folder:
            counts["events"] = convert_video(path, Path(folder) / "out.zarr", noise="v2e-clean")

    warm_up()
    convert()
    jobs = {
        "decode alone": spent(decode),
        "decode and simulate, no store": spent(simulate),
        "convert": spent(convert),
    }
    times = interleave(jobs, repeats)
    frames, events = counts["frames"], max(1, counts["events"])
    alone = [wall for wall, _ in times["decode alone"]]
    rows = [
        [
            name,
            number(frames / median(wall for wall, _ in some)),
            f"{median(a / wall for a, (wall, _) in zip(alone, some, strict=True)):.2f}",
            number(median(cpu for _, cpu in some) / events * 1e9),
        ]
        for name, some in times.items()
    ]
    size = VideoSource(path).size
    notes = (
        f"{size}, {frames} frames, {events:,} events; sensor ideal, noise clean, size of the "
        f"source, one worker: decoding, simulating ({threads} threads) and writing overlap. CPU is "
        f"of all threads; {repeats} interleaved rounds.",
    )
    columns = ("", "frames/s", "of decoding", "ns CPU an event")
    return [Table("Convert beside decoding", columns, rows, notes)]


def spent(job: Callable[[], None]) -> Callable[[], tuple[float, float]]:
    """Turn a job into one that returns the seconds it took, on the wall and of all processors."""

    def timed() -> tuple[float, float]:
        wall, cpu = perf_counter(), process_time()
        job()
        return perf_counter() - wall, process_time() - cpu

    return timed


def simulate_video(path: Path, *, noise: str, threads: int) -> int:
    """Simulate one video as `convert` does, and drop the events; gives their number."""
    camera = choose_camera("ideal", noise)
    source = Input(str(path)).open(Reading(size="source"), camera)
    packets = simulate_source(read_ahead(source), camera, threads=threads)
    with closing(prefetch(packets, PACKETS_AHEAD)) as ahead:
        return sum(len(packet.events) for packet in ahead)


def convert_video(path: Path, out: Path, *, noise: str) -> int:
    """Convert one video as the command line does; gives the number of events."""
    camera = choose_camera("ideal", noise)
    planned = plan_videos([path], camera, reading=Reading(size="source"))
    summary = run(planned, out)
    return int(summary.events)
