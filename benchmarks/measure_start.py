"""How long the first packet takes: nothing compiled, compiled before, and warm.

Each measurement is a process of its own, which runs this file.
"""

import json
import os
import subprocess
import sys
import tempfile
from statistics import median
from time import perf_counter, time

from tables import Table, number

LATER = 3
"""Processes that find the kernels compiled."""


def measure_start() -> list[Table]:
    """Start once with an empty cache of compiled kernels, then with a full one."""
    with tempfile.TemporaryDirectory() as cache:
        cold = _child(cache)
        later = [_child(cache) for _ in range(LATER)]
    warm_ms = median(run["warm_s"] for run in later) * 1e3
    rows = [
        _row("nothing compiled", [cold], warm_ms),
        _row("compiled before", later, warm_ms),
        ["warm, same process", "-", number(warm_ms), "-", "1"],
    ]
    columns = (
        "",
        "import eventsim ms",
        "first packet after the import ms",
        "first packet after the start of Python ms",
        "of warm",
    )
    notes = (
        "Two frames of 346x260, a fifth of which brightens, preset v2e-noisy, through "
        "eventsim.simulate. The first row is one "
        f"process with an empty NUMBA_CACHE_DIR, the second the median of {LATER} after it; "
        "'of warm' compares the first packet after the import.",
    )
    return [Table("Start: time to the first packet", columns, rows, notes)]


def _row(name: str, runs: list[dict[str, float]], warm_ms: float) -> list[str]:
    first_ms = median(run["first_s"] for run in runs) * 1e3
    return [
        name,
        number(median(run["import_s"] for run in runs) * 1e3),
        number(first_ms),
        number(median(run["whole_s"] for run in runs) * 1e3),
        number(first_ms / warm_ms),
    ]


def _child(cache: str) -> dict[str, float]:
    environment = os.environ | {"NUMBA_CACHE_DIR": cache}
    started = time()
    done = subprocess.run(
        [sys.executable, __file__], capture_output=True, text=True, check=False, env=environment
    )
    if done.returncode:
        raise RuntimeError(f"{__file__} failed:\n{done.stderr}")
    result: dict[str, float] = json.loads(done.stdout)
    return result | {"whole_s": result["first_packet_at"] - started}


def _main() -> None:
    began = perf_counter()
    import eventsim

    imported = perf_counter()
    import numpy as np

    frames = np.repeat(
        np.random.default_rng(1).integers(60, 200, (1, 260, 346), np.uint8), 2, axis=0
    )
    frames[1, :, :70] += 40
    t_us = np.array([0, 40_000])

    def once() -> float:
        started = perf_counter()
        eventsim.simulate((frames, t_us), sensor="ideal", noise="v2e-noisy", encoding="srgb")
        return perf_counter() - started

    first_s = once()
    first_packet_at = time()
    result = {
        "import_s": imported - began,
        "first_s": first_s,
        "first_packet_at": first_packet_at,
        "warm_s": median(once() for _ in range(5)),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    _main()
