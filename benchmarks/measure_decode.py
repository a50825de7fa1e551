"""Decoding a video, and converting it from end to end, which cannot be faster."""

import tempfile
from pathlib import Path
from statistics import median

from tables import Table, number
from timing import interleave, ratio, seconds

from eventsim.pipeline.inputs import Reading
from eventsim.pipeline.plan import plan
from eventsim.pipeline.run import run
from eventsim.pixel.cpu import warm_up
from eventsim.simulator import choose_camera
from eventsim.sources.video import VideoSource


def measure_decode(path: Path, repeats: int) -> list[Table]:
    """Time decoding and conversion of one video in turn."""
    counts = {"frames": 0, "events": 0}

    def decode() -> None:
        counts["frames"] = sum(1 for _ in VideoSource(path))

    def convert() -> None:
        with tempfile.TemporaryDirectory() as folder:
            counts["events"] = convert_video(path, Path(folder) / "out.zarr", noise="clean")

    warm_up()
    convert()
    times = interleave({"decode": seconds(decode), "convert": seconds(convert)}, repeats)
    frames = counts["frames"]
    share = ratio(times["decode"], times["convert"])
    rows = [
        ["decode alone", number(frames / median(times["decode"])), "1"],
        ["convert", number(frames / median(times["convert"])), f"{share:.2f}"],
    ]
    size = VideoSource(path).size
    notes = (
        f"{size}, {frames} frames, {counts['events']:,} events; convert = sensor ideal, noise "
        "clean, size of the source, one worker: decoding, simulating and writing overlap. All "
        f"cores; the decoder has threads of its own; {repeats} interleaved rounds.",
    )
    return [Table("Convert beside decoding", ("", "frames/s", "of decoding"), rows, notes)]


def convert_video(path: Path, out: Path, *, noise: str) -> int:
    """Convert one video as the command line does; gives the number of events."""
    camera = choose_camera("ideal", noise)
    planned = plan([path], camera, reading=Reading(size="source"))
    summary = run(planned, out)
    return int(summary.events)
