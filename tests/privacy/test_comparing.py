"""All ways over seeds, and the page."""

import numpy as np
import pytest

from eventsim.privacy import comparing
from eventsim.privacy.comparing import compare
from eventsim.privacy.ways import NOTHING, RAW


def test_every_way_is_measured_for_every_seed(clips):
    told = []
    ways = [RAW, NOTHING]
    findings = compare(
        lambda seed: clips[:24], ways, [1, 2], "Faces.", with_orders=False,
        tell=lambda done, total, words: told.append((done, total)),
    )  # fmt: skip
    assert told == [(k, 4) for k in range(1, 5)]
    assert [len(result.runs) for result in findings.results] == [2, 2]
    assert len(findings.shown) == 2
    assert (findings.people, findings.clips, findings.seeds) == (2, 24, (1, 2))
    raw, none = (result.mean("person_adaptive") for result in findings.results)
    assert none == 0.5 < raw


def test_what_is_kept_is_not_measured_again(clips, tmp_path, monkeypatch):
    ways = [RAW, NOTHING]
    done = []

    class Counted(comparing.Bench):
        def measure(self, way):
            done.append(way)
            if len(done) == 2:
                raise KeyboardInterrupt
            return super().measure(way)

    monkeypatch.setattr(comparing, "Bench", Counted)
    options = {"with_orders": False, "keep": tmp_path / "kept"}
    with pytest.raises(KeyboardInterrupt):
        compare(lambda seed: clips[:24], ways, [1], "Faces.", **options)
    found = compare(lambda seed: clips[:24], ways, [1], "Faces.", **options)
    assert done == [RAW, NOTHING, NOTHING]
    again = compare(lambda seed: clips[:24], ways, [1], "Faces.", **options)
    assert len(done) == 3
    plain = compare(lambda seed: clips[:24], ways, [1], "Faces.", with_orders=False)
    for other in (again, plain):
        for one, two in zip(found.results, other.results, strict=True):
            np.testing.assert_equal(vars(one.runs[0]), vars(two.runs[0]))
        for one, two in zip(found.shown, other.shown, strict=True):
            np.testing.assert_equal(vars(one), vars(two))
    # Others are measured for themselves.
    compare(lambda seed: clips[:22], [RAW], [1], "Faces.", **options)
    compare(lambda seed: clips[:24], [RAW], [2], "Faces.", **options)
    assert len(done) == 3 + 2 + 1 + 1
