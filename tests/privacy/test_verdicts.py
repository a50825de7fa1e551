"""Numbers in words."""

from dataclasses import replace

import numpy as np
import pytest

from eventsim.privacy.measure import Measured, Way
from eventsim.privacy.verdicts import (
    FAILS,
    PROTECTS,
    UNSHOWN,
    WEAKENS,
    Result,
    by_family,
    judge,
    risk,
)
from eventsim.transforms import Thin
from eventsim.transforms.keyed import PermutePixels

BEST = Measured(0.5, 0.7, 0.7, 0.9, 0.9, 1.0, 1.0, 0.4, 1.0, 1.0, 0.95, 0.95, 1.0)
WORST = Measured(0.3, 0.3, 0.3, 0.1, 0.1, 0.5, 0.5, 0.1, 0.5, 0.0, 0.2, 0.2, 0.0)
RAW, NOTHING = Result(Way("raw", ()), (BEST,)), Result(Way("none", (Thin(1.0),)), (WORST,))


def of(*methods, **changes):
    return Result(Way("x", methods or (Thin(0.5),)), (replace(WORST, **changes),))


def test_what_protects_least_decides():
    assert judge(of(), RAW, NOTHING).level == PROTECTS
    assert judge(of(person_adaptive=0.2), RAW, NOTHING).level == PROTECTS  # 0.1 of 0.8
    assert judge(of(person_adaptive=0.4), RAW, NOTHING).level == WEAKENS
    assert judge(of(attribute_adaptive=0.9), RAW, NOTHING).level == FAILS
    assert judge(of(likeness_adaptive=0.65), RAW, NOTHING).level == FAILS


def test_an_attacker_who_did_not_adapt_is_named():
    words = judge(of(person_adaptive=0.8, person_naive=0.1), RAW, NOTHING).words
    assert "recognizes 80% of people (raw 90%, chance 10%)" in words
    assert "one who does not gets 10%" in words
    assert "Whoever has the key" not in words


def test_an_order_that_stays_never_protects():
    verdict = judge(of(PermutePixels(rekey_us=None)), RAW, NOTHING)
    assert verdict.level == FAILS
    assert "fire together" in verdict.words
    assert "Whoever has the key gets everything back" in verdict.words
    assert judge(of(PermutePixels()), RAW, NOTHING).level == PROTECTS


def test_nothing_follows_where_raw_recordings_tell_nothing():
    weak = Result(Way("raw", ()), (replace(BEST, person_adaptive=0.12),))
    verdict = judge(of(), weak, NOTHING)
    assert verdict.level == UNSHOWN
    assert "is not shown here" in verdict.words
    assert judge(of(likeness_adaptive=0.65), weak, NOTHING).level == FAILS
    no_marks = Result(Way("raw", ()), (replace(BEST, attribute_adaptive=np.nan),))
    assert judge(of(attribute_adaptive=np.nan), no_marks, NOTHING).level == PROTECTS


def test_means_and_deviations_are_over_seeds():
    result = Result(Way("x", ()), (BEST, WORST))
    assert result.mean("person_adaptive") == pytest.approx(0.5)
    assert result.deviation("person_adaptive") == pytest.approx(np.std([0.9, 0.1], ddof=1))
    assert RAW.deviation("person_adaptive") == 0
    assert risk(result, RAW, NOTHING, "person_adaptive") == pytest.approx(0.5)
    no_marks = replace(BEST, attribute_adaptive=np.nan)
    unknown = risk(RAW, Result(Way("raw", ()), (no_marks,)), NOTHING, "attribute_adaptive")
    assert np.isnan(unknown)


def test_strengths_of_one_method_stand_together():
    results = [Result(Way(name, ()), (BEST,)) for name in ("a", "b", "a")]
    assert {name: len(some) for name, some in by_family(results).items()} == {"a": 2, "b": 1}
