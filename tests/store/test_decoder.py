"""Steps by hand, and the decoder of the documentation, which knows nothing of eventsim."""

import subprocess
import sys

import numpy as np
import pytest

from eventsim.events import COLUMNS, Events, SensorSize
from eventsim.store.decoder import decode

PLAIN = """
import sys
import numpy as np
import zarr

part = zarr.open_group(sys.argv[1], mode="r")
start, stop, width, height = map(int, sys.argv[2:])
step, (event, t0, pixel0) = part["step"][start:stop], part["restart"][:].T
row = np.searchsorted(event, np.arange(start, stop), "right") - 1
moved = np.cumsum(step >> 4).astype(np.int64)
key = moved - moved[event[row] - start] + pixel0[row]
t, y, x = t0[row] + key // (width * height), key // width % height, key % width
p, kind = step & 1, step >> 1 & 7

import io
kept = io.BytesIO()
np.save(kept, np.stack([t, x, y, p, kind]).astype(np.int64))
sys.stdout.buffer.write(kept.getvalue())
assert not any(name.startswith("eventsim") for name in sys.modules)
"""


def empty(n, size):
    return Events.from_columns([np.empty(n, d) for d in COLUMNS.values()], SensorSize(*size))


def test_by_hand():
    """3 px wide, 2 high: one right; 2 us and 1 px later; the same pixel again, of another kind."""
    steps = np.array([0 << 4 | 1, 1 << 4, 2 * 6 + 1 << 4 | 1, 0 << 4 | 3 << 1], np.uint64)
    out = empty(4, (3, 2))
    decode(steps, 100, 2, out)
    assert out == Events.of(
        [100, 100, 102, 102], [2, 0, 1, 1], [0, 1, 1, 1], [1, 0, 1, 0], [0, 0, 0, 3], size=(3, 2)
    )
    decode(steps[:0], 0, 0, empty(0, (3, 2)))


def test_a_sum_at_its_limit():
    """The largest that a writer lets differences add up to, and one more."""
    most = 2**60 - 1
    out = empty(2, (1, 1))
    decode(np.array([0, most << 4], np.uint64), 0, 0, out)
    assert out.t.tolist() == [0, most]
    with pytest.raises(ValueError, match="too large"):
        decode(np.array([0, most << 4, 1 << 4], np.uint64), 0, 0, empty(3, (1, 1)))
    decode(np.array([0, 1 << 4], np.uint64), 2**63 - 2, 0, out)
    assert out.t.tolist() == [2**63 - 2, 2**63 - 1]
    with pytest.raises(ValueError, match="64 bits"):
        decode(np.array([0, 1 << 4], np.uint64), 2**63 - 1, 0, out)


@pytest.mark.usefixtures("small_shards")
def test_four_lines_of_numpy_read_what_we_write(tmp_path, hand):
    """Recordings over the borders of chunks and shards, with zarr and NumPy alone."""
    from eventsim.store.dataset import create_dataset
    from eventsim.store.writer import PartWriter

    create_dataset(tmp_path / "a.zarr", {}, parts=1)
    writer = PartWriter(tmp_path / "a.zarr", 0)
    start = 0
    for seed, n in ((1, 90), (2, 0), (3, 300)):
        packets = hand.make_packets(seed, n, t0_us=seed * 2**41)
        hand.write_recording(writer, packets, "x")
    writer.commit()
    for seed, n in ((1, 90), (2, 0), (3, 300)):
        expected = hand.joined(hand.make_packets(seed, n, t0_us=seed * 2**41))
        part = tmp_path / "a.zarr/parts/00000"
        arguments = [str(k) for k in (part, start, start + n, *hand.size)]
        done = subprocess.run(
            [sys.executable, "-c", PLAIN, *arguments], capture_output=True, check=True, timeout=60
        )
        (tmp_path / "columns.npy").write_bytes(done.stdout)
        columns = np.load(tmp_path / "columns.npy")
        for column, name in zip(columns, ("t", "x", "y", "p", "kind"), strict=True):
            assert np.array_equal(column, getattr(expected, name)), name
        start += n
