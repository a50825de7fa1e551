"""Writing one part: packets in, whole shards out, one commit record last.

Memory stays bounded for any length: a column holds one shard, and is written when that is full.
"""

import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import zarr
from numpy.typing import NDArray
from zarr.storage import LocalStore

from eventsim.errors import StoreError, TimeOrderError
from eventsim.events import Kind, Packet, SensorSize
from eventsim.store import layout
from eventsim.store.dataset import writing


def _crc32(values: NDArray[Any], crc: int = 0) -> int:
    """Checksum of the values as little-endian bytes, going on from `crc`."""
    little = np.ascontiguousarray(values, values.dtype.newbyteorder("<"))
    return zlib.crc32(little.view(np.uint8).data, crc)


class _Column:
    """One column of a part: gathers a shard, writes it whole, knows the checksum so far."""

    def __init__(self, group: zarr.Group, name: str, dtype: str, *, chunk: int, shard: int) -> None:
        self.array = layout.create_column(group, name, dtype, chunk=chunk, shard=shard)
        self.buffer = np.empty(shard, dtype)
        self.flushed = 0
        self.filled = 0
        self.crc = 0

    @property
    def length(self) -> int:
        return self.flushed + self.filled

    def append(self, values: NDArray[Any]) -> None:
        values = values.astype(self.buffer.dtype, copy=False)
        self.crc = _crc32(values, self.crc)
        while len(values):
            room = len(self.buffer) - self.filled
            self.buffer[self.filled : self.filled + room][: len(values)] = values[:room]
            self.filled += min(room, len(values))
            values = values[room:]
            if self.filled == len(self.buffer):
                self.flush()

    def flush(self) -> None:
        # Always a region that begins and, but for the last, ends on a shard: a shard is never
        # read back to be changed.
        stop = self.flushed + self.filled
        self.array.resize((stop,))
        if self.filled:
            self.array[self.flushed : stop] = self.buffer[: self.filled]
        self.flushed, self.filled = stop, 0

    def cut(self, length: int, crc: int) -> None:
        """Take back everything after `length`, to where the checksum was `crc`."""
        if length < self.flushed:
            start = length - length % len(self.buffer)
            self.buffer[: length - start] = self.array[start:length]
            self.array.resize((start,))
            self.flushed = start
        self.filled, self.crc = length - self.flushed, crc


class PartWriter:
    """Write the recordings of one part, one after the other.

    Call `begin_recording`, `write` for each packet and `end_recording`, as often as there are
    recordings, then `commit`. Whatever an earlier, interrupted writer left is deleted first.

    Parameters
    ----------
    path : path
        A dataset made by `eventsim.store.dataset.create_dataset`.
    part : int
        Number of the part. Nobody else may write it.

    Raises
    ------
    StoreError
        If the part is committed already, or cannot be written.
    """

    def __init__(self, path: str | Path, part: int) -> None:
        self.path, self.part = Path(path), part
        with writing(self.path):
            root = zarr.open_group(LocalStore(self.path), mode="r+", zarr_format=3)
            where = layout.part_path(part)
            if f"{where}/commit" in root:
                raise StoreError(
                    f"part {part} of {self.path} is committed already and is never written twice."
                )
            self._group = root.create_group(where, overwrite=True)
            events, frames = layout.EVENT_DTYPES, layout.FRAME_DTYPES
            self._columns = {
                name: _Column(
                    self._group, name, d, chunk=layout.CHUNK_EVENTS, shard=layout.SHARD_EVENTS
                )
                for name, d in events.items()
            } | {
                name: _Column(
                    self._group, name, d, chunk=layout.CHUNK_FRAMES, shard=layout.SHARD_FRAMES
                )
                for name, d in frames.items()
            }
        self._records: list[dict[str, Any]] = []
        self._failures: list[dict[str, Any]] = []
        self._open: dict[str, Any] | None = None
        self._marks: dict[str, tuple[int, int]] = {}
        self._times: tuple[int, int, int] | None = None

    def begin_recording(
        self,
        *,
        size: tuple[int, int],
        source: str,
        seed: int,
        label: str = "",
        split: str = "",
        group: str = "",
    ) -> None:
        """Begin a recording.

        Parameters
        ----------
        size : (width, height)
            Of the sensor, px.
        source : str
            Where it came from.
        seed : int
            That it was simulated with, in [0, 2**63).
        label, split, group : str
            "" if there is none.

        Raises
        ------
        StoreError
            If the one before has not ended.
        """
        if self._open is not None:
            raise StoreError(
                f"recording {self._open['source']!r} must end before another begins. "
                "Call end_recording or fail_recording."
            )
        self._open = {
            "source": source,
            "label": label,
            "split": split,
            "group": group,
            "seed": seed,
            "width": int(size[0]),
            "height": int(size[1]),
            "start": self._columns["t"].length,
            "frame_start": self._columns["frame_t"].length,
            "on": 0,
            "kinds": [0] * len(Kind),
        }
        self._marks = {name: (c.length, c.crc) for name, c in self._columns.items()}
        self._times = None

    def write(self, packet: Packet) -> None:
        """Add a packet to the recording that is open.

        Raises
        ------
        TimeOrderError
            If it begins before the one before it ends.
        StoreError
            If it does not belong (no recording open, another sensor) or cannot be written.
        """
        record = self._opened()
        events, frame_t, frame_stop = packet
        if events.size != SensorSize(record["width"], record["height"]):
            raise StoreError(
                f"{record['source']!r} is a recording of {record['width']}x{record['height']}, "
                f"but a packet has {events.size}. Begin another recording for another size."
            )
        self._check_order(packet)
        first = self._columns["t"].length - record["start"]
        record["on"] += int(np.count_nonzero(events.p))
        for kind in Kind:
            record["kinds"][kind] += int(np.count_nonzero(events.kind == kind))
        with writing(self.path):
            for name in layout.EVENT_DTYPES:
                self._columns[name].append(getattr(events, name))
            self._columns["frame_t"].append(frame_t)
            self._columns["frame_stop"].append(frame_stop + first)

    def end_recording(self, *, status: str = "ok", notes: Sequence[str] = ()) -> None:
        """End the recording that is open.

        Parameters
        ----------
        status : {"ok", "partial"}
            ``partial`` if frames of the source were lost.
        notes : sequence of str
            What was skipped, cut or converted.
        """
        record = self._opened()
        first_us, last_us, _ = self._times or (0, 0, 0)
        record |= {
            "stop": self._columns["t"].length,
            "frame_stop": self._columns["frame_t"].length,
            "duration_us": last_us - first_us,
            "status": status,
            "notes": list(notes),
        }
        self._records.append(record)
        self._open = None

    def fail_recording(self, reason: str, *, source: str) -> None:
        """Take back the recording that is open, if one is, and remember why.

        Parameters
        ----------
        reason : str
            One line.
        source : str
            The input that failed.
        """
        if self._open is not None:
            with writing(self.path):
                for name, column in self._columns.items():
                    column.cut(*self._marks[name])
            self._open = None
        self._failures.append({"source": source, "reason": reason})

    def commit(self) -> None:
        """Write what is left, then the commit record. After this the part exists.

        Raises
        ------
        StoreError
            If a recording is still open, or the disk is full.
        """
        if self._open is not None:
            raise StoreError(f"recording {self._open['source']!r} must end before the commit.")
        stops = [r["stop"] for r in self._records]
        frame_stops = [r["frame_stop"] for r in self._records]
        offsets = np.array([0, *stops], np.int64)
        frame_offsets = np.array([0, *frame_stops], np.int64)
        checksums = {
            "offsets": _crc32(offsets),
            "frame_offsets": _crc32(frame_offsets),
        }
        with writing(self.path):
            for name, column in self._columns.items():
                column.flush()
                checksums[name] = column.crc
            layout.create_small(self._group, "offsets", offsets)
            layout.create_small(self._group, "frame_offsets", frame_offsets)
            record = {
                "events": self._columns["t"].length,
                "frames": self._columns["frame_t"].length,
                "crc32": checksums,
                "recordings": self._records,
                "failures": self._failures,
            }
            self._group.create_group("commit", attributes=record)

    def _opened(self) -> dict[str, Any]:
        if self._open is None:
            raise StoreError("no recording is open. Call begin_recording first.")
        return self._open

    def _check_order(self, packet: Packet) -> None:
        """Hold the packet against the end of the one before, which is all that can go wrong."""
        t, frames = packet.events.t, packet.frame_t_us
        first_us, last_us, event_us = self._times or (0, -(2**62), -(2**62))
        early_event = len(t) and t[0] < event_us
        if early_event or (len(frames) and frames[0] <= last_us):
            found = f"event t={t[0]}" if early_event else f"frame t={frames[0]}"
            before = event_us if early_event else last_us
            raise TimeOrderError(
                f"packets of a recording must follow each other, but one begins with {found} us "
                f"after {before} us. Pass them in order of time."
            )
        if len(frames) and self._times is None:
            first_us = int(frames[0])
        self._times = (
            first_us,
            int(frames[-1]) if len(frames) else last_us,
            int(t[-1]) if len(t) else event_us,
        )
