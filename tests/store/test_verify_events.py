"""What `tests/store/test_verify.py` leaves: paths of moved images."""

import numpy as np
import pytest
import zarr

from eventsim.store.dataset import create_dataset
from eventsim.store.finish import finish
from eventsim.store.verify import verify
from eventsim.store.writer import PartWriter


@pytest.fixture
def moved(tmp_path, hand):
    """Two recordings with paths of three nodes."""
    path = tmp_path / "a.zarr"
    create_dataset(path, {}, parts=1)
    writer = PartWriter(path, 0)
    t = np.array([0, 10, 25])
    for k in range(2):
        writer.begin_recording(size=hand.size, source=str(k), seed=1)
        for packet in hand.make_packets(k, 20):
            writer.write(packet)
        writer.end_recording(path=(t, t / 3, t / 5, t * 0.0, t * 0.0 + 1))
    writer.commit()
    finish(path)
    return path


@pytest.mark.parametrize(
    ("column", "index", "value"),
    [
        ("path_t", 1, 0),
        ("path_x", 4, np.nan),
        ("path_zoom", 2, 0.0),
        ("path_offsets", 1, 2),
    ],
)
def test_a_path_that_breaks_a_promise_is_found(moved, hand, column, index, value):
    assert verify(moved).problems == ()
    array = zarr.open_array(moved / f"parts/00000/{column}", mode="r+")
    array[index] = value
    assert any("checksum" in p for p in verify(moved).problems)
    hand.reseal(moved)
    problems = verify(moved).problems
    assert any("path" in p for p in problems), problems
    assert all("checksum" not in p for p in problems)
