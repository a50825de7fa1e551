"""What is done to one recording: its events changed, and what else tells of it put away."""

import base64
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError, SourceError
from eventsim.events import Events
from eventsim.pipeline.augment_task import MOST_EVENTS
from eventsim.store.layout import SEALED_NOTE
from eventsim.store.reader import Recording
from eventsim.transforms import MaskBoxes, ReplaceBoxes
from eventsim.transforms.changing import Transform
from eventsim.transforms.keyed import ChaoticScramble, CipherPolarity, PermuteBlocks, PermutePixels
from eventsim.transforms.keyed.event_key import EventKey

Keyed = ChaoticScramble | CipherPolarity | PermuteBlocks | PermutePixels
Method = Transform | Keyed
PIECE_EVENTS = 4_000_000
"""Of a recording at a time, where only methods with a key are used: 56 MB; chosen by eye."""


def is_keyed(method: Method) -> bool:
    """Whether a method needs a key, and can be undone."""
    return isinstance(method, Keyed)


@dataclass(frozen=True)
class Original:
    """What an anonymized recording does not tell of its original.

    Attributes
    ----------
    source, id, group : str
    seed : int
    start_us : int
        Time of its first frame; the copy begins at 0.
    notes : tuple of str
    frame_t_us : (F,) ndarray of int64
    """

    source: str
    id: str
    group: str
    seed: int
    start_us: int
    notes: tuple[str, ...]
    frame_t_us: NDArray[np.int64]

    @classmethod
    def of(cls, recording: Recording) -> "Original":
        """What a recording tells."""
        return cls(
            recording.source,
            recording.id,
            recording.group,
            recording.seed,
            recording.start_us,
            recording.notes,
            recording.frame_t_us,
        )

    def sealed(self, key: EventKey) -> str:
        """A line that only the key makes legible."""
        steps = np.diff(self.frame_t_us, prepend=0).astype("<i8")  # all alike, so they pack well
        values = {name: value for name, value in vars(self).items() if name != "frame_t_us"}
        values["frames"] = base64.b64encode(zlib.compress(steps.tobytes(), 9)).decode()
        text = json.dumps(values).encode()
        return SEALED_NOTE + base64.b64encode(key.child("metadata").seal(text)).decode()

    @classmethod
    def unsealed(cls, line: str, key: EventKey) -> "Original":
        """What `sealed` put away.

        Raises
        ------
        ConfigError
            If the key is another one, or the line was changed.
        """
        text = key.child("metadata").unseal(base64.b64decode(line.removeprefix(SEALED_NOTE)))
        values = json.loads(text)
        steps = np.frombuffer(zlib.decompress(base64.b64decode(values.pop("frames"))), "<i8")
        values["notes"] = tuple(values["notes"])
        return cls(**values, frame_t_us=np.cumsum(steps).astype(np.int64))


@dataclass(frozen=True)
class Anonymizer:
    """What is done to each recording of a dataset, or undone.

    Attributes
    ----------
    methods : tuple of Method
        In the order in which they were done; those with a key come last.
    secret : bytes
        Of a key file, or drawn for one run.
    dataset_id : str
        Of the anonymized dataset.
    recover : bool
        Undo the methods with a key.
    drop_labels : bool
    first_number : int
        Of the first of the methods, if those before it were left out as they cannot be undone.
    reversible : bool
        The secret is that of a file: what else tells of the original is sealed, not lost.
    """

    methods: tuple[Method, ...]
    secret: bytes = field(repr=False)
    dataset_id: str
    recover: bool = False
    drop_labels: bool = False
    first_number: int = 0
    reversible: bool = False

    def key_of(self, part: int, sample: int) -> EventKey:
        """Key of a recording, by its place in the anonymized dataset."""
        return EventKey.of(self.secret, self.dataset_id, part, sample)

    def changed(self, recording: Recording, key: EventKey) -> Iterator[Events]:
        """Events of the copy, beginning at time 0, in pieces that follow each other.

        Raises
        ------
        SourceError
            If a method must see the whole recording, and that is too long.
        """
        start_us = recording.start_us
        lossy: list[Transform] = [m for m in self.methods if not isinstance(m, Keyed)]
        if lossy:
            if len(recording) > MOST_EVENTS:
                raise SourceError(
                    f"a method without a key sees a whole recording, of {MOST_EVENTS:,} events at "
                    f"most, and this one has {len(recording):,}. Convert it in pieces (start_s and "
                    "stop_s of a table)."
                )
            events = recording.events
            for number, transform in enumerate(lossy):
                if isinstance(transform, MaskBoxes | ReplaceBoxes):
                    transform = transform.for_recording(recording.id)
                events = transform(events, key.child(use_of(number, transform)).draws())
            if recording.frame_stop > recording.frame_start:  # as far as it goes
                events = events.window(start_us, start_us + recording.duration_us + 1)
            pieces = iter([events])
        else:
            pieces = _pieces(recording)
        first = 0
        for piece in pieces:
            events = shifted(piece, -start_us)
            for number, method in enumerate(self.methods):
                if isinstance(method, Keyed):
                    events = method(events, key.child(use_of(number, method)), first)
            yield events
            first += len(piece)

    def recovered(self, recording: Recording, key: EventKey, start_us: int) -> Iterator[Events]:
        """Events of the original, in pieces that follow each other."""
        first = 0
        for piece in _pieces(recording):
            events = piece
            for number, method in reversed(list(enumerate(self.methods, self.first_number))):
                if isinstance(method, Keyed):
                    events = method.recover(events, key.child(use_of(number, method)), first)
            yield shifted(events, start_us)
            first += len(piece)


def shifted(events: Events, by_us: int) -> Events:
    """Events at other times."""
    return Events(events.t + by_us, events.x, events.y, events.p, events.kind, events.size)


def unsealed(recording: Recording, key: EventKey) -> Original:
    """What the original of a recording was.

    Raises
    ------
    ConfigError
        If that was not sealed, or with another key.
    """
    line = next((note for note in recording.notes if note.startswith(SEALED_NOTE)), None)
    if line is None:
        raise ConfigError("what the original was is not sealed in it.")
    return Original.unsealed(line, key)


def use_of(number: int, method: Method) -> str:
    """What the key of a method is for: its place in the chain, and its name."""
    return f"{number} {type(method).__name__}"


def _pieces(recording: Recording) -> Iterator[Events]:
    """Events a piece at a time, no microsecond cut in two; one empty piece if there are none."""
    first = 0
    while True:
        events = recording.events_between(first, first + PIECE_EVENTS)
        last = first + len(events) >= len(recording)
        if not last and events.t[0] != events.t[-1]:
            events = events[: int(np.searchsorted(events.t, events.t[-1]))]
        elif not last:  # all in one microsecond, which is as good as the rest of the recording
            events, last = recording.events_between(first, len(recording)), True
        yield events
        first += len(events)
        if last:
            return
