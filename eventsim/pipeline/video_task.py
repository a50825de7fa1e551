"""One part, from its inputs to its commit: what a worker runs.

It can be run again at any time: a part is whole or does not exist.
"""

import time
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import eventsim
from eventsim.camera import Camera
from eventsim.errors import SourceError
from eventsim.events import Packet
from eventsim.frames import FrameSource
from eventsim.pipeline.fingerprints import (
    drawn_notes,
    file_identity,
    place_in,
    without_place,
)
from eventsim.pipeline.inputs import PlannedRecording
from eventsim.pipeline.plans import Step, digest
from eventsim.pipeline.prefetch import prefetch, read_ahead
from eventsim.pipeline.reasons import reason_of
from eventsim.simulator import Snapshot, simulate_with_snapshots
from eventsim.sources.pace import pace_note
from eventsim.sources.reading import Reading
from eventsim.sources.remote import fetched
from eventsim.store.checkpoints import (
    Checkpoint,
    discard_checkpoints,
    read_checkpoint,
    write_checkpoint,
)
from eventsim.store.writer import PartWriter

EVENTS_AHEAD = 1 << 20
"""Events that may wait for the disk: 15 MB; chosen by eye."""

CHECKPOINT_EVERY_S = 20.0
"""Of work on one recording: what a kill may cost, beside decoding again. It takes a tenth of a
second at 1280x720; chosen by eye."""
PACE_FRAMES = 1000
"""Frames at the start of an input from which its rate is seen; chosen by eye."""
MOST_DEATHS = 2
"""Workers that an input may take with it."""

KILLED_ITS_WORKER = (
    "it killed its worker twice: it takes more memory than a worker has, or crashes a decoder. "
    "Try it alone, or with fewer workers"
)


@dataclass(frozen=True)
class VideoTask:
    """Everything a worker needs to write one part; can be pickled.

    Attributes
    ----------
    out : Path
    part : int
    recordings : tuple of PlannedRecording
    camera : Camera
    reading : Reading
    threads : int or None
        Of the pixel kernels.
    run : str
        From `eventsim.store.attempts.begin_run`.
    strict : bool
        Raise what is wrong with an input, in place of writing it down.
    """

    out: Path
    part: int
    recordings: "tuple[PlannedRecording, ...]"
    camera: Camera
    reading: Reading
    threads: int | None = None
    run: str = ""
    strict: bool = False

    @property
    def name(self) -> str:
        """Of its first input."""
        return self.recordings[0].input.path

    @property
    def inputs(self) -> list[str]:
        """All of them, in order."""
        return [recording.input.path for recording in self.recordings]

    @cached_property
    def identity(self) -> str:
        """Hash of all that decides the part, wherever it is made."""
        recordings = [
            [asdict(replace(r.input, path="")), r.sample, r.seed, r.fingerprint]
            for r in self.recordings
        ]
        reading = asdict(self.reading)
        reading |= {name: file_identity(path) for name, path in self.reading.files().items()}
        camera = self.camera
        seen_by = [camera.name, camera.noise, camera.size, camera.transfer, camera.values]
        return digest([eventsim.__version__, self.part, recordings, reading, seen_by])

    def convert(self, step: Step | None = None) -> tuple[int, int]:
        """Convert its inputs and commit it; see `convert_part`."""
        return convert_part(self, step)


def convert_part(task: VideoTask, step: Step | None = None) -> tuple[int, int]:
    """Convert the inputs of a part and commit it.

    An input that cannot be converted is written down with its reason and stops nothing.

    Parameters
    ----------
    task : VideoTask
    step : callable, optional
        For a progress bar.

    Returns
    -------
    frames, events : int
        Frames of the files, and events that were written.

    Raises
    ------
    StoreError
        If the part cannot be written.
    ResourceError
        If the machine lacks memory or the like.
    SourceError
        If an input failed, and the task is strict.
    """
    writer, checkpoint = _begin(task)
    deaths = writer.deaths()
    frames = events = 0
    for recording in task.recordings:
        if checkpoint is not None and recording.sample < checkpoint.sample:
            continue  # it is written
        writer.working_on(recording.sample)
        if deaths[recording.sample] >= MOST_DEATHS and checkpoint is None:
            _fail(writer, task, recording, KILLED_ITS_WORKER)
            continue
        done_frames, done_events = _convert(writer, task, recording, step, checkpoint)
        checkpoint = None
        frames, events = frames + done_frames, events + done_events
    writer.commit()
    discard_checkpoints(task.out, task.identity)
    return frames, events


def _begin(task: VideoTask) -> tuple[PartWriter, Checkpoint | None]:
    """Begin the part, or resume where an earlier attempt has kept it."""
    labeled = task.reading.labels is not None
    writer = PartWriter(task.out, task.part, task.run, objects=labeled)
    checkpoint = read_checkpoint(task.out, task.identity)
    if checkpoint is None:
        return writer, None
    try:
        checkpoint.restore(writer)
    except (OSError, ValueError, KeyError, TypeError):  # it is not whole: from the beginning, then
        discard_checkpoints(task.out, task.identity)
        return PartWriter(task.out, task.part, task.run, objects=labeled), None
    return writer, checkpoint


def _convert(
    writer: PartWriter,
    task: VideoTask,
    recording: PlannedRecording,
    step: Step | None,
    checkpoint: Checkpoint | None,
) -> tuple[int, int]:
    """Convert one input, or write down why it cannot be."""
    with ExitStack() as stack:
        local = recording.input.path
        try:
            local = stack.enter_context(fetched(local))
            given = replace(recording.input, path=local)
            source = given.open(task.reading, task.camera, recording.seed)
        except Exception as error:
            _fail(writer, task, recording, reason_of(error), local)
            return 0, 0
        go_on = None
        if checkpoint is None:
            _begin_recording(writer, task, recording, source)
        else:
            go_on = Snapshot(checkpoint.frames, checkpoint.pixels)
        return _convert_source(writer, task, recording, source, step, go_on)


def _fail(
    writer: PartWriter,
    task: VideoTask,
    recording: PlannedRecording,
    reason: str,
    local: str | None = None,
) -> None:
    """Write down why an input failed, named as the dataset names it; or stop, if that was asked."""
    path = recording.input.path
    place = place_in(task.out, path)
    reason = without_place(reason, path if local is None else local, place)
    if task.strict:
        raise SourceError(f"{path} failed: {reason}")
    writer.fail_recording(reason, source=place, sample=recording.sample)


def _cost(packet: Packet | Snapshot) -> int:
    """Events of a packet; one without any takes some room, too."""
    return 64 + (len(packet.events) if isinstance(packet, Packet) else 0)


class _Clock:
    """Says when it is time for a checkpoint."""

    def __init__(self) -> None:
        self._last_s = time.monotonic()

    def is_due(self) -> bool:
        """Whether so long has passed since the last time."""
        now = time.monotonic()
        if now - self._last_s < CHECKPOINT_EVERY_S:
            return False
        self._last_s = now
        return True


class _Passed:
    """Counts the frames of the file that are over, also where a stage puts others in between.

    Those are not known beforehand, so there it goes by the time.

    Parameters
    ----------
    source : FrameSource
    """

    def __init__(self, source: FrameSource) -> None:
        self.count = 0
        read, length = (getattr(source, name, None) for name in ("read_frames", "duration_us"))
        known = source.expected_frames is not None or not read or not length
        self._of: tuple[int, int, int] | None = None
        if not known:
            self._of = int(read or 0), getattr(source, "first_us", 0), int(length or 1)

    def begin(self, frames: int) -> int:
        """Some frames were seen before; how many of the file that is."""
        self.count = 0 if self._of else frames
        return self.count

    def add(self, frame_t_us: NDArray[np.int64]) -> int:
        """How many more are over, behind some that pixels have seen."""
        before = self.count
        if self._of is None:
            self.count += len(frame_t_us)
        elif len(frame_t_us):
            frames, first_us, length_us = self._of
            share = min(1.0, max(0.0, (int(frame_t_us[-1]) - first_us) / length_us))
            self.count = max(before, round(frames * share))
        return self.count - before


def _begin_recording(
    writer: PartWriter, task: VideoTask, recording: PlannedRecording, source: FrameSource
) -> None:
    given = recording.input
    writer.begin_recording(
        size=source.size,
        source=place_in(task.out, given.path),
        seed=recording.seed,
        sample=recording.sample,
        id=given.id,
        label=given.label,
        split=given.split,
        group=given.group,
    )


def _convert_source(
    writer: PartWriter,
    task: VideoTask,
    recording: PlannedRecording,
    source: FrameSource,
    step: Step | None,
    go_on: Snapshot | None,
) -> tuple[int, int]:
    """Convert one source; decoding and simulation run ahead of the writing, each in a thread."""
    given = recording.input
    place = place_in(task.out, given.path)
    clock = _Clock()
    simulated = simulate_with_snapshots(
        read_ahead(source, 0 if go_on is None else go_on.frames),
        given.camera(task.camera),
        seed=recording.seed,
        threads=task.threads,
        go_on=go_on,
        wanted=clock.is_due,
    )
    frames = events = 0
    passed = _Passed(source)
    times: list[NDArray[np.int64]] = []  # of some frames: enough to see how fast they follow
    if go_on is not None:
        frames = go_on.frames
        if step:
            step(passed.begin(frames), 0, given.path)
    with closing(prefetch(simulated, EVENTS_AHEAD, _cost)) as packets:
        while True:
            try:
                packet = next(packets, None)
            except Exception as error:
                _fail(writer, task, recording, reason_of(error))
                return 0, 0
            if packet is None:
                break
            if isinstance(packet, Snapshot):
                write_checkpoint(task.out, task.identity, writer, packet.frames, packet.pixels)
                continue
            writer.write(packet)
            if frames < PACE_FRAMES:
                times.append(packet.frame_t_us)
            frames += len(packet.frame_t_us)
            events += len(packet.events)
            over = passed.add(packet.frame_t_us)
            if step:
                step(over, len(packet.events), given.path)
    if frames == 0:
        _fail(writer, task, recording, "not one frame could be read")
    else:
        status = "partial" if source.lost_frames else "ok"
        pace = pace_note(np.concatenate([*times, np.empty(0, np.int64)]))
        said = [*source.notes, *([pace] if pace else [])]
        said += drawn_notes(given.camera(task.camera), recording.seed)
        notes = [without_place(note, given.path, place) for note in said]
        writer.end_recording(status=status, notes=notes)
    return passed.count, events
