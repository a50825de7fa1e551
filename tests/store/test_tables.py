"""Columns are read as they were written, and refused if they are not whole."""

import numpy as np
import pytest
import zarr

from eventsim.store.tables import Texts, read_columns, write_columns


def test_texts():
    words = ["", "läuft", "\udcff", "x"]
    texts = Texts.of(words)
    assert [texts[i] for i in range(len(texts))] == words
    taken = texts.take(np.array([3, 1, 1]))
    assert [taken[i] for i in range(3)] == ["x", "läuft", "läuft"]
    joined = Texts.joined([taken, Texts.of([]), texts])
    assert len(joined) == 7
    assert joined[4] == "läuft"


def test_columns(tmp_path):
    group = zarr.create_group(tmp_path / "t")
    write_columns(tmp_path / "t", {"n": np.array([3, -1])}, {"w": Texts.of(["a", "ß"])})
    numbers, texts = read_columns(group, ["n"], ["w"], rows=2)
    assert numbers["n"].tolist() == [3, -1]
    assert [texts["w"][i] for i in range(2)] == ["a", "ß"]
    with pytest.raises(ValueError, match="n has 2 rows, and there are 3"):
        read_columns(group, ["n"], [], rows=3)
    with pytest.raises(ValueError, match="w is no column of int64"):
        read_columns(group, ["w"], [], rows=2)
    with pytest.raises(KeyError):
        read_columns(group, [], ["n"], rows=2)
