"""Labeled streams for the bench: simulated, recordings with noise added, or with frames."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

from eventsim.denoise_bench.bench import LabeledStream
from eventsim.denoise_bench.known_objects import label_by_frames
from eventsim.denoise_bench.situations import Situation
from eventsim.events import Events, Kind, SensorSize, is_noise
from eventsim.formats.reading import read
from eventsim.realism.noise import add_noise
from eventsim.sources.opening import open_source
from eventsim.sources.reading import Reading


def simulated(
    scenes: Sequence[str],
    sensors: Sequence[str],
    luxes: Sequence[float],
    *,
    size: SensorSize,
    seconds: float,
    seed: int,
) -> Iterator[LabeledStream]:
    """Every scene before every sensor in every light; the simulator knows the labels.

    Parameters
    ----------
    scenes, sensors : sequence of str
    luxes : sequence of float
    size : SensorSize
        Of the part of the sensor that sees.
    seconds : float
    seed : int
        One scene is the same before all sensors, in all lights.
    """
    for scene, sensor, lux in product(scenes, sensors, luxes):
        events = Situation(scene, sensor, lux, seed).events(size, seconds)
        yield LabeledStream(
            name=f"{scene}, {sensor}, {lux:g} lux",
            events=events,
            is_signal=events.kind == Kind.SIGNAL,
            labels="the simulator's",
            group=scene,
        )


def of_kinds(name: str, events: Events) -> LabeledStream:
    """A stream whose events have kinds, such as a recording of a dataset."""
    return LabeledStream(name, events, ~is_noise(events.kind), "the kinds of its events", "given")


def with_noise(name: str, clean: Events, noise: Events, *, refractory_us: int = 0) -> LabeledStream:
    """A recording that counts as clean, with noise added: what was added is known.

    What noise the recording itself has counts as signal, so no filter gets all.
    """
    events, added = add_noise(clean, noise, refractory_us=refractory_us)
    return LabeledStream(name, events, ~added, "all but the noise that was added", "given")


def by_frames(path: str, *, upsample: str = "flow") -> LabeledStream:
    """A recording of a camera that gives frames, labeled by them; see `label_by_frames`.

    Parameters
    ----------
    path : str
        An .aedat4 file with events and frames.
    upsample : str
        How frames are put between its frames.
    """
    events = read(path)
    known = label_by_frames(events, open_source(path, Reading(upsample=upsample)))
    name = Path(path).name
    stream = LabeledStream(name, events, known.is_signal, "edges of the frames that move", "given")
    judged = known.is_judged
    return replace(stream, events=events[judged], is_signal=known.is_signal[judged])
