"""What numbers mean, in words that nobody can take for more than they say."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eventsim.privacy.measure import Measured, Way

PROTECTS, WEAKENS, FAILS = "protects here", "weakens", "does not protect"
UNSHOWN = "not shown"
"""Raw recordings tell attackers next to nothing either, so nothing follows."""
_LITTLE, _MUCH = 0.15, 0.5
"""Of what attackers get from raw recordings beyond what they get from nothing; chosen by eye."""
_LEAST_SPAN = 0.1
"""Of a share or an SSIM between raw and nothing, below which it decides nothing; chosen by eye."""


@dataclass(frozen=True)
class Result:
    """What was measured of one way, over seeds.

    Attributes
    ----------
    way : Way
    runs : tuple of Measured
        One a seed.
    """

    way: Way
    runs: tuple[Measured, ...]

    def mean(self, name: str) -> float:
        """Mean of a number over the seeds."""
        return float(np.mean([getattr(run, name) for run in self.runs]))

    def deviation(self, name: str) -> float:
        """Standard deviation of a number over the seeds; 0 with one."""
        values = [getattr(run, name) for run in self.runs]
        return float(np.std(values, ddof=1)) if len(values) > 1 else 0.0


@dataclass(frozen=True)
class Verdict:
    """Whether a way protects.

    Attributes
    ----------
    level : str
        `PROTECTS`, `WEAKENS` or `FAILS`, by what it protects least; `UNSHOWN` if people are not
        recognized in raw recordings either.
    words : str
    """

    level: str
    words: str


def risk(result: Result, raw: Result, nothing: Result, name: str) -> float:
    """Share of what attackers get from raw recordings that they still get; 0 is as from nothing.

    nan if raw recordings give next to nothing themselves, or the number was not measured.
    """
    span = raw.mean(name) - nothing.mean(name)
    if not span >= _LEAST_SPAN:
        return float("nan")
    return float(np.clip((result.mean(name) - nothing.mean(name)) / span, 0, 1))


def judge(result: Result, raw: Result, nothing: Result) -> Verdict:
    """The verdict on a way, and why.

    Parameters
    ----------
    result, raw, nothing : Result
        Of the way; of raw recordings; and of none at all, by which chance is known.
    """
    risks = {
        name: risk(result, raw, nothing, f"{name}_adaptive")
        for name in ("person", "attribute", "likeness")
    }
    worst = float(np.nanmax([0.0, *risks.values()]))
    level = PROTECTS if worst <= _LITTLE else WEAKENS if worst <= _MUCH else FAILS
    if np.isnan(risks["person"]) and level != FAILS:
        level = UNSHOWN
    people, naive = result.mean("person_adaptive"), result.mean("person_naive")
    parts = [
        f"An attacker who trains on its output recognizes {people:.0%} of people "
        f"(raw {raw.mean('person_adaptive'):.0%}, chance {nothing.mean('person_adaptive'):.0%})"
    ]
    if level == UNSHOWN:
        parts[0] += "; raw recordings are hardly better, so what it protects from is not shown here"
    elif people - naive > 0.1:
        parts[0] += (
            f"; one who does not gets {naive:.0%}, which would make it look safer than it is"
        )
    if risks["attribute"] > _LITTLE:
        parts.append(
            f"Glasses and the like are found (area under the curve "
            f"{result.mean('attribute_adaptive'):.2f})"
        )
    parts.append(
        f"Pictures: {_pictures(risks['likeness'])} (SSIM {result.mean('likeness_adaptive'):.2f}, "
        f"raw {raw.mean('likeness_adaptive'):.2f}, nothing {nothing.mean('likeness_adaptive'):.2f})"
    )
    parts.append(
        f"The task keeps {result.mean('task_adaptive'):.0%} when trained on anonymized data and "
        f"{result.mean('task_naive'):.0%} when trained on raw (raw {raw.mean('task_adaptive'):.0%})"
    )
    if any(getattr(method, "rekey_us", 0) is None for method in result.way.methods):
        level = FAILS
        parts.append(
            "One order for a whole recording is found from which pixels fire together, once the "
            "recording is long enough: see below"
        )
    if result.way.is_keyed and result.way.methods:
        parts.append("Whoever has the key gets everything back: the numbers of raw")
    return Verdict(level, ". ".join(parts) + ".")


def by_family(results: Sequence[Result]) -> dict[str, list[Result]]:
    """Results of each method, in order of strength."""
    families: dict[str, list[Result]] = {}
    for result in results:
        families.setdefault(result.way.family, []).append(result)
    return families


def _pictures(share: float) -> str:
    if np.isnan(share):
        return "no worse than from raw recordings, which give none"
    if share <= _LITTLE:
        return "hardly better than guessed from what people look like in general"
    return "coarse" if share <= _MUCH else "a face can be seen"
