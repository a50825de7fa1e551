"""Build a dataset from its card, and check that what came out is what the card says."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eventsim.pipeline.cards import DatasetCard, Expectation
from eventsim.pipeline.image_plan import ImageInput, plan_images
from eventsim.pipeline.meter import Progress
from eventsim.pipeline.run import run
from eventsim.store.planes_reader import PlanesDataset
from eventsim.store.reader import open_dataset
from eventsim.store.summary import Summary

PARTIAL_TOLERANCE = 5.0
"""The first images of a set are not like all of them: their rate may be off by so many times the
tolerance of the card before it is mentioned as strange. Chosen by eye."""


@dataclass(frozen=True)
class Finding:
    """One thing that was checked: what, and whether it is as the card says."""

    words: str
    good: bool


def build(
    card: DatasetCard,
    inputs: Sequence[ImageInput],
    out: str | Path,
    *,
    workers: int = 1,
    limit: int | None = None,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> tuple[Summary, list[Finding]]:
    """Convert the images as the card says, and check the result.

    Parameters
    ----------
    card : DatasetCard
    inputs : sequence of ImageInput
    out : path
        Of the dataset.
    workers, overwrite, progress
        As in `eventsim.pipeline.run.run`.
    limit : int, optional
        Only the first so many images of each input; then numbers of samples are not checked.

    Returns
    -------
    Summary
    list of Finding

    Raises
    ------
    ConfigError, SourceError, StoreError
        As `plan_images` and `run`.
    """
    planned = plan_images(
        inputs,
        card.make_method(),
        size=card.sensor_size,
        fit=card.fit,
        seed=card.seed,
        limit=limit,
    )
    summary = run(planned, out, workers=workers, overwrite=overwrite, progress=progress)
    return summary, check_built(card, out, whole=limit is None)


def check_built(card: DatasetCard, path: str | Path, *, whole: bool = True) -> list[Finding]:
    """Hold a dataset against its card.

    Parameters
    ----------
    card : DatasetCard
    path : path
        A finished dataset.
    whole : bool
        Whether all images were meant to be converted.

    Returns
    -------
    list of Finding
        Two for each split that is there and that the card expects something of.
    """
    dataset = open_dataset(path)
    splits = np.array([sample.split for sample in dataset])
    if isinstance(dataset, PlanesDataset):
        events = dataset.ones
    else:
        events = np.array([len(recording) for recording in dataset])
    findings = []
    for split, expected in card.expect.items():
        counts = events[splits == split]
        if not len(counts):
            continue
        if whole:
            findings.append(_check_samples(split, len(counts), expected))
        findings.append(_check_events(split, counts, card, expected, whole))
    return findings


def _check_samples(split: str, found: int, expected: Expectation) -> Finding:
    good = found == expected.samples
    words = "as expected" if good else f"expected {expected.samples:,}"
    return Finding(f"{split}: {found:,} samples, {words}", good)


def _check_events(
    split: str, counts: np.ndarray, card: DatasetCard, expected: Expectation, whole: bool
) -> Finding:
    if expected.rate_percent is not None:
        bits = 16 * card.sensor_size.width * card.sensor_size.height
        found, wanted = 100 * counts.mean() / bits, expected.rate_percent
        words = (
            f"{split}: event density {found:.3f} %, expected {wanted:g} +- {expected.tolerance:g}"
        )
    else:
        found, wanted = counts.mean(), expected.events_per_recording or 0.0
        words = (
            f"{split}: {found:,.0f} events per recording, expected {wanted:,.0f} +- "
            f"{expected.tolerance:,.0f}"
        )
    tolerance = expected.tolerance * (1 if whole else PARTIAL_TOLERANCE)
    if not whole:
        words += f" (times {PARTIAL_TOLERANCE:g}: not all images were converted)"
    return Finding(words, bool(abs(found - wanted) <= tolerance))
