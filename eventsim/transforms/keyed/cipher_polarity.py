"""Polarities under a stream cipher."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from eventsim.events import Events
from eventsim.transforms.keyed import kernels
from eventsim.transforms.keyed.event_key import EventKey

_BLOCK = 1 << 20
"""Events that share a nonce; its key stream is 128 KiB."""


@dataclass(frozen=True)
class CipherPolarity:
    """Turn the polarity of about half of the events: those for which ChaCha20 gives a one.

    Without the key a polarity is a coin toss, whatever else is known.
    """

    leaves: ClassVar[str] = (
        "where and when something moves: outlines stay as they are, and faces in them. Alone it "
        "does not protect a person."
    )

    def __call__(self, events: Events, key: EventKey, first: int = 0) -> Events:
        """Turn polarities.

        Parameters
        ----------
        events : Events
        key : EventKey
        first : int
            Number of the first of these events in its recording.
        """
        p = np.empty_like(events.p)
        done = 0
        while done < len(events):
            block, bit = divmod(first + done, _BLOCK)
            stop = min(len(events), done + _BLOCK - bit)
            stream = key.stream(block, (bit + stop - done + 7) // 8)
            kernels.flip(stream, bit, events.p[done:stop], p[done:stop])
            done = stop
        return Events(events.t, events.x, events.y, p, events.kind, events.size)

    def recover(self, events: Events, key: EventKey, first: int = 0) -> Events:
        """Turn them back."""
        return self(events, key, first)
