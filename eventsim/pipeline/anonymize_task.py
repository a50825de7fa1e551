"""A part of an anonymized copy, or of its original back: what a worker runs."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import SourceError
from eventsim.events import Events, Packet
from eventsim.pipeline.anonymizer import Anonymizer, Original, unsealed
from eventsim.pipeline.plans import Step
from eventsim.pipeline.reasons import reason_of
from eventsim.store.reader import Dataset, Recording
from eventsim.store.writer import PartWriter


@dataclass(frozen=True)
class AnonymizeTask:
    """Everything a worker needs to write one part; can be pickled.

    Attributes
    ----------
    out : Path
    part : int
    source : Path
    rows : tuple of (int, int)
        Row in the source, and sample in the copy, of each recording.
    how : Anonymizer
    run : str
        From `eventsim.store.attempts.begin_run`.
    strict : bool
        Raise what is wrong with a recording, in place of writing it down.
    """

    out: Path
    part: int
    source: Path
    rows: tuple[tuple[int, int], ...]
    how: Anonymizer
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
        """Copy the recordings and commit the part; as `AugmentTask.convert`."""
        writer = PartWriter(self.out, self.part, self.run)
        dataset = Dataset(self.source)
        total = 0
        for row, sample in self.rows:
            name, made = f"recording {sample}", 0
            try:
                recording = dataset[row]
                made = (
                    self._recover(writer, recording)
                    if self.how.recover
                    else self._anonymize(writer, recording, sample)
                )
            except Exception as error:
                reason = reason_of(error)
                if self.strict:
                    raise SourceError(f"{name} failed: {reason}") from error
                # What an error says of its input would tell where that came from.
                words = reason if self.how.recover else _words_of(error)
                writer.fail_recording(words, source=name, sample=sample)
            total += made
            if step:
                step(1, made, name)
        writer.commit()
        return len(self.rows), total

    def _anonymize(self, writer: PartWriter, recording: Recording, sample: int) -> int:
        key = self.how.key_of(self.part, sample)
        pieces = self.how.changed(recording, key)
        first = next(pieces)  # its size, which a method may have changed
        writer.begin_recording(
            size=first.size,
            source="",
            seed=0,
            sample=sample,
            id=str(sample),
            label="" if self.how.drop_labels else recording.label,
            split=recording.split,
        )
        has_frames = recording.frame_stop > recording.frame_start
        ends = sorted({0, recording.duration_us}) if has_frames else []
        made = _write(writer, _joined(first, pieces), np.array(ends, np.int64))
        original = Original.of(recording)
        notes = [original.sealed(key)] if self.how.reversible else []
        writer.end_recording(status=recording.status, notes=notes)
        return made

    def _recover(self, writer: PartWriter, recording: Recording) -> int:
        key = self.how.key_of(recording.part, recording.sample)
        original = unsealed(recording, key)
        writer.begin_recording(
            size=recording.size,
            source=original.source,
            seed=original.seed,
            sample=recording.sample,
            id=original.id,
            label=recording.label,
            split=recording.split,
            group=original.group,
        )
        pieces = self.how.recovered(recording, key, original.start_us)
        made = _write(writer, pieces, original.frame_t_us)
        writer.end_recording(status=recording.status, notes=original.notes)
        return made


def _joined(first: Events, rest: Iterator[Events]) -> Iterator[Events]:
    yield first
    yield from rest


def _write(writer: PartWriter, pieces: Iterator[Events], frame_t_us: NDArray[np.int64]) -> int:
    """Write pieces with the frames that lie among them; returns how many events there are."""
    made, piece = 0, next(pieces, None)
    while piece is not None:
        following = next(pieces, None)
        until = len(frame_t_us)
        if following is not None:
            until = int(np.searchsorted(frame_t_us, following.t[0])) if len(following) else 0
        frames, frame_t_us = frame_t_us[:until], frame_t_us[until:]
        stops = np.searchsorted(piece.t, frames, side="right").astype(np.int64)
        writer.write(Packet(piece, frames, stops))
        made += len(piece)
        piece = following
    return made


def _words_of(error: Exception) -> str:
    return (
        f"it could not be read or changed ({type(error).__name__}); `eventsim verify` of the "
        "original says more"
    )
