"""Size and speed of the dataset on disk, beside five plain Zarr columns, on the events of clips."""

import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any, NamedTuple

import numpy as np
import zarr
from clips import PIXELS, Clip
from tables import Table, number
from timing import interleave, ratio, seconds
from zarr.codecs import BloscCodec

from eventsim.events import Packet
from eventsim.frames import Encoding
from eventsim.pixel.array import PixelArray
from eventsim.pixel.models import make_settings
from eventsim.store.dataset import create_dataset
from eventsim.store.finish import finish
from eventsim.store.reader import Dataset, Recording, open_dataset
from eventsim.store.writer import PartWriter

MOST_EVENTS = 5_000_000
"""Of a clip: more than one file of them; chosen by eye."""
PACKET_FRAMES = 3
"""As the simulator chooses for a busy clip."""
COLUMNS = {"t": "i8", "x": "u2", "y": "u2", "p": "u1", "kind": "u1"}
CHUNK, SHARD = 131_072, 1_048_576
"""Of the plain columns, which are what format version 1 of this project was."""
SAMPLE_EVENTS, WINDOW_US, DRAWS = 5000, 10_000, 60


class Spent(NamedTuple):
    """Seconds on the wall and of all processors."""

    wall_s: float
    cpu_s: float

    @classmethod
    def now(cls) -> "Spent":
        """What both clocks say."""
        return cls(perf_counter(), process_time())

    def since(self, before: "Spent") -> "Spent":
        """From then to this."""
        return Spent(self.wall_s - before.wall_s, self.cpu_s - before.cpu_s)


class Stored(NamedTuple):
    """One dataset, written and read back."""

    bytes: int
    write: Spent
    read_s: float


def measure_store(clips: Sequence[Clip], repeats: int) -> list[Table]:
    """Write and read the events of clips; then samples and windows of the dataset."""
    written, drawn = [], []
    for clip in clips:
        for preset in PIXELS:
            packets = make_packets(clip, preset)
            written += _written(f"{clip.name} {preset}", packets, repeats)
            drawn += _drawn(f"{clip.name} {preset}", packets, repeats)
    notes = (
        "Plain columns: t, x, y, p and kind as Zarr arrays, Blosc Zstandard 5 with bit shuffle, "
        f"chunks of {CHUNK:,} in shards of {SHARD:,}, written by zarr-python: format version 1. "
        "CPU is of all threads; files stay in the system's cache, so the disk itself is not in "
        f"it. Medians of {repeats} interleaved rounds; ratios are of one round.",
    )
    columns = (
        "events of",
        "layout",
        "bytes per event",
        "write ns CPU an event",
        "write events/s",
        "faster (CPU)",
        "read events/s",
    )
    read_notes = (
        f"A sample is {SAMPLE_EVENTS:,} events from a random place, a window is "
        f"{WINDOW_US / 1000:g} ms; medians of {DRAWS} places; files in the system's cache. First: "
        "a dataset opened for it (opening not counted). Cold: of one in use, but not that chunk. "
        "Warm: the same piece again.",
    )
    read_columns = ("events of", "piece", "events in it", "first ms", "cold ms", "warm ms")
    return [
        Table("Store: bytes and speed", columns, written, notes),
        Table("Store: samples and windows", read_columns, drawn, read_notes),
    ]


def make_packets(clip: Clip, preset: str) -> list[Packet]:
    """Simulate a clip up to some millions of events, and keep the packets."""
    pixels = PixelArray(clip.size, make_settings(PIXELS[preset]), Encoding("srgb"))
    packets: list[Packet] = []
    events = 0
    for start in range(0, len(clip.frames), PACKET_FRAMES):
        piece = slice(start, start + PACKET_FRAMES)
        packets.append(pixels.push(clip.frames[piece], clip.t_us[piece]))
        events += len(packets[-1].events)
        if events > MOST_EVENTS:
            break
    return packets


def write_dataset(path: Path, packets: Sequence[Packet]) -> Spent:
    """Write a dataset of one recording; timed is its part, from the first packet to the commit."""
    create_dataset(path, {}, parts=1)
    writer = PartWriter(path, 0)
    writer.begin_recording(size=packets[0].events.size, source="clip", seed=1)
    started = Spent.now()
    for packet in packets:
        writer.write(packet)
    writer.end_recording()
    writer.commit()
    spent = Spent.now().since(started)
    finish(path)
    return spent


def write_and_read(packets: Sequence[Packet]) -> Stored:
    """Write a dataset and read all of it."""
    return _timed(packets, write_dataset, lambda path: len(_opened(path).events))


def _opened(path: Path) -> Recording:
    dataset = open_dataset(path)
    assert isinstance(dataset, Dataset)  # noqa: S101 - for the type checker
    return dataset[0]


def columns_by_zarr(packets: Sequence[Packet]) -> Stored:
    """Write five columns a shard at a time, and read all of them."""

    def write(path: Path, packets: Sequence[Packet]) -> Spent:
        group = zarr.create_group(path, zarr_format=3)
        codec = BloscCodec(cname="zstd", clevel=5, shuffle="bitshuffle")
        arrays: dict[str, Any] = {
            name: group.create_array(
                name, shape=(0,), chunks=(CHUNK,), shards=(SHARD,), dtype=dtype, compressors=[codec]
            )
            for name, dtype in COLUMNS.items()
        }
        buffers = {name: np.empty(SHARD, dtype) for name, dtype in COLUMNS.items()}
        flushed = filled = 0

        def flush() -> None:
            for name, array in arrays.items():
                array.resize((flushed + filled,))
                array[flushed:] = buffers[name][:filled]

        started = Spent.now()
        for packet in packets:
            done = 0
            while done < len(packet.events):
                taken = min(SHARD - filled, len(packet.events) - done)
                for name, buffer in buffers.items():
                    values = getattr(packet.events, name)[done : done + taken]
                    buffer[filled : filled + taken] = values
                filled, done = filled + taken, done + taken
                if filled == SHARD:
                    flush()
                    flushed, filled = flushed + filled, 0
        if filled:
            flush()
        return Spent.now().since(started)

    def read(path: Path) -> int:
        group: Any = zarr.open_group(path, mode="r")
        return min(len(group[name][:]) for name in COLUMNS)

    return _timed(packets, write, read)


def _timed(
    packets: Sequence[Packet],
    write: Callable[[Path, Sequence[Packet]], Spent],
    read: Callable[[Path], int],
) -> Stored:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out.zarr"
        spent = write(path, packets)
        started = perf_counter()
        events = read(path)
        read_s = perf_counter() - started
        if events != sum(len(packet.events) for packet in packets):
            raise RuntimeError(f"{events} events came back from {path}, which is not all.")
        size = sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    return Stored(size, spent, read_s)


def _written(name: str, packets: Sequence[Packet], repeats: int) -> list[list[str]]:
    events = sum(len(packet.events) for packet in packets)
    jobs = {
        "plain columns": partial(columns_by_zarr, packets),
        "steps": partial(write_and_read, packets),
    }
    results = interleave(jobs, repeats)
    before = [result.write.cpu_s for result in results["plain columns"]]
    return [
        [
            name,
            layout,
            f"{some[0].bytes / events:.2f}",
            number(median(result.write.cpu_s for result in some) / events * 1e9),
            number(events / median(result.write.wall_s for result in some)),
            number(ratio(before, [result.write.cpu_s for result in some])),
            number(events / median(result.read_s for result in some)),
        ]
        for layout, some in results.items()
    ]


def _drawn(name: str, packets: Sequence[Packet], repeats: int) -> list[list[str]]:
    rng = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out.zarr"
        write_dataset(path, packets)
        n = sum(len(packet.events) for packet in packets)
        times = np.concatenate([packet.events.t for packet in packets])
        starts = rng.integers(0, max(1, n - SAMPLE_EVENTS), DRAWS).tolist()
        moments = rng.integers(times[0], max(times[0] + 1, times[-1] - WINDOW_US), DRAWS).tolist()

        def sample(recording: Recording, k: int) -> int:
            return len(recording.events_between(starts[k], starts[k] + SAMPLE_EVENTS))

        def window(recording: Recording, k: int) -> int:
            return len(recording.window(moments[k], moments[k] + WINDOW_US))

        rows = []
        for piece, take in (("sample", sample), ("window", window)):
            first, cold, warm, sizes = [], [], [], []
            used = _opened(path)
            for k in range(DRAWS):
                recording = _opened(path)
                first.append(seconds(partial(take, recording, k))())
                warm.append(median(seconds(partial(take, recording, k))() for _ in range(repeats)))
                # One that has its arrays open, and has not read the place in question.
                used.dataset.event_reader.forget()
                cold.append(seconds(partial(take, used, k))())
                sizes.append(take(recording, k))
            rows.append(
                [
                    name,
                    piece,
                    f"{median(sizes):,.0f}",
                    number(median(first) * 1e3),
                    number(median(cold) * 1e3),
                    number(median(warm) * 1e3),
                ]
            )
    return rows
