"""Events to events and back, with a key: who has it gets the very same events again.

>>> from eventsim.transforms.keyed import CipherPolarity, EventKey, PermutePixels
>>> key, method = EventKey.of(bytes(32), "00" * 16), PermutePixels()

``method.recover(method(events, key), key) == events``. What such a stream still shows to those
without the key, `eventsim privacy-report` measures.
"""

from eventsim.transforms.keyed.chaotic_scramble import ChaoticScramble
from eventsim.transforms.keyed.cipher_polarity import CipherPolarity
from eventsim.transforms.keyed.event_key import EventKey
from eventsim.transforms.keyed.permute_blocks import PermuteBlocks
from eventsim.transforms.keyed.permute_pixels import PermutePixels

__all__ = ["ChaoticScramble", "CipherPolarity", "EventKey", "PermuteBlocks", "PermutePixels"]
