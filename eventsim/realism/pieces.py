"""Pieces of recordings that are held against each other: whole recordings, or windows of one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eventsim.errors import ConfigError
from eventsim.events import Events, SensorSize
from eventsim.realism.features import Span
from eventsim.store.reader import Dataset

RECORDINGS = 20
"""From so many recordings on, each is a piece; fewer are cut into windows. Chosen by eye."""
WINDOWS = 60
"""About so many windows are cut from few recordings; chosen by eye."""
SHORTEST_US = 10_000


@dataclass(frozen=True, eq=False)
class Piece:
    """Events of a while, and of what.

    Attributes
    ----------
    events : Events
        Times from 0.
    span : Span
        From 0 to the duration, which all pieces share.
    key : tuple of int
        Sample number and window: what is equal in a pair.
    """

    events: Events
    span: Span
    key: tuple[int, int]


@dataclass(frozen=True)
class Cutting:
    """How both sides are cut: pieces of so many microseconds, from one recording each or more."""

    duration_us: int
    whole: bool


def choose_cutting(datasets: Sequence[Dataset], duration_us: int | None = None) -> Cutting:
    """Decide how to cut, so that there are enough pieces and all are alike.

    Parameters
    ----------
    datasets : sequence of Dataset
        All that are held against each other.
    duration_us : int, optional
        Default: of recordings the duration that nine of ten have, of windows a share of them.

    Raises
    ------
    ConfigError
        If sizes differ, or nothing is long enough.
    """
    tables = [dataset.table() for dataset in datasets]
    sizes = {(int(w), int(h)) for t in tables for w, h in zip(t["width"], t["height"], strict=True)}
    if len(sizes) != 1:
        found = ", ".join(str(SensorSize(*size)) for size in sorted(sizes)) or "no recording"
        raise ConfigError(f"what is compared must have one size, found {found}.")
    whole = min(len(dataset) for dataset in datasets) >= RECORDINGS
    durations = [table["duration_us"] for table in tables]
    if duration_us is None:
        if whole:
            duration_us = int(np.quantile(np.concatenate(durations), 0.1))
        else:
            duration_us = min(int(d.sum()) for d in durations) // WINDOWS
    if duration_us < SHORTEST_US:
        raise ConfigError(
            f"pieces must last {SHORTEST_US // 1000} ms or more, found {duration_us / 1000:g} ms. "
            "Give longer recordings or another duration."
        )
    return Cutting(duration_us, whole)


def cut_pieces(dataset: Dataset, cutting: Cutting, limit: int) -> list[Piece]:
    """The first pieces of a dataset, in its order.

    Parameters
    ----------
    dataset : Dataset
    cutting : Cutting
    limit : int
        At most so many.
    """
    table = dataset.table()
    span = Span(0, cutting.duration_us)
    pieces: list[Piece] = []
    for i in range(len(dataset)):
        windows = 1 if cutting.whole else int(table["duration_us"][i]) // cutting.duration_us
        recording = dataset[i] if windows else None
        for k in range(windows):
            if recording is None or len(pieces) == limit:
                return pieces
            start = recording.start_us + k * cutting.duration_us
            events = recording.window(start, start + cutting.duration_us)
            columns = (events.t - start, events.x, events.y, events.p, events.kind)
            own = Events.from_columns(columns, events.size)
            pieces.append(Piece(own, span, (int(table["sample"][i]), k)))
    return pieces


def paired(real: Sequence[Piece], simulated: Sequence[Piece]) -> tuple[list[Piece], list[Piece]]:
    """The pieces whose keys are on both sides, in one order.

    Raises
    ------
    ConfigError
        If there is none.
    """
    known = {piece.key: piece for piece in simulated}
    both = [(piece, known[piece.key]) for piece in real if piece.key in known]
    if not both:
        raise ConfigError("no sample number is on both sides. Compare without --paired.")
    return [a for a, _ in both], [b for _, b in both]
