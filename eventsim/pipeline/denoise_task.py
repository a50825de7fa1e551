"""A part of a denoised copy: what a worker runs."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import eventsim
from eventsim.denoise.filter import Denoiser, Filter, Memory
from eventsim.errors import SourceError
from eventsim.events import Events, Packet
from eventsim.pipeline.fingerprints import place_in
from eventsim.pipeline.plans import Step, digest
from eventsim.pipeline.reasons import reason_of
from eventsim.store.checkpoints import (
    Checkpoint,
    discard_checkpoints,
    read_checkpoint,
    write_checkpoint,
)
from eventsim.store.reader import Dataset, Recording
from eventsim.store.writer import PartWriter

PACKET_EVENTS = 500_000
"""Read at once: 7 MB of events; filters remember what came before. Chosen by eye: a second or two
of the slowest filter, after which progress is shown."""
CHECKPOINT_EVERY_S = 20.0
"""As of `eventsim.pipeline.video_task`."""


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
    content : str
        Hash of all that the source and the weights of the filters are.
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
    content: str
    objects: bool = False
    run: str = ""
    strict: bool = False

    @property
    def name(self) -> str:
        """Of the dataset that is copied."""
        return str(self.source)

    @property
    def inputs(self) -> tuple[str, ...]:
        """None: events are counted."""
        return ()

    @cached_property
    def identity(self) -> str:
        """Hash of all that decides the part, wherever it is made."""
        filters = [repr(how) for how in self.filters]
        return digest([eventsim.__version__, self.part, self.rows, filters, self.content])

    def convert(self, step: Step | None = None) -> tuple[int, int]:
        """Copy the recordings and commit the part; gives the events that were read, and kept."""
        writer, checkpoint = self._begin()
        dataset = Dataset(self.source)
        home = place_in(self.out, str(self.source))
        read = kept = 0
        for row, sample in self.rows:
            if checkpoint is not None and sample < checkpoint.sample:
                continue  # it is written
            recording = dataset[row]
            name = f"{home}#{recording.id or recording.index}"
            read += len(recording)
            try:
                kept += self._write(writer, recording, sample, name, checkpoint, step)
            except Exception as error:
                if self.strict:
                    raise SourceError(f"{name} failed: {reason_of(error)}") from error
                writer.fail_recording(reason_of(error), source=name, sample=sample)
            checkpoint = None
        writer.commit()
        discard_checkpoints(self.out, self.identity)
        return read, kept

    def _begin(self) -> tuple[PartWriter, Checkpoint | None]:
        """Begin the part, or resume where an earlier attempt has kept it."""
        checkpoint = read_checkpoint(self.out, self.identity)
        writer = PartWriter(self.out, self.part, self.run, objects=self.objects)
        if checkpoint is None:
            return writer, None
        try:
            checkpoint.restore(writer)
        except (OSError, ValueError, KeyError, TypeError):  # it is not whole
            discard_checkpoints(self.out, self.identity)
            return PartWriter(self.out, self.part, self.run, objects=self.objects), None
        return writer, checkpoint

    def _write(
        self,
        writer: PartWriter,
        recording: Recording,
        sample: int,
        source: str,
        checkpoint: Checkpoint | None,
        step: Step | None,
    ) -> int:
        """Write what is kept of a recording; returns how many events that is."""
        chain = [Denoiser(how, recording.size) for how in self.filters]
        first = made = 0
        if checkpoint is None:
            _begin_recording(writer, recording, sample, source)
        else:
            first = checkpoint.frames
            made = _restore(chain, checkpoint.pixels)
            if step:
                step(first, made, source)
        saved_s = time.monotonic()
        for packet, objects, ends in _pieces(recording, first, self.objects):
            places = np.arange(len(packet))
            for denoiser in chain:
                places = places[denoiser.keep(packet[places])]
            kept = packet[places]
            stops = np.searchsorted(kept.t, ends, side="right").astype(np.int64)
            writer.write(Packet(kept, ends, stops, None if objects is None else objects[places]))
            first, made = first + len(packet), made + len(kept)
            if step:
                step(len(packet), len(kept), source)
            if time.monotonic() - saved_s >= CHECKPOINT_EVERY_S and first < len(recording):
                write_checkpoint(self.out, self.identity, writer, first, _save(chain, made))
                saved_s = time.monotonic()
        dropped = len(recording) - made
        words = f"{dropped:,} of {len(recording):,} events were dropped as noise"
        writer.end_recording(status=recording.status, notes=[*recording.notes, words])
        return made


def _begin_recording(writer: PartWriter, recording: Recording, sample: int, source: str) -> None:
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


def _pieces(
    recording: Recording, first: int, with_objects: bool
) -> Iterator[tuple[Events, NDArray[np.uint16] | None, NDArray[np.int64]]]:
    """Events of a recording from one on, their objects, and the times of frames that end there.

    The events of one microsecond may lie in two pieces: a frame ends with the last of them.
    """
    count, frames = len(recording), recording.frame_t_us
    objects = recording.objects if with_objects else None
    if first:
        before = recording.events_between(first - 1, first)
        frames = frames[int(np.searchsorted(frames, before.t[0])) :]
    for start in range(first, max(1, count), PACKET_EVENTS):
        stop = min(start + PACKET_EVENTS, count)
        packet = recording.events_between(start, stop)
        until = len(frames) if stop == count else int(np.searchsorted(frames, packet.t[-1]))
        own = None if objects is None else objects[start:stop]
        yield packet, own, frames[:until]
        frames = frames[until:]


def _save(chain: list[Denoiser], made: int) -> Memory:
    """What all filters remember, and how many events were kept."""
    saved: Memory = {"made": np.array(made, np.int64)}
    for k, denoiser in enumerate(chain):
        saved |= {f"{k} {name}": array for name, array in denoiser.saved().items()}
    return saved


def _restore(chain: list[Denoiser], saved: Memory) -> int:
    """Let all filters go on; returns how many events were kept."""
    for k, denoiser in enumerate(chain):
        own = f"{k} "
        denoiser.restore({n.removeprefix(own): a for n, a in saved.items() if n.startswith(own)})
    return int(saved["made"])
