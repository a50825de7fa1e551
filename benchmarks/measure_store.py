"""Size and speed of the dataset on disk, on the events of a clip."""

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple
from unittest.mock import patch

from clips import Clip
from tables import Table, number
from timing import interleave
from zarr.codecs import BloscCodec

from eventsim.events import Packet
from eventsim.frames import Encoding
from eventsim.pixel.cpu import PixelArray
from eventsim.pixel.settings import PRESETS, make_settings
from eventsim.store import layout
from eventsim.store.dataset import create_dataset
from eventsim.store.finish import finish
from eventsim.store.reader import open_dataset
from eventsim.store.writer import PartWriter

LEVELS = (1, 2, 5)
CLIP_FRAMES = 96
"""Of the clip: several millions of events, so several shards; chosen by eye."""
PACKET_FRAMES = 3
"""As the simulator chooses for a busy clip."""
EVENT_BYTES = 14
"""In memory: t 8, x 2, y 2, p 1, kind 1."""


class Stored(NamedTuple):
    """One dataset, written and read back."""

    bytes: int
    write_s: float
    read_s: float


def measure_store(clip: Clip, repeats: int) -> list[Table]:
    """Write and read the events of a clip with several levels of compression."""
    rows = []
    clip = clip.head(CLIP_FRAMES)
    for preset in PRESETS:
        packets = make_packets(clip, preset)
        events = sum(len(packet.events) for packet in packets)
        jobs: dict[str, Callable[[], Stored]] = {
            str(level): partial(write_and_read, packets, level) for level in LEVELS
        }
        results = interleave(jobs, repeats)
        rows += [_row(f"{clip.name} {preset}", level, events, results[level]) for level in jobs]
    as_built = layout.codec()
    notes = (
        f"Blosc {as_built.cname.value} with {as_built.shuffle.value}; datasets are written with "
        f"level {as_built.clevel}. MB/s of events as they are in memory ({EVENT_BYTES} bytes "
        "each); checksums included; files stay in the system's cache, so the disk itself is not "
        f"in it. Medians of {repeats} interleaved rounds.",
    )
    columns = (
        "events of",
        "level",
        "events",
        "bytes an event",
        "write MB/s",
        "write events/s",
        "read MB/s",
        "read events/s",
    )
    return [Table("Store: bytes and speed", columns, rows, notes)]


def make_packets(clip: Clip, preset: str) -> list[Packet]:
    """Simulate a clip, and keep the packets."""
    pixels = PixelArray(clip.size, make_settings(PRESETS[preset]), Encoding("srgb"))
    starts = range(0, len(clip.frames), PACKET_FRAMES)
    pieces = [slice(start, start + PACKET_FRAMES) for start in starts]
    return [pixels.push(clip.frames[piece], clip.t_us[piece]) for piece in pieces]


def write_and_read(packets: list[Packet], level: int) -> Stored:
    """Write a dataset of one recording and read all of it."""
    codec = BloscCodec(cname="zstd", clevel=level, shuffle="bitshuffle")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out.zarr"
        started = perf_counter()
        # The level is no setting of a dataset; only here it is changed, to see what it costs.
        with patch.object(layout, "codec", lambda: codec):
            create_dataset(path, {}, parts=1)
            writer = PartWriter(path, 0)
            writer.begin_recording(size=packets[0].events.size, source="clip", seed=1)
            for packet in packets:
                writer.write(packet)
            writer.end_recording()
            writer.commit()
            finish(path)
        written = perf_counter()
        events = open_dataset(path)[0].events
        read = perf_counter()
        if len(events) != sum(len(packet.events) for packet in packets):
            raise RuntimeError(f"{len(events)} events came back from {path}, which is not all.")
        size = sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    return Stored(size, written - started, read - written)


def _row(name: str, level: str, events: int, results: list[Stored]) -> list[str]:
    write_s = median(result.write_s for result in results)
    read_s = median(result.read_s for result in results)
    megabytes = events * EVENT_BYTES / 1e6
    return [
        name,
        level,
        f"{events:,}",
        f"{results[0].bytes / events:.2f}",
        number(megabytes / write_s),
        number(events / write_s),
        number(megabytes / read_s),
        number(events / read_s),
    ]
