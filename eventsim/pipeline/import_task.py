"""A part of an import: what a worker runs."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eventsim.errors import SourceError
from eventsim.events import Events, Packet
from eventsim.formats.checking import Care, checked_pieces, known_size
from eventsim.formats.file import Layout
from eventsim.formats.names import open_events
from eventsim.pipeline.fingerprints import place_in, without_place
from eventsim.pipeline.inputs import Input
from eventsim.pipeline.plans import Step
from eventsim.pipeline.reasons import reason_of
from eventsim.sources.remote import fetched
from eventsim.store.writer import PartWriter

KILOBYTE = 1000
"""Bytes of a step of progress."""
LATEST_US = 1 << 62
"""Later than any event: the end of a part that has none."""


@dataclass(frozen=True)
class PlannedFile:
    """An event file that has its place.

    Attributes
    ----------
    input : Input
    sample : int
        Its place in the dataset, from 0.
    bytes : int
        0 if it is not there.
    fingerprint : str
        Of the file, wherever it lies.
    """

    input: Input
    sample: int
    bytes: int
    fingerprint: str


@dataclass(frozen=True)
class ImportTask:
    """Everything a worker needs to write one part; can be pickled.

    Attributes
    ----------
    out : Path
    part : int
    files : tuple of PlannedFile
    layout : Layout
    format : str or None
    care : Care
    run : str
        From `eventsim.store.attempts.begin_run`.
    strict : bool
        Raise what is wrong with a file, in place of writing it down.
    """

    out: Path
    part: int
    files: tuple[PlannedFile, ...]
    layout: Layout
    format: str | None
    care: Care
    run: str = ""
    strict: bool = False

    @property
    def name(self) -> str:
        """Of its first file."""
        return self.files[0].input.path

    @property
    def inputs(self) -> list[str]:
        """All of them, in order."""
        return [file.input.path for file in self.files]

    def convert(self, step: Step | None = None) -> tuple[int, int]:
        """Import the files and commit the part; gives kilobytes and events."""
        writer = PartWriter(self.out, self.part, self.run)
        kilobytes = total = 0
        for file in self.files:
            progress = _Progress(file, step)
            self._import(writer, file, progress)
            progress.end()
            kilobytes += file.bytes // KILOBYTE
            total += progress.events
        writer.commit()
        return kilobytes, total

    def _import(self, writer: PartWriter, planned: PlannedFile, progress: "_Progress") -> None:
        """Import one file, or write down why it cannot be."""
        with ExitStack() as stack:
            local = planned.input.path
            try:
                local = stack.enter_context(fetched(local))
                self._import_file(writer, planned, local, progress)
            except Exception as error:
                self._fail(writer, planned, reason_of(error), local)
                progress.events = 0

    def _import_file(
        self, writer: PartWriter, planned: PlannedFile, local: str, progress: "_Progress"
    ) -> None:
        given = planned.input
        file = open_events(local, self.layout, self.format)
        place = place_in(self.out, given.path)
        writer.begin_recording(
            size=known_size(file),
            source=place,
            seed=0,
            sample=planned.sample,
            id=given.id,
            label=given.label,
            split=given.split,
            group=given.group,
        )
        pieces = _inside(checked_pieces(file, self.care), given.start_s, given.stop_s)
        for packet, bytes_read in _with_ends(pieces):
            writer.write(packet)
            progress.step(bytes_read, len(packet.events))
        notes = [without_place(note, local, place) for note in file.notes]
        if not progress.events:
            notes.append("it holds no events")
        writer.end_recording(notes=notes)

    def _fail(self, writer: PartWriter, planned: PlannedFile, reason: str, local: str) -> None:
        path = planned.input.path
        if local != path:
            reason = reason.replace(local, path)  # a copy of what a URL names
        if self.strict:
            raise SourceError(f"{path} failed: {reason}")
        place = place_in(self.out, path)
        words = without_place(reason, path, place)
        writer.fail_recording(words, source=place, sample=planned.sample)


def _inside(
    pieces: Iterator[tuple[Events, int]], start_s: float | None, stop_s: float | None
) -> Iterator[tuple[Events, int]]:
    """Yield what of the pieces lies between two times, and no more of the file than it takes."""
    start_us = -LATEST_US if start_s is None else round(start_s * 1e6)
    stop_us = LATEST_US if stop_s is None else round(stop_s * 1e6)
    for events, bytes_read in pieces:
        yield events.window(start_us, stop_us), bytes_read
        if len(events) and events.t[-1] >= stop_us:
            return


def _with_ends(pieces: Iterator[tuple[Events, int]]) -> Iterator[tuple[Packet, int]]:
    """Packets of a recording whose frames are its first and its last event: so long it lasts."""
    before: tuple[Events, int] | None = None
    first = True
    while True:
        after = next(pieces, None)
        while after is not None and not len(after[0]):  # a file may end with what is no event
            after = next(pieces, None)
        if before is not None:
            events, bytes_read = before
            ends = ([events.t[0]] if first else []) + ([events.t[-1]] if after is None else [])
            frame_t_us = np.unique(np.array(ends, np.int64))
            stops = np.searchsorted(events.t, frame_t_us, side="right").astype(np.int64)
            yield Packet(events, frame_t_us, stops), bytes_read
            first = False
        if after is None:
            return
        before = after


class _Progress:
    """Tells what was read of a file, and at its end what is left, so that the sum is right."""

    def __init__(self, file: PlannedFile, step: Step | None) -> None:
        self.events = 0
        self._file, self._step = file, step
        self._bytes = self._told = 0

    def step(self, bytes_read: int, events: int) -> None:
        """Tell that so much was read."""
        self.events += events
        self._bytes = min(self._bytes + bytes_read, self._file.bytes)
        self._tell(self._bytes // KILOBYTE, events)

    def end(self) -> None:
        """Tell that all was read."""
        self._tell(self._file.bytes // KILOBYTE, 0)

    def _tell(self, kilobytes: int, events: int) -> None:
        if self._step:
            self._step(kilobytes - self._told, events, self._file.input.path)
            self._told = kilobytes
