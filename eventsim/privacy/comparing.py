"""All ways measured over seeds: what a report is made of."""

from collections.abc import Callable, Sequence
from pathlib import Path

from eventsim.privacy.clips import Clip
from eventsim.privacy.fixed_order import Broken, attack_orders, moving_texture
from eventsim.privacy.kept import KeptMeasurements
from eventsim.privacy.measure import Bench, Measured, Shown, Way
from eventsim.privacy.report import Findings
from eventsim.privacy.verdicts import Result

Tell = Callable[[int, int, str], None]
"""Called with how many measurements are done, how many there are, and the last one in words."""


def compare(
    record: Callable[[int], Sequence[Clip]],
    ways: Sequence[Way],
    seeds: Sequence[int],
    about: str,
    *,
    with_orders: bool = True,
    keep: Path | None = None,
    tell: Tell | None = None,
) -> Findings:
    """Measure every way on the clips of every seed.

    Parameters
    ----------
    record : callable
        Gives the clips of a seed.
    ways : sequence of Way
        The first leaves recordings as they are, the last leaves nothing.
    seeds : sequence of int
    about : str
        What is recorded, in words.
    with_orders : bool
        Also attack orders of pixels by statistics, 20 s for each.
    keep : Path, optional
        Folder of what is done: an interrupted comparison goes on from there.
    tell : callable, optional
    """
    runs: list[list[Measured]] = [[] for _ in ways]
    shown: list[Shown] = []
    clips: Sequence[Clip] = ()
    done, total = 0, len(ways) * len(seeds)
    for seed in seeds:
        clips = record(seed)
        kept = None if keep is None else KeptMeasurements(keep, clips, seed)
        bench = None
        for k, way in enumerate(ways):
            found = kept.load(way) if kept else None
            if found is None:
                bench = bench or Bench(clips, seed)
                found = bench.measure(way)
                if kept:
                    kept.save(way, *found)
            measured, view = found
            runs[k].append(measured)
            if seed == seeds[0]:
                shown.append(view)
            done += 1
            if tell:
                tell(done, total, f"{way.words}: people {measured.person_adaptive:.0%}")
    broken: list[Broken] = []
    if with_orders:
        broken = attack_orders(moving_texture(seeds[0]), seeds[0])
    results = tuple(Result(way, tuple(some)) for way, some in zip(ways, runs, strict=True))
    people = len({clip.person for clip in clips})
    return Findings(results, tuple(shown), tuple(broken), people, len(clips), tuple(seeds), about)
