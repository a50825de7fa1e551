"""A corpus: one worker and two, the cost of the pipeline, and how planning grows."""

import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TypeVar

import av
import numpy as np
from tables import Table, number
from timing import interleave, ratio, seconds

from eventsim.camera import choose_camera
from eventsim.pipeline.corpus import gather
from eventsim.pipeline.outputs import check_output
from eventsim.pipeline.prefetch import prefetch, read_ahead
from eventsim.pipeline.run import run
from eventsim.pipeline.status import read_status
from eventsim.pipeline.video_plan import plan_videos
from eventsim.pipeline.video_task import EVENTS_AHEAD
from eventsim.pixel.array import warm_up
from eventsim.simulator import simulate_source
from eventsim.sources.reading import Reading
from eventsim.store.attempts import begin_run
from eventsim.store.dataset import create_dataset
from eventsim.store.finish import finish
from eventsim.store.manifest import read_batches, write_batch
from eventsim.store.reader import open_dataset
from eventsim.store.writer import PartWriter

T = TypeVar("T")

CLIPS, STOP_S = 40, 4.0
"""Copies of a clip, and how much of each."""


def measure_corpus(clip: Path, entries: int, repeats: int) -> list[Table]:
    """Time the conversion of many clips, and the bookkeeping of very many."""
    return [_measure_workers(clip, repeats), _measure_entries(entries)]


def _measure_workers(clip: Path, repeats: int) -> Table:
    """Convert copies of a clip with one worker and with two, and in a bare loop."""
    camera = choose_camera("davis346")
    reading = Reading(stop_s=STOP_S)
    warm_up()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for k in range(CLIPS):
            (home / "in" / str(k % 4)).mkdir(parents=True, exist_ok=True)
            shutil.copyfile(clip, home / "in" / str(k % 4) / f"{k}{clip.suffix}")
        inputs, _ = gather([home / "in"])
        made = plan_videos(inputs, camera, reading=reading)

        def convert(workers: int) -> Callable[[], None]:
            def job() -> None:
                shutil.rmtree(home / "out.zarr", ignore_errors=True)
                run(made, home / "out.zarr", workers=workers, threads=1)

            return job

        def bare() -> None:
            """What there is without a pipeline: a loop over the clips, and one part.

            Decoding and writing overlap with simulation, as they do in the pipeline.
            """
            shutil.rmtree(home / "bare.zarr", ignore_errors=True)
            create_dataset(home / "bare.zarr", {"version": "0"}, parts=1)
            writer = PartWriter(home / "bare.zarr", 0, begin_run(home / "bare.zarr"))
            for recording in made.recordings:
                source = recording.input.open(reading, camera)
                writer.begin_recording(size=source.size, source="x", seed=recording.seed)
                packets = simulate_source(
                    read_ahead(source), camera, seed=recording.seed, threads=1
                )
                with closing(
                    prefetch(packets, EVENTS_AHEAD, lambda p: 64 + len(p.events))
                ) as ahead:
                    for packet in ahead:
                        writer.write(packet)
                writer.end_recording()
            writer.commit()
            finish(home / "bare.zarr")

        jobs = {
            "bare loop": seconds(bare),
            "1 worker": seconds(convert(1)),
            "1 worker, held to one core": seconds(on_one_core(convert(1))),
            "2 workers": seconds(convert(2)),
        }
        times = interleave(jobs, repeats)
        dataset = open_dataset(home / "out.zarr")
        frames = sum(len(recording.frame_t_us) for recording in dataset)
        events = sum(map(len, dataset))
    rows = [
        [
            name,
            f"{median(some):.2f}",
            number(frames / median(some)),
            f"{ratio(times['1 worker'], some):.2f}",
        ]
        for name, some in times.items()
    ]
    notes = (
        f"{CLIPS} copies of {clip.name}, {STOP_S:g} s of each, at 346x260 ({frames:,} frames, "
        f"{events:,} events, {len(made.parts)} parts), davis346, one kernel thread per worker; "
        f"starting and closing the cluster counts; {repeats} interleaved rounds.",
    )
    return Table("A corpus on workers", ("", "s", "frames/s", "of 1 worker"), rows, notes)


def on_one_core(job: Callable[[], None]) -> Callable[[], None]:
    """Hold a job to one core, where the system can; a worker uses more than one if it may."""

    def held() -> None:
        if not hasattr(os, "sched_setaffinity"):
            job()
            return
        before = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {min(before)})
        try:
            job()
        finally:
            os.sched_setaffinity(0, before)

    return held


def _measure_entries(entries: int) -> Table:
    """Plan, go on with, and ask for the status of very many inputs."""
    counts = sorted({max(1, entries // 100), max(1, entries // 10), entries})
    rows = [[f"{count:,}", *(f"{value:.2f}" for value in _time_entries(count))] for count in counts]
    columns = ("inputs", "list, s", "plan, s", "write, s", "read, s", "status, s", "begun, s")
    notes = (
        "Tiny files in 100 class folders, none of them converted; once each. `begun` is what the "
        "same command takes, run again, until it converts: it lists, plans and compares.",
    )
    return Table("Very many inputs", columns, rows, notes)


def _time_entries(count: int) -> list[float]:
    """Seconds of each step, for so many inputs."""
    spent: list[float] = []

    def timed(job: Callable[[], T]) -> T:
        started = perf_counter()
        result = job()
        spent.append(perf_counter() - started)
        return result

    camera = choose_camera("davis346")
    with tempfile.TemporaryDirectory() as folder:
        home, out = Path(folder), Path(folder) / "out.zarr"
        tiny = _tiny_video(home / "tiny.avi")
        for k in range(count):
            place = home / "in" / f"{k % 100:02}"
            place.mkdir(parents=True, exist_ok=True)
            (place / f"{k}.avi").write_bytes(tiny)
        inputs, _ = timed(lambda: gather([home / "in"]))
        made = timed(lambda: plan_videos(inputs, camera))
        create_dataset(out, made.attributes(), parts=made.part_count)
        entries = made.entries(out)
        timed(lambda: write_batch(out, 0, entries))
        timed(lambda: read_batches(out))
        timed(lambda: read_status(out))

        def begin_again() -> None:
            again = plan_videos(gather([home / "in"])[0], camera)
            check_output(again, out, overwrite=False)

        timed(begin_again)
    return spent


def _tiny_video(path: Path) -> bytes:
    """Two frames of 16x16 pixels."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 16, 16, "yuv420p"
        for k in range(2):
            picture = np.full((16, 16, 3), 90 + 60 * k, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return path.read_bytes()
