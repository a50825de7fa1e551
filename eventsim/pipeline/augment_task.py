"""A part of an augmented copy: what a worker runs."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eventsim.errors import SourceError
from eventsim.events import Events, Packet
from eventsim.pipeline.fingerprints import place_in
from eventsim.pipeline.plans import Step
from eventsim.pipeline.reasons import reason_of
from eventsim.random import Draws
from eventsim.store.reader import Dataset, Recording
from eventsim.store.writer import PartWriter
from eventsim.transforms.changing import Transform

MOST_EVENTS = 100_000_000
"""Of a recording: a transform sees all of it, so 1.4 GB of events, and about three times as much
while it works; chosen by eye."""


@dataclass(frozen=True)
class PlannedCopy:
    """One recording of the copy.

    Attributes
    ----------
    row : int
        Of the recording in the whole source.
    place : int
        Among those that are copied; its draws are known by it.
    copy : int
        From 0.
    sample : int
        Its place in the new dataset.
    """

    row: int
    place: int
    copy: int
    sample: int


@dataclass(frozen=True)
class AugmentTask:
    """Everything a worker needs to write one part; can be pickled.

    Attributes
    ----------
    out : Path
    part : int
    source : Path
    copies : tuple of PlannedCopy
    transform : Transform
    seed : int
    run : str
        From `eventsim.store.attempts.begin_run`.
    strict : bool
        Raise what is wrong with a recording, in place of writing it down.
    """

    out: Path
    part: int
    source: Path
    copies: tuple[PlannedCopy, ...]
    transform: Transform
    seed: int
    run: str = ""
    strict: bool = False

    @property
    def name(self) -> str:
        """Of the dataset that is copied."""
        return str(self.source)

    @property
    def inputs(self) -> tuple[str, ...]:
        """None: recordings are counted."""
        return ()

    def convert(self, step: Step | None = None) -> tuple[int, int]:
        """Copy the recordings and commit the part; as `SaccadeTask.convert`."""
        writer = PartWriter(self.out, self.part, self.run)
        dataset = Dataset(self.source)
        home = place_in(self.out, str(self.source))
        events = 0
        for planned in self.copies:
            recording = dataset[planned.row]
            name = f"{home}#{recording.id or recording.index}"
            try:
                made, notes = self._augmented(recording, planned)
            except Exception as error:
                if self.strict:
                    raise SourceError(f"{name} failed: {reason_of(error)}") from error
                writer.fail_recording(reason_of(error), source=name, sample=planned.sample)
                made, notes = None, []
            if made is not None:
                self._write(writer, recording, planned, (made, name, notes))
                events += len(made)
            if step:
                step(1, 0 if made is None else len(made), name)
        writer.commit()
        return len(self.copies), events

    def _augmented(self, recording: Recording, planned: PlannedCopy) -> tuple[Events, list[str]]:
        """Events of a copy, between its first and its last frame, and what was left out."""
        if len(recording) > MOST_EVENTS:
            raise SourceError(
                f"a transform sees a whole recording, of {MOST_EVENTS:,} events at most, and this "
                f"one has {len(recording):,}. Convert it in pieces (start_s and stop_s of a table)."
            )
        # As `EventWindows` draws them: the copy is the epoch, the place the index.
        rng = Draws.of(self.seed, planned.copy, planned.place).child(0)
        events = self.transform(recording.events, rng)
        start_us = recording.start_us
        inside = events.window(start_us, start_us + recording.duration_us + 1)
        lost = len(events) - len(inside)
        words = f"{lost:,} events came to lie outside of its frames and were left out"
        return inside, [*recording.notes, *([words] if lost else [])]

    def _write(
        self,
        writer: PartWriter,
        recording: Recording,
        planned: PlannedCopy,
        made: tuple[Events, str, list[str]],
    ) -> None:
        events, source, notes = made
        name = recording.id or (str(recording.index) if planned.copy else "")
        writer.begin_recording(
            size=events.size,
            source=source,
            seed=recording.seed,
            sample=planned.sample,
            id=f"{name}-{planned.copy + 1}" if planned.copy else name,
            label=recording.label,
            split=recording.split,
            group=recording.group,
        )
        frames = recording.frame_t_us
        stops = np.searchsorted(events.t, frames, side="right").astype(np.int64)
        writer.write(Packet(events, frames, stops))
        writer.end_recording(status=recording.status, notes=notes)
