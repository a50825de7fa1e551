"""A part that was kept half and gone on with is, byte for byte, one that was never interrupted."""

import numpy as np
import pytest

from eventsim.store.attempts import begin_run
from eventsim.store.checkpoints import (
    CHECKPOINTS,
    discard_checkpoints,
    read_checkpoint,
    write_checkpoint,
)
from eventsim.store.dataset import create_dataset
from eventsim.store.finish import finish
from eventsim.store.writer import PartWriter

PIXELS = {"volts": np.arange(3.0, dtype=np.float32)}


def begin(hand, path, sizes=(100, 90_000)):
    """A part with a recording, a failure, and one that is open: three chunks of steps are full."""
    writer = PartWriter(path, 0, begin_run(path))
    hand.write_recording(writer, hand.make_packets(1, sizes[0]), "a", sample=0)
    writer.fail_recording("broken", source="bad", sample=1)
    writer.begin_recording(size=hand.size, source="long", seed=7, sample=2, id="long", label="x")
    packets = hand.make_packets(2, sizes[1], packets=4)
    for packet in packets[:2]:
        writer.write(packet)
    return writer, packets[2:]


def end(hand, writer, packets):
    for packet in packets:
        writer.write(packet)
    writer.end_recording(notes=["n"])
    hand.write_recording(writer, hand.make_packets(3, 40), "c", sample=3)
    writer.commit()


@pytest.mark.parametrize("size", [0, 70, 90_000])
def test_gone_on_with(tmp_path, hand, tree, size):
    whole, out = tmp_path / "whole", tmp_path / "out"
    for path in (whole, out):
        create_dataset(path, {"version": "0", "seed": 1}, parts=1)
    writer, left = begin(hand, whole, (100, size))
    end(hand, writer, left)
    finish(whole)
    writer, left = begin(hand, out, (100, size))
    write_checkpoint(out, "work", writer, 12, PIXELS)
    writer.write(left[0])  # what comes after the checkpoint must not show
    run = begin_run(out)  # the attempt is gone, the checkpoint stays
    kept = read_checkpoint(out, "work")
    assert (kept.frames, kept.sample) == (12, 2)
    assert kept.pixels["volts"].tolist() == [0, 1, 2]
    again = PartWriter(out, 0, run)
    kept.restore(again)
    end(hand, again, left)
    finish(out)
    assert tree(out) == tree(whole)


def test_the_farthest_one_of_the_same_work_counts(tmp_path, hand):
    out = tmp_path / "out"
    create_dataset(out, {}, parts=1)
    writer, left = begin(hand, out)
    assert read_checkpoint(out, "work") is None
    write_checkpoint(out, "work", writer, 12, PIXELS)
    write_checkpoint(out, "other", writer, 99, PIXELS)
    writer.write(left[0])
    write_checkpoint(out, "work", writer, 18, PIXELS)
    assert read_checkpoint(out, "work").frames == 18
    assert len(list((out / CHECKPOINTS / "work").iterdir())) == 1
    discard_checkpoints(out, "work")
    assert read_checkpoint(out, "work") is None
    assert read_checkpoint(out, "other").frames == 99


def test_one_that_is_not_whole_is_not_gone_on_with(tmp_path, hand):
    out = tmp_path / "out"
    create_dataset(out, {}, parts=1)
    writer, _ = begin(hand, out)
    write_checkpoint(out, "work", writer, 12, PIXELS)
    kept = read_checkpoint(out, "work")
    torn = kept.folder / "files" / "step" / "torn"
    data = torn.read_bytes()
    for wrong in (data[:-1], bytes([data[0] ^ 1]) + data[1:]):
        torn.unlink()  # a new file: the other name of the old one is the writer's
        torn.write_bytes(wrong)
        with pytest.raises(ValueError, match="has changed"):
            kept.restore(PartWriter(out, 0))
    (kept.folder / "state.json").write_text("{")
    assert read_checkpoint(out, "work") is None
