"""Word of a run that goes on, for those who look at the dataset from elsewhere."""

import contextlib
import json
import os
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType

from eventsim.store.attempts import ATTEMPTS
from eventsim.store.places import is_remote

FILE = "heartbeat.json"
EVERY_S = 1.0
"""Between two beats; chosen by eye."""
REMOTE_EVERY_S = 5.0
"""The same in an object store, where each is a request; chosen by eye."""
SILENT_S = 15.0
"""Without a beat for so long a run is taken for stopped: a full disk may skip some."""


@dataclass(frozen=True)
class Beat:
    """How far a run is.

    Attributes
    ----------
    done, total : int
        Frames, or images; a total of None is unknown.
    events : int
        Written by this run.
    running : tuple of str
        Inputs that are worked on.
    """

    done: int
    total: int | None
    events: int
    running: tuple[str, ...]


@dataclass(frozen=True)
class Heard:
    """A beat, and by whom and when it was left.

    Attributes
    ----------
    beat : Beat
    pid : int
    host : str
    started_s, updated_s : float
        Seconds since 1970.
    """

    beat: Beat
    pid: int
    host: str
    started_s: float
    updated_s: float

    @property
    def is_alive(self) -> bool:
        """Whether the run goes on, as far as can be told."""
        return time.time() - self.updated_s < SILENT_S


class Heartbeat:
    """Leaves a beat every second, from a thread, until it is closed; then there is none.

    Parameters
    ----------
    dataset : Path
    run : str
        From `eventsim.store.attempts.begin_run`.
    beat : callable
        Gives how far it is.
    """

    def __init__(self, dataset: Path, run: str, beat: Callable[[], Beat]) -> None:
        self._file = dataset / ATTEMPTS / run / FILE
        self._beat = beat
        self._started_s = time.time()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Heartbeat":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()
        with contextlib.suppress(OSError):
            self._file.unlink()

    def _run(self) -> None:
        self._write()
        while not self._ended.wait(REMOTE_EVERY_S if is_remote(self._file) else EVERY_S):
            self._write()

    def _write(self) -> None:
        heard = Heard(self._beat(), os.getpid(), socket.gethostname(), self._started_s, time.time())
        words = json.dumps(asdict(heard))
        if is_remote(self._file):
            with contextlib.suppress(OSError):
                self._file.write_text(words)
            return
        torn = self._file.with_suffix(".partial")
        with contextlib.suppress(OSError):  # the disk is full, or the run has ended: not our news
            torn.write_text(words)
            torn.replace(self._file)


def listen(dataset: Path) -> Heard | None:
    """Read the last beat of the run that writes to a dataset, or did; None if there is none."""
    for file in (dataset / ATTEMPTS).glob(f"*/{FILE}"):
        try:
            found = json.loads(file.read_text())
            beat = Beat(**{**found.pop("beat")})
            return Heard(Beat(beat.done, beat.total, beat.events, tuple(beat.running)), **found)
        except (OSError, ValueError, TypeError):  # it ended just now
            continue
    return None
