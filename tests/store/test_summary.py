import pytest

from eventsim.store.summary import summarize


def test_by_hand(dataset_path, hand, tree):
    """Two recordings with events and one without, each of 8 ms on 12 x 7 pixels."""
    summary = summarize(dataset_path)
    first = hand.joined(hand.make_packets(1, 500))
    last = hand.joined(hand.make_packets(3, 300))
    assert (summary.recordings, summary.frames, summary.events) == (3, 27, 800)
    assert summary.on == int(first.p.sum() + last.p.sum())
    assert summary.kinds["hot"] == int((first.kind == 3).sum() + (last.kind == 3).sum())
    assert sum(summary.kinds.values()) == 800
    assert summary.duration_us == 24_000
    assert summary.pixel_seconds == pytest.approx(3 * 84 * 0.008)
    assert summary.bytes == sum(len(content) for content in tree(dataset_path).values())
    assert summary.failures == (("bad.mp4", "it is broken"),)
    assert summary.notes[2] == ("ü.mp4", "note of ü.mp4")
    assert summary.partial == 0
