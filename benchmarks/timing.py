"""Timing that survives other load: A B A B ..., and the median of each."""

from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter
from typing import TypeVar

T = TypeVar("T")


def interleave(jobs: Mapping[str, Callable[[], T]], repeats: int) -> dict[str, list[T]]:
    """Run all jobs in turn, `repeats` times over, so that a slow moment hits all of them.

    Parameters
    ----------
    jobs : mapping of str to callable
    repeats : int

    Returns
    -------
    dict of str to list
        What each job returned, `repeats` values.
    """
    results: dict[str, list[T]] = {name: [] for name in jobs}
    for _ in range(repeats):
        for name, job in jobs.items():
            results[name].append(job())
    return results


def seconds(job: Callable[[], object]) -> Callable[[], float]:
    """Turn a job into one that returns how long it took, seconds."""

    def timed() -> float:
        started = perf_counter()
        job()
        return perf_counter() - started

    return timed


def ratio(a: list[float], b: list[float]) -> float:
    """Median over the rounds of a / b, each pair from one round."""
    return median(x / y for x, y in zip(a, b, strict=True))
