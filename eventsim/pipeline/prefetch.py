"""Run an iterator ahead in a thread, by a few items.

Decoding, simulating and compressing release the interpreter lock, so one such thread in front of
the simulator and one behind it let the three overlap.
"""

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from eventsim.frames import Frame, FrameSource, Outline
from eventsim.sources.staged import Staged

T = TypeVar("T")

FRAME_BYTES_AHEAD = 16 << 20
"""Frames waiting for the simulator hold about as many bytes as one of its batches."""

_PATIENCE_S = 1.0
"""How long a waiting thread sleeps at once; chosen by eye."""


class _Waiting(Generic[T]):
    """Items on their way from one thread to another, up to a total cost.

    One item may always wait, whatever it costs.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._cost = 0
        self._items: deque[tuple[T, int]] = deque()
        self._changed = threading.Condition()
        self._ended = self._unwanted = False
        self._error: BaseException | None = None

    def put(self, item: T, cost: int) -> bool:
        """Add an item when there is room; False if nobody wants it any more."""
        with self._changed:
            while self._items and self._cost + cost > self._most and not self._unwanted:
                self._changed.wait()
            if self._unwanted:
                return False
            self._items.append((item, cost))
            self._cost += cost
            self._changed.notify_all()
            return True

    def end(self, error: BaseException | None) -> None:
        """Say that no more will come, and why."""
        with self._changed:
            self._ended, self._error = True, error
            self._changed.notify_all()

    def leave(self) -> None:
        """Say that no more is wanted."""
        with self._changed:
            self._unwanted = True
            self._changed.notify_all()

    def __iter__(self) -> Iterator[T]:
        while True:
            with self._changed:
                while not self._items and not self._ended:
                    # With a limit, or Ctrl-C would have to wait as well on some systems.
                    self._changed.wait(_PATIENCE_S)
                if not self._items:
                    break
                item, cost = self._items.popleft()
                self._cost -= cost
                self._changed.notify_all()
            yield item
        if self._error is not None:
            raise self._error


def prefetch(
    items: Iterable[T], most: int, cost: Callable[[T], int] = lambda _: 1
) -> Generator[T, None, None]:
    """Yield the items in order while a thread makes the next ones.

    Parameters
    ----------
    items : iterable
        Used by the thread alone, and closed there if it is a generator.
    most : int
        What the items that wait may cost together, >= 1; a single one may cost more.
    cost : callable, optional
        Of an item; by default 1 each.

    Yields
    ------
    item
        What `items` raises is raised here, at its place.
    """
    waiting: _Waiting[T] = _Waiting(most)
    thread = threading.Thread(target=_fill, args=(items, waiting, cost), daemon=True)
    thread.start()
    try:
        yield from waiting
    finally:
        waiting.leave()
        thread.join()


def _fill(items: Iterable[T], waiting: _Waiting[T], cost: Callable[[T], int]) -> None:
    error: BaseException | None = None
    iterator: Iterator[T] | None = None
    try:
        iterator = iter(items)
        for item in iterator:
            if not waiting.put(item, cost(item)):
                break
    except BaseException as caught:
        error = caught  # travels to whoever waits for the next item
    finally:
        if isinstance(iterator, Generator):
            with suppress(Exception):
                iterator.close()
        waiting.end(error)


@dataclass(frozen=True)
class _Ahead:
    """Frames that are decoded in their own thread, from a number on; a stage of frames."""

    most: int
    first: int

    def outline(self, before: Outline) -> Outline:
        """As before."""
        return before

    def frames(self, frames: FrameSource, notes: list[str]) -> Iterator[Frame]:
        """Yield the frames in order of time; what is noted of them is whole at the end."""
        later: Iterable[Frame] = frames
        if self.first:
            frames_from = getattr(frames, "frames_from", None)
            later = frames_from(self.first) if frames_from else islice(frames, self.first, None)
        return prefetch(later, self.most)


def read_ahead(source: FrameSource, first: int = 0) -> FrameSource:
    """A source that is decoded in its own thread, a bounded number of frames ahead.

    Parameters
    ----------
    source : FrameSource
    first : int
        Number of the first frame that is wanted.
    """
    pixels = max(1, source.size.width * source.size.height)
    return Staged(source, _Ahead(max(2, min(32, FRAME_BYTES_AHEAD // pixels)), first))
