"""One part, from its inputs to its commit: what a worker runs.

It can be run again at any time: a part is whole or does not exist.
"""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from eventsim.events import Packet
from eventsim.frames import FrameSource
from eventsim.pipeline.fingerprints import place_in, without_place
from eventsim.pipeline.inputs import PlannedRecording, Reading
from eventsim.pipeline.prefetch import ReadAhead, prefetch
from eventsim.pipeline.reasons import reason_of
from eventsim.pipeline.work import Step
from eventsim.simulator import Camera, simulate_source
from eventsim.store.writer import PartWriter

EVENTS_AHEAD = 1 << 20
"""Events that may wait for the disk: 15 MB; chosen by eye."""


@dataclass(frozen=True)
class PartTask:
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
    """

    out: Path
    part: int
    recordings: "tuple[PlannedRecording, ...]"
    camera: Camera
    reading: Reading
    threads: int | None = None
    run: str = ""

    @property
    def name(self) -> str:
        """Of its first input."""
        return self.recordings[0].input.path

    def convert(self, step: Step | None = None) -> tuple[int, int]:
        """Convert its inputs and commit it; see `convert_part`."""
        return convert_part(self, step)


def convert_part(task: PartTask, step: Step | None = None) -> tuple[int, int]:
    """Convert the inputs of a part and commit it.

    An input that cannot be converted is written down with its reason and stops nothing.

    Parameters
    ----------
    task : PartTask
    step : callable, optional
        For a progress bar.

    Returns
    -------
    frames, events : int
        Written.

    Raises
    ------
    StoreError
        If the part cannot be written.
    ResourceError
        If the machine lacks memory or the like.
    """
    writer = PartWriter(task.out, task.part, task.run)
    frames = events = 0
    for recording in task.recordings:
        name = recording.input.path
        try:
            source = task.reading.open(recording.input, task.camera)
        except Exception as error:
            place = place_in(task.out, name)
            reason = without_place(reason_of(error), name, place)
            writer.fail_recording(reason, source=place, sample=recording.sample)
            continue
        done_frames, done_events = _convert(writer, task, recording, source, step)
        frames, events = frames + done_frames, events + done_events
    writer.commit()
    return frames, events


def _cost(packet: Packet) -> int:
    """Events of a packet; one without any takes some room, too."""
    return 64 + len(packet.events)


def _convert(
    writer: PartWriter,
    task: PartTask,
    recording: PlannedRecording,
    source: FrameSource,
    step: Step | None,
) -> tuple[int, int]:
    """Convert one input; decoding and simulation run ahead of the writing, each in a thread."""
    given = recording.input
    place = place_in(task.out, given.path)
    writer.begin_recording(
        size=source.size,
        source=place,
        seed=recording.seed,
        sample=recording.sample,
        id=given.id,
        label=given.label,
        split=given.split,
        group=given.group,
    )
    simulated = simulate_source(
        ReadAhead(source),
        given.camera(task.camera),
        seed=recording.seed,
        threads=task.threads,
    )
    frames = events = 0
    with closing(prefetch(simulated, EVENTS_AHEAD, _cost)) as packets:
        while True:
            try:
                packet = next(packets, None)
            except Exception as error:
                reason = without_place(reason_of(error), given.path, place)
                writer.fail_recording(reason, source=place, sample=recording.sample)
                return 0, 0
            if packet is None:
                break
            writer.write(packet)
            frames += len(packet.frame_t_us)
            events += len(packet.events)
            if step:
                step(len(packet.frame_t_us), len(packet.events), given.path)
    if frames == 0:
        writer.fail_recording("not one frame could be read", source=place, sample=recording.sample)
    else:
        status = "partial" if source.lost_frames else "ok"
        notes = [without_place(note, given.path, place) for note in source.notes]
        writer.end_recording(status=status, notes=notes)
    return frames, events
