import pytest

from eventsim.errors import UnfinishedStoreError
from eventsim.store.dataset import create_dataset
from eventsim.store.finish import finish
from eventsim.store.reader import open_dataset
from eventsim.store.summary import summarize
from eventsim.store.verify import verify
from eventsim.store.writer import PartWriter


def test_refuses_while_parts_are_missing(tmp_path, hand):
    path = tmp_path / "out.zarr"
    create_dataset(path, {}, parts=9)
    writer = PartWriter(path, 1)
    hand.write_recording(writer, hand.make_packets(1, 5), "a")
    writer.commit()
    PartWriter(path, 2)  # begun, never committed
    with pytest.raises(UnfinishedStoreError, match=r"8 are missing: 00000, 00002.* and 3 more"):
        finish(path)


def test_twice_gives_the_same_bytes(dataset_path, tree):
    before = tree(dataset_path)
    finish(dataset_path)
    assert tree(dataset_path) == before


def test_all_inputs_failed(tmp_path):
    """A dataset without recordings is a dataset, and says why it is empty."""
    path = tmp_path / "out.zarr"
    create_dataset(path, {}, parts=1)
    writer = PartWriter(path, 0)
    writer.fail_recording("broken", source="a")
    writer.commit()
    assert finish(path)["recordings"] == 0
    dataset = open_dataset(path)
    assert (len(dataset), dataset.failures) == (
        0,
        [{"sample": 0, "source": "a", "reason": "broken"}],
    )


def test_what_is_converted_later_takes_its_place(tmp_path, hand):
    """A later part holds samples 0 and 2, of which the first had failed; 1 failed twice."""
    path = tmp_path / "out.zarr"
    create_dataset(path, {}, parts=2)
    writer = PartWriter(path, 0)
    writer.fail_recording("broken", source="a", sample=0)
    writer.fail_recording("broken", source="b", sample=1)
    hand.write_recording(writer, hand.make_packets(3, 90), "d", sample=3)
    writer.commit()
    writer = PartWriter(path, 1)
    hand.write_recording(writer, hand.make_packets(1, 50), "c", sample=2)
    hand.write_recording(writer, hand.make_packets(2, 70), "a", sample=0)
    writer.fail_recording("still broken", source="b", sample=1)
    writer.commit()
    finish(path)
    dataset = open_dataset(path)
    assert [(r.sample, r.source, len(r)) for r in dataset] == [
        (0, "a", 70), (2, "c", 50), (3, "d", 90)
    ]  # fmt: skip
    assert dataset[0].events == hand.joined(hand.make_packets(2, 70))
    assert dataset.failures == [{"sample": 1, "source": "b", "reason": "still broken"}]
    assert summarize(path).failures == (("b", "still broken"),)
    assert verify(path).problems == ()


def test_nothing_planned(tmp_path):
    create_dataset(tmp_path / "o", {}, parts=0)
    finish(tmp_path / "o")
    assert len(open_dataset(tmp_path / "o")) == 0
