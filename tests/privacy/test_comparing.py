"""All ways over seeds, and the page."""

from eventsim.privacy.comparing import compare
from eventsim.privacy.measure import Way
from eventsim.privacy.ways import NOTHING, RAW
from eventsim.transforms.keyed import PermutePixels


def test_every_way_is_measured_for_every_seed(clips):
    told = []
    ways = [RAW, Way("PermutePixels", (PermutePixels(),)), NOTHING]
    findings = compare(
        lambda seed: clips[:24], ways, [1, 2], "Faces.", with_orders=False,
        tell=lambda done, total, words: told.append((done, total)),
    )  # fmt: skip
    assert told == [(k, 6) for k in range(1, 7)]
    assert [len(result.runs) for result in findings.results] == [2, 2, 2]
    assert len(findings.shown) == 3
    assert (findings.people, findings.clips, findings.seeds) == (2, 24, (1, 2))
    raw, hidden, _ = (result.mean("person_adaptive") for result in findings.results)
    assert hidden < raw
