"""Writing one part: packets in, compressed chunks out, one commit record last.

Memory stays bounded for any length: an array holds one chunk, and is written when that is full.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import StoreError, TimeOrderError
from eventsim.events import Events, Packet, SensorSize
from eventsim.store import layout
from eventsim.store.columns import Column
from eventsim.store.commits import begin_part, commit_part
from eventsim.store.dataset import writing
from eventsim.store.description import describe, write_small
from eventsim.store.encoder import Encoder, Restart
from eventsim.store.layout import ArrayForm
from eventsim.store.path_columns import PathColumns, check_path
from eventsim.store.places import as_path

_NOT_YET = -(2**62)
"""Before any time."""


class PartWriter:
    """Write the recordings of one part, one after the other.

    Call `begin_recording`, `write` for each packet and `end_recording`, as often as there are
    recordings, then `commit`. Until then nothing of it can be seen.

    Parameters
    ----------
    path : path
        A dataset made by `eventsim.store.dataset.create_dataset`.
    part : int
        Number of the part.
    run : str
        From `eventsim.store.attempts.begin_run`; "" for a writer that is the only one.
    objects : bool
        Whether events have ids of objects, as the attributes of the dataset must say, too.

    Raises
    ------
    PartTakenError
        If the part is committed already.
    StoreError
        If it cannot be written, or the run has ended.
    """

    def __init__(
        self, path: str | Path, part: int, run: str = "", *, objects: bool = False
    ) -> None:
        self.path, self.part = as_path(path), part
        self._attempt = begin_part(path, part, run)
        self._folder = self._attempt.folder
        forms = layout.event_forms() | layout.frame_forms()
        self._columns = self._make(forms | (layout.object_forms() if objects else {}))
        self._path_columns: dict[str, Column] = {}  # from the first path of the part on
        self._records: list[dict[str, Any]] = []
        self._failures: list[dict[str, Any]] = []
        self._open: dict[str, Any] | None = None
        self._encoder: Encoder  # of the recording that is open
        self._marks: dict[str, int] = {}
        self._times: tuple[int, int, int] | None = None

    def save(self, folder: Path) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """Keep what is written so far, so that another writer of the same part can go on.

        Parameters
        ----------
        folder : Path
            Gets links to the files.

        Returns
        -------
        state : dict
            JSON values.
        arrays : dict of str to ndarray

        Raises
        ------
        StoreError
            If no recording is open, one has a path, or it cannot be written.
        """
        record = self._opened()
        if self._path_columns:
            raise StoreError("a part with paths of moved images cannot be kept half.")
        columns, arrays = {}, {}
        with writing(self.path):
            for name, column in self._columns.items():
                columns[name], arrays[name] = column.save(folder / name)
        state = {
            "columns": columns,
            "records": self._records,
            "failures": self._failures,
            "open": record,
            "encoder": self._encoder.save(),
            "marks": self._marks,
            "times": self._times,
        }
        return state, arrays

    def restore(
        self, state: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]], folder: Path
    ) -> None:
        """Go on from what `save` kept; nothing must be written yet.

        Raises
        ------
        OSError, ValueError, KeyError, TypeError
            If it is not whole. The writer is of no use then.
        """
        for name, column in self._columns.items():
            column.restore(state["columns"][name], arrays[name], folder / name)
        record = dict(state["open"])
        self._encoder = Encoder(SensorSize(record["width"], record["height"]))
        self._encoder.restore(state["encoder"])
        self._records, self._failures = list(state["records"]), list(state["failures"])
        self._marks = dict(state["marks"])
        times = state["times"]
        self._times = None if times is None else (times[0], times[1], times[2])
        self._open = record

    def working_on(self, sample: int) -> None:
        """Leave word of what is converted now, in case this process dies of it.

        Raises
        ------
        StoreError
            If it cannot be written.
        """
        with writing(self.path):
            self._attempt.working_on(sample)

    def deaths(self) -> Counter[int]:
        """Count the samples that earlier attempts at this part did not survive."""
        return self._attempt.deaths()

    def begin_recording(  # noqa: PLR0913 - a row of the table
        self,
        *,
        size: tuple[int, int],
        source: str,
        seed: int,
        sample: int | None = None,
        id: str = "",
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
        sample : int, optional
            Its place among all inputs, by which samples are in order; no other one has it. By
            default the next in this part, after those of all parts before.
        id, label, split, group : str
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
            "sample": self._next_sample() if sample is None else sample,
            "id": id,
            "label": label,
            "split": split,
            "group": group,
            "seed": seed,
            "width": int(size[0]),
            "height": int(size[1]),
            "start": self._columns["step"].length,
            "frame_start": self._columns["frame_t"].length,
        }
        self._encoder = Encoder(SensorSize(*size))
        self._marks = {name: column.length for name, column in self._columns.items()}
        self._times = None

    def write(self, packet: Packet) -> None:
        """Add a packet to the recording that is open.

        Raises
        ------
        TimeOrderError
            If it begins before the one before it ends, or its events are not sorted.
        OutsideSensorError
            If an event is not on the sensor.
        StoreError
            If it does not belong (no recording open, another sensor) or cannot be written.
        """
        record = self._opened()
        events = packet.events
        if events.size != SensorSize(record["width"], record["height"]):
            raise StoreError(
                f"{record['source']!r} is a recording of {record['width']}x{record['height']}, "
                f"but a packet has {events.size}. Begin another recording for another size."
            )
        self._check_order(packet)
        first = self._columns["step"].length - record["start"]
        with writing(self.path):
            self._append_events(events)
            self._columns["frame_t"].append(packet.frame_t_us)
            self._columns["frame_stop"].append(packet.frame_stop + first)
            if "object" in self._columns:
                ids = packet.objects
                self._columns["object"].append(
                    np.zeros(len(events), np.uint16) if ids is None else ids
                )

    def end_recording(
        self,
        *,
        status: str = "ok",
        notes: Sequence[str] = (),
        path: PathColumns | None = None,
    ) -> None:
        """End the recording that is open.

        Parameters
        ----------
        status : {"ok", "partial"}
            ``partial`` if frames of the source were lost.
        notes : sequence of str
            What was skipped, cut or converted.
        path : five (N,) arrays, optional
            Where the image was that was moved: t_us (int64), x_px, y_px, rotation_rad, zoom
            (float64).

        Raises
        ------
        StoreError
            If the path is none, or cannot be written.
        """
        record = self._opened()
        path_start, path_stop = self._append_path(path)
        first_us, last_us, _ = self._times or (0, 0, 0)
        record |= {
            "stop": self._columns["step"].length,
            "frame_stop": self._columns["frame_t"].length,
            "path_start": path_start,
            "path_stop": path_stop,
            "duration_us": max(0, last_us - first_us),  # 0 without frames
            "on": int(self._encoder.counts[:, 1].sum()),
            "kinds": self._encoder.counts.sum(axis=1).tolist(),
            "status": status,
            "notes": list(notes),
        }
        self._records.append(record)
        self._open = None

    def fail_recording(self, reason: str, *, source: str, sample: int | None = None) -> None:
        """Take back the recording that is open, if one is, and remember why.

        Parameters
        ----------
        reason : str
            One line.
        source : str
            The input that failed.
        sample : int, optional
            The place that it would have.
        """
        if self._open is not None:
            with writing(self.path):
                for name, column in self._columns.items():
                    column.cut(self._marks[name])
            sample = self._open["sample"] if sample is None else sample
            self._open = None
        if sample is None:
            sample = self._next_sample()
        self._failures.append({"source": source, "sample": sample, "reason": reason})

    def commit(self) -> None:
        """Write what is left, then the commit record. After this the part exists.

        Raises
        ------
        PartTakenError
            If another attempt was first; its part holds the same.
        StoreError
            If a recording is still open, or the disk is full.
        """
        if self._open is not None:
            raise StoreError(f"recording {self._open['source']!r} must end before the commit.")
        columns = self._columns | self._path_columns
        ends = {"offsets": "stop", "frame_offsets": "frame_stop"}
        if self._path_columns:
            ends["path_offsets"] = "path_stop"
        offsets = {
            name: np.array([0, *(r[end] for r in self._records)], np.int64)
            for name, end in ends.items()
        }
        with writing(self.path):
            for name, column in columns.items():
                column.close()
                describe(self._folder / name, column.form, column.length)
            for name, values in offsets.items():
                write_small(self._folder / name, values)
            record = {
                "events": self._columns["step"].length,
                "frames": self._columns["frame_t"].length,
                "recordings": self._records,
                "failures": self._failures,
            }
            commit_part(self._attempt, record, columns)

    def _make(self, forms: Mapping[str, ArrayForm]) -> dict[str, Column]:
        return {name: Column(self._folder / name, form) for name, form in forms.items()}

    def _append_events(self, events: Events) -> None:
        """Add events, and a restart at the beginning of each recording and chunk."""
        encoder, column = self._encoder, self._columns["step"]
        done = 0
        while done < len(events):
            restarts: list[Restart] = []
            if column.at_chunk:
                encoder.begin_chunk()
            taken = encoder.encode(events, done, column.room, column.length, restarts)
            column.advance(taken)
            self._columns["restart"].append(np.array(restarts, np.int64).reshape(-1, 3))
            done += taken

    def _append_path(self, path: PathColumns | None) -> tuple[int, int]:
        """Add the nodes of a path; its columns begin with the first one of the part."""
        if path is not None:
            checked = check_path(path)
            with writing(self.path):
                self._path_columns = self._path_columns or self._make(layout.path_forms())
                for column, values in zip(self._path_columns.values(), checked, strict=True):
                    column.append(values)
        stop = self._path_columns["path_t"].length if self._path_columns else 0
        return stop - (0 if path is None else len(path[0])), stop

    def _next_sample(self) -> int:
        return self.part * layout.SAMPLES_A_PART + len(self._records) + len(self._failures)

    def _opened(self) -> dict[str, Any]:
        if self._open is None:
            raise StoreError("no recording is open. Call begin_recording first.")
        return self._open

    def _check_order(self, packet: Packet) -> None:
        """Hold the packet against the end of the one before, which is all that can go wrong."""
        t, frames = packet.events.t, packet.frame_t_us
        first_us, last_us, event_us = self._times or (0, _NOT_YET, _NOT_YET)
        early_event = len(t) and t[0] < event_us
        if early_event or (len(frames) and frames[0] <= last_us):
            found = f"event t={t[0]}" if early_event else f"frame t={frames[0]}"
            before = event_us if early_event else last_us
            raise TimeOrderError(
                f"packets of a recording must follow each other, but one begins with {found} us "
                f"after {before} us. Pass them in order of time."
            )
        if len(frames) and last_us == _NOT_YET:  # packets without a frame may come before
            first_us = int(frames[0])
        self._times = (
            first_us,
            int(frames[-1]) if len(frames) else last_us,
            int(t[-1]) if len(t) else event_us,
        )
