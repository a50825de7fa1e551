"""A part of a denoised copy: what a worker runs."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eventsim.denoise.filter import Denoiser, Filter
from eventsim.errors import SourceError
from eventsim.events import Events, Packet
from eventsim.pipeline.fingerprints import place_in
from eventsim.pipeline.plans import Step
from eventsim.pipeline.reasons import reason_of
from eventsim.store.reader import Dataset, Recording
from eventsim.store.writer import PartWriter

PACKET_EVENTS = 1_000_000
"""Read at once: 14 MB of events; filters remember what came before. Chosen by eye."""


@dataclass(frozen=True)
class DenoiseTask:
    """Everything a worker needs to write one part; can be pickled.

    Attributes
    ----------
    out : Path
    part : int
    source : Path
    rows : tuple of (int, int)
        Row in the source, and sample in the copy, of each recording.
    filters : tuple of Filter
        One after the other.
    objects : bool
        Whether the source knows the objects of events.
    run : str
        From `eventsim.store.attempts.begin_run`.
    strict : bool
        Raise what is wrong with a recording, in place of writing it down.
    """

    out: Path
    part: int
    source: Path
    rows: tuple[tuple[int, int], ...]
    filters: tuple[Filter, ...]
    objects: bool = False
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
        writer = PartWriter(self.out, self.part, self.run, objects=self.objects)
        dataset = Dataset(self.source)
        home = place_in(self.out, str(self.source))
        total = 0
        for row, sample in self.rows:
            recording, made = dataset[row], 0
            name = f"{home}#{recording.id or recording.index}"
            try:
                made = self._write(writer, recording, sample, name)
            except Exception as error:
                if self.strict:
                    raise SourceError(f"{name} failed: {reason_of(error)}") from error
                writer.fail_recording(reason_of(error), source=name, sample=sample)
            total += made
            if step:
                step(1, made, name)
        writer.commit()
        return len(self.rows), total

    def _write(self, writer: PartWriter, recording: Recording, sample: int, source: str) -> int:
        """Write what is kept of a recording; returns how many events that is."""
        writer.begin_recording(
            size=recording.size,
            source=source,
            seed=recording.seed,
            sample=sample,
            id=recording.id,
            label=recording.label,
            split=recording.split,
            group=recording.group,
        )
        chain = [Denoiser(how, recording.size) for how in self.filters]
        frames, made = recording.frame_t_us, 0
        for packet, objects, is_last in _pieces(recording, self.objects):
            places = np.arange(len(packet))
            for denoiser in chain:
                places = places[denoiser.keep(packet[places])]
            kept = packet[places]
            # The events of one microsecond may lie in two packets: its frame ends with the last.
            until = len(frames) if is_last else int(np.searchsorted(frames, packet.t[-1]))
            ends, frames = frames[:until], frames[until:]
            stops = np.searchsorted(kept.t, ends, side="right").astype(np.int64)
            writer.write(Packet(kept, ends, stops, None if objects is None else objects[places]))
            made += len(kept)
        dropped = len(recording) - made
        words = f"{dropped:,} of {len(recording):,} events were dropped as noise"
        writer.end_recording(status=recording.status, notes=[*recording.notes, words])
        return made


def _pieces(
    recording: Recording, with_objects: bool
) -> Iterator[tuple[Events, NDArray[np.uint16] | None, bool]]:
    """Events of a recording in order, with their objects, and whether they are the last."""
    count = len(recording)
    objects = recording.objects if with_objects else None
    for first in range(0, max(1, count), PACKET_EVENTS):
        last = min(first + PACKET_EVENTS, count)
        own = None if objects is None else objects[first:last]
        yield recording.events_between(first, last), own, last == count
