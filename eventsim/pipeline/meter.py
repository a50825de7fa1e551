"""How far a run is, added up from all who work on it."""

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from eventsim.pipeline.heartbeat import Beat


class HowFar(NamedTuple):
    """How far a run is.

    Attributes
    ----------
    done : int
        Frames, still images or recordings.
    total : int or None
        What will be done in all; None if an input does not say how long it is.
    events : int
    name : str
        Of what was worked on last.
    begun, inputs : int
        Inputs that were begun, and all of them; 0 if these are no measure.
    """

    done: int
    total: int | None
    events: int
    name: str
    begun: int = 0
    inputs: int = 0


Progress = Callable[[HowFar], None]


class Meter:
    """Adds up what all parts have done, for a progress bar. Workers may speak from other threads.

    Parameters
    ----------
    total : int or None
        What will be done in all; None is unknown.
    progress : callable or None
        Called at every word.
    inputs : mapping of int to sequence of str, optional
        Of each part the names of its inputs, in order.
    """

    def __init__(
        self,
        total: int | None,
        progress: Progress | None,
        inputs: Mapping[int, Sequence[str]] | None = None,
    ) -> None:
        self._total, self._progress = total, progress
        self._inputs = dict(inputs or {})
        self._count = sum(map(len, self._inputs.values()))
        self._begun: dict[int, int] = {}  # inputs of each part
        self._done = self._events = 0
        self._parts: dict[int, tuple[int, int]] = {}  # done and events of parts worked on
        self._names: dict[int, str] = {}  # of their inputs
        self._name = ""
        self._ended: set[int] = set()
        self._lock = threading.Lock()

    def step(self, part: int, done: int, events: int, name: str) -> None:
        """Add what was done of a part since the last call."""
        before = self._parts.get(part, (0, 0))
        self.live(part, before[0] + done, before[1] + events, name)

    def live(self, part: int, done: int, events: int, name: str) -> None:
        """Take over how far a part is; what comes after its end came late and is not heard."""
        with self._lock:
            if part not in self._ended:
                self._replace(part, done, events)
                self._names[part] = self._name = name
                self._begin(part, name)
                self._speak()

    def end(self, part: int, done: int, events: int) -> None:
        """Take over what was done of a part that is committed."""
        with self._lock:
            self._replace(part, done, events)
            del self._parts[part]
            self._ended.add(part)
            self._names.pop(part, None)
            self._begun[part] = len(self._inputs.get(part, ()))
            self._speak()

    def beat(self) -> Beat:
        """How far it is, for those who look from elsewhere."""
        with self._lock:
            return Beat(self._done, self._total, self._events, tuple(self._names.values()))

    def _replace(self, part: int, done: int, events: int) -> None:
        before = self._parts.get(part, (0, 0))
        self._done += done - before[0]
        self._events += events - before[1]
        self._parts[part] = done, events

    def _begin(self, part: int, name: str) -> None:
        """Count the inputs of a part up to the one that is named; many may pass without a word."""
        inputs, begun = self._inputs.get(part, ()), self._begun.get(part, 0)
        if begun and inputs[begun - 1] == name:
            return
        self._begun[part] = next(
            (k + 1 for k in range(begun, len(inputs)) if inputs[k] == name), begun
        )

    def _speak(self) -> None:
        if self._progress:
            begun = sum(self._begun.values())
            self._progress(
                HowFar(self._done, self._total, self._events, self._name, begun, self._count)
            )
