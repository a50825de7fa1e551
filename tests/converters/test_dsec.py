"""The converter of DSEC, on a tiny copy of its layout."""

import numpy as np
import pytest

from eventsim.errors import SourceError

h5py = pytest.importorskip("h5py")
hdf5plugin = pytest.importorskip("hdf5plugin")


def write(path):
    path.parent.mkdir(parents=True)
    with h5py.File(path, "w") as file:
        for name, values, form in (
            ("t", [0, 5, 70], "u4"), ("x", [0, 639, 5], "u2"), ("y", [0, 479, 9], "u2"),
            ("p", [1, 0, 1], "u1"),
        ):  # fmt: skip
            data = np.array(values, form)
            file.create_dataset(f"events/{name}", data=data, **hdf5plugin.Blosc(cname="zstd"))
        file["t_offset"] = 49_599_300_523
        file["ms_to_idx"] = np.array([0, 3], np.uint64)


def test_the_cameras_of_a_sequence(bring, program, tmp_path):
    write(tmp_path / "DSEC/train/interlaken_00_c/events/left/events.h5")
    write(tmp_path / "DSEC/train/interlaken_00_c/events/right/events.h5")
    write(tmp_path / "DSEC/test/zurich_city_12_a/events/left/events.h5")
    dataset = bring(tmp_path / "DSEC")
    assert [(r.id, r.label, r.split, r.group) for r in dataset] == [
        ("interlaken_00_c/left", "left", "train", "interlaken_00"),
        ("interlaken_00_c/right", "right", "train", "interlaken_00"),
        ("zurich_city_12_a/left", "left", "test", "zurich_city_12"),
    ]
    assert dataset[0].size == (640, 480)
    assert dataset[0].events.t.tolist() == [49_599_300_523, 49_599_300_528, 49_599_300_593]
    with pytest.raises(SourceError, match=r"expected events such as train/interlaken"):
        program.find_inputs(tmp_path / "none", 1)
