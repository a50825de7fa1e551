"""Samples of different length in one batch, and the order of its axes."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.utils.data import default_collate

from eventsim.events import Events


class EventBatch(NamedTuple):
    """Events of several samples, filled up with zeros to the length of the longest.

    Attributes
    ----------
    t : (B, N) tensor of int64
        Microseconds.
    x, y : (B, N) tensor of int16
        Px; a quarter of the bytes that indices have: ``.long()`` makes them such, on the device.
    p : (B, N) tensor of bool
        True is ON.
    kind : (B, N) tensor of uint8
    lengths : (B,) tensor of int64
        Events of each sample; what follows is filling.
    labels : (B,) tensor of int64
        Or what else came with the samples: a list of tensors if it was more than one thing.
    """

    t: Tensor
    x: Tensor
    y: Tensor
    p: Tensor
    kind: Tensor
    lengths: Tensor
    labels: Any


def collate_events(samples: Sequence[tuple[Any, ...]]) -> EventBatch:
    """Put samples of (Events, label, ...) into one batch: ``DataLoader(collate_fn=...)``.

    Examples
    --------
    >>> one = Events.of([3], [1], [0], [True], size=(2, 1))
    >>> batch = collate_events([(one, 5), (Events.empty((2, 1)), 6)])
    >>> batch.t.tolist(), batch.lengths.tolist(), batch.labels.tolist()
    ([[3], [0]], [1, 0], [5, 6])
    """
    events: list[Events] = [sample[0] for sample in samples]
    lengths = [len(piece) for piece in events]
    shape = (len(events), max(lengths, default=0))
    columns = {
        "t": torch.zeros(shape, dtype=torch.int64),
        "x": torch.zeros(shape, dtype=torch.int16),
        "y": torch.zeros(shape, dtype=torch.int16),
        "p": torch.zeros(shape, dtype=torch.bool),
        "kind": torch.zeros(shape, dtype=torch.uint8),
    }
    for row, piece in enumerate(events):
        for name, column in columns.items():
            column.numpy()[row, : len(piece)] = getattr(piece, name)
    rest = [default_collate(list(values)) for values in zip(*(s[1:] for s in samples), strict=True)]
    return EventBatch(**columns, lengths=torch.tensor(lengths), labels=_alone(rest))


def collate_time_first(samples: Sequence[tuple[Any, ...]]) -> Any:
    """Put samples of ((T, ...), label, ...) into a batch of (T, B, ...), as spiking networks want.

    Examples
    --------
    >>> planes, labels = collate_time_first([(torch.zeros(8, 2, 4, 4), 1)] * 3)
    >>> planes.shape
    torch.Size([8, 3, 2, 4, 4])
    """
    stacked = torch.stack([sample[0] for sample in samples], dim=1)
    rest = [default_collate(list(values)) for values in zip(*(s[1:] for s in samples), strict=True)]
    return (stacked, *rest)


def _alone(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values
