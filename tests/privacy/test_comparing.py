"""All ways over seeds, and the page."""

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
