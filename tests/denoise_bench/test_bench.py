"""Filters on streams whose noise is known."""

import numpy as np
import pytest

from eventsim.denoise import BAF, STCF, HotPixelFilter
from eventsim.denoise_bench.bench import GRID, LabeledStream, measure
from eventsim.denoise_bench.situations import Situation
from eventsim.events import Events, Kind, SensorSize


@pytest.fixture(scope="module")
def stream():
    events = Situation("traffic", "davis346", 2.0, 1).events(SensorSize(64, 48), 0.4)
    return LabeledStream("traffic", events, events.kind == Kind.SIGNAL, "known", "one")


def test_what_is_measured_is_what_was_kept(stream):
    told = []
    findings = measure([stream], [BAF(), STCF(), HotPixelFilter()], tell=told.append)
    assert told == [stream]
    (about,) = findings.streams
    assert about.events == len(stream.events)
    assert about.signal == about.kinds["signal"]
    assert sum(about.kinds.values()) == about.events
    for row, how in zip(findings.rows, (BAF(), STCF(), HotPixelFilter()), strict=True):
        kept = how(stream.events)
        share = np.mean(kept.kind == 0) * len(kept) / about.signal
        assert row.method == repr(how)
        assert row.tpr == pytest.approx(share)
        noise = about.events - about.signal
        assert row.fpr == pytest.approx(np.mean(kept.kind != 0) * len(kept) / noise)
        shots = np.count_nonzero(kept.kind == Kind.SHOT)
        assert row.kept_by_kind["shot"] == pytest.approx(shots / about.kinds["shot"])
        assert len(row.curve) == len(GRID)
        assert row.curve[-1] == 1.0
        assert list(row.curve) == sorted(row.curve)
        assert findings.seconds_per_mev[row.method] > 0
    baf, stcf, hot = findings.rows
    assert 0.6 < baf.auc < stcf.auc < 1
    assert hot.auc_by_kind["hot"] > hot.auc_by_kind["shot"] + 0.1
    assert stcf.auc_by_kind["shot"] > 0.8


def test_two_runs_are_equal(stream):
    one, two = (measure([stream], [STCF()]) for _ in range(2))
    assert (one.streams, one.rows) == (two.streams, two.rows)


def test_streams_with_nothing_to_tell_are_left_out(stream):
    all_of_it = np.ones(len(stream.events), bool)
    clean = LabeledStream("clean", stream.events, all_of_it, "known")
    empty = LabeledStream("empty", Events.empty((4, 4)), np.zeros(0, bool), "known")
    assert measure([clean, empty], [BAF()]).rows == ()
