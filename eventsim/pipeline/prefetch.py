"""Run an iterator ahead in a thread, by a few items.

Decoding, simulating and compressing release the interpreter lock, so one such thread in front of
the simulator and one behind it let the three overlap.
"""

import queue
import threading
from collections.abc import Generator, Iterable, Iterator
from contextlib import suppress
from typing import Any, TypeVar

from eventsim.events import SensorSize
from eventsim.frames import Encoding, Frame, FrameSource

T = TypeVar("T")

_PATIENCE_S = 0.1
"""How often a waiting thread looks whether it is still wanted; chosen by eye."""

FRAME_BYTES_AHEAD = 16 << 20
"""Frames waiting for the simulator hold about as many bytes as one of its batches."""


class _End:
    """Marks the end of a queue, and what ended it."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


def prefetch(items: Iterable[T], depth: int) -> Generator[T, None, None]:
    """Yield the items in order while a thread makes the next ones.

    Parameters
    ----------
    items : iterable
        Used by the thread alone, and closed there if it is a generator.
    depth : int
        Most items that wait, >= 1.

    Yields
    ------
    item
        What `items` raises is raised here, at its place.
    """
    waiting: queue.Queue[T | _End] = queue.Queue(depth)
    stop = threading.Event()
    thread = threading.Thread(target=_fill, args=(items, waiting, stop), daemon=True)
    thread.start()
    try:
        while True:
            item = waiting.get()
            if isinstance(item, _End):
                if item.error is not None:
                    raise item.error
                return
            yield item
    finally:
        stop.set()
        thread.join()


def _fill(items: Iterable[T], waiting: "queue.Queue[T | _End]", stop: threading.Event) -> None:
    error: BaseException | None = None
    iterator: Iterator[T] | None = None
    try:
        iterator = iter(items)
        for item in iterator:
            if not _offer(waiting, item, stop):
                break
    except BaseException as caught:
        error = caught  # travels to whoever waits for the next item
    finally:
        if isinstance(iterator, Generator):
            with suppress(Exception):
                iterator.close()
        _offer(waiting, _End(error), stop)


def _offer(waiting: "queue.Queue[Any]", item: object, stop: threading.Event) -> bool:
    """Put an item into the queue, unless nobody wants it any more."""
    while not stop.is_set():
        with suppress(queue.Full):
            waiting.put(item, timeout=_PATIENCE_S)
            return True
    return False


class ReadAhead:
    """A source of frames that is decoded in its own thread, a bounded number of frames ahead."""

    def __init__(self, source: FrameSource) -> None:
        self._source = source

    @property
    def size(self) -> SensorSize:
        """As the source's."""
        return self._source.size

    @property
    def encoding(self) -> Encoding:
        """As the source's."""
        return self._source.encoding

    @property
    def expected_frames(self) -> int | None:
        """As the source's."""
        return self._source.expected_frames

    @property
    def notes(self) -> list[str]:
        """As the source's; whole when the iteration has ended."""
        return self._source.notes

    @property
    def lost_frames(self) -> int:
        """As the source's; whole when the iteration has ended."""
        return self._source.lost_frames

    def __iter__(self) -> Iterator[Frame]:
        """Yield the frames in order of time."""
        pixels = max(1, self.size.width * self.size.height)
        return prefetch(self._source, max(2, min(32, FRAME_BYTES_AHEAD // pixels)))
