"""Paths beside recordings: stored exactly, checked, and absent where there is none."""

import numpy as np
import pytest

from eventsim.errors import StoreError
from eventsim.store.dataset import create_dataset
from eventsim.store.finish import finish
from eventsim.store.path_columns import check_path
from eventsim.store.reader import open_dataset
from eventsim.store.verify import verify
from eventsim.store.writer import PartWriter

T = np.array([0, 10, 25])
PATH = (T, T / 3, -T / 7, T * 0.01, 1 + T * 0.1)


def test_paths_come_back_bit_for_bit_and_only_where_they_were(tmp_path, hand):
    path = tmp_path / "a.zarr"
    create_dataset(path, {}, parts=2)
    later = tuple(column[:2] for column in PATH)
    for part, paths in enumerate(((None, PATH, None, later), (None,))):
        writer = PartWriter(path, part)
        for k, nodes in enumerate(paths):
            writer.begin_recording(size=hand.size, source=f"{part} {k}", seed=1)
            for packet in hand.make_packets(k, 20):
                writer.write(packet)
            writer.end_recording(path=nodes)
        writer.commit()
    finish(path)
    assert verify(path).problems == ()
    dataset = open_dataset(path)
    found = [recording.path_columns for recording in dataset]
    assert [columns is None for columns in found] == [True, False, True, False, True]
    for columns, expected in ((found[1], PATH), (found[3], later)):
        assert all(np.array_equal(a, b) for a, b in zip(columns, expected, strict=True))
        assert columns[0].dtype == np.int64
    assert not (path / "parts/00001/path_t").exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({0: T[:2]}, "as many numbers"),
        ({0: T / 1.0}, "integer times"),
        ({0: T[::-1]}, "node 1 is at 10"),
        ({2: T * np.nan}, "finite"),
        ({4: T * 0.0}, "zoom above 0"),
    ],
)
def test_a_path_is_checked(change, words):
    columns = tuple(change.get(k, column) for k, column in enumerate(PATH))
    with pytest.raises(StoreError, match=words):
        check_path(columns)


def test_five_columns():
    with pytest.raises(StoreError, match="5 columns, found 2"):
        check_path(PATH[:2])
