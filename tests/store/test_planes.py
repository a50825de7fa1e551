"""Writing planes: packed, in shards, with a record of every sample."""

from itertools import pairwise

import numpy as np
import pytest
import zarr

from eventsim.errors import StoreError
from eventsim.store.dataset import create_dataset
from eventsim.store.planes import PlanesWriter
from eventsim.store.summary import summarize


def test_planes_are_a_regular_array_that_zarr_alone_can_read(tmp_path, hand):
    planes = hand.write_planes(tmp_path / "a.zarr")
    array = zarr.open_array(tmp_path / "a.zarr/parts/00000/planes", mode="r")
    assert array.shape == (5, 8, 2, 5, 2)
    assert np.array_equal(np.unpackbits(array[:], axis=-1, count=11), planes[:5])


def test_the_summary_counts_ones(tmp_path, hand):
    planes = hand.write_planes(tmp_path / "a.zarr")
    summary = summarize(tmp_path / "a.zarr")
    assert (summary.samples, summary.events) == (8, planes.sum())
    assert summary.on == planes[:, :, 1].sum()
    assert summary.density == pytest.approx(planes.mean())
    assert summary.failures == (("set#2", "it is broken"),)
    assert summary.notes == (("set#1", "resized"),)


def test_equal_planes_give_equal_bytes_in_any_batches(tmp_path, hand):
    trees = []
    for name, cuts in (("a", (0, 6)), ("b", (0, 1, 4, 6))):
        create_dataset(tmp_path / name, {"content": "planes"}, parts=1)
        writer = PlanesWriter(tmp_path / name, 0, hand.planes_size)
        packed = np.packbits(hand.make_planes(3, 6), axis=-1)
        for a, b in pairwise(cuts):
            writer.write(packed[a:b], [hand.plane_info(k) for k in range(a, b)])
        writer.commit()
        files = sorted(p for p in (tmp_path / name).rglob("*") if p.is_file())
        trees.append([(p.relative_to(tmp_path / name), p.read_bytes()) for p in files])
    assert trees[0] == trees[1]


def test_other_shapes_are_refused(tmp_path, hand):
    create_dataset(tmp_path / "a", {"content": "planes"}, parts=1)
    writer = PlanesWriter(tmp_path / "a", 0, hand.planes_size)
    with pytest.raises(StoreError, match="must be uint8"):
        writer.write(hand.make_planes(0, 1), [hand.plane_info(0)])
