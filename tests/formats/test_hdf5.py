import sys

import numpy as np
import pytest

from eventsim.errors import SourceError
from eventsim.events import Events
from eventsim.formats import hdf5
from eventsim.formats.ecf_kernels import FILTER
from eventsim.formats.reading import read, write

h5py = pytest.importorskip("h5py")

T, X, Y, P = [5, 1_500_000], [0, 3], [1, 1], [1, 0]
EXPECTED = [T, X, Y, [True, False]]
COMPOUND = np.dtype([("x", "<u2"), ("y", "<u2"), ("p", "<i2"), ("t", "<i8")])


def rows(events):
    return [column.tolist() for column in (events.t, events.x, events.y, events.p)]


def v2e(file):
    file["events"] = np.array([T, X, Y, P], np.uint32).T


def dsec(file):
    for name, values in {"t": np.array(T) - 5, "x": X, "y": Y, "p": P}.items():
        file[f"events/{name}"] = np.array(values, np.uint32)
    file["t_offset"] = 5
    file["ms_to_idx"] = np.zeros(10, np.uint64)


def e2vid(file):
    for name, values in {"ts": np.array(T) * 1e-6, "xs": X, "ys": Y, "ps": P}.items():
        file[f"events/{name}"] = values
    file.attrs["sensor_resolution"] = (2, 4)


def mvsec(file):
    file["davis/left/events"] = np.array([X, Y, np.array(T) * 1e-6, [1, -1]]).T
    file["davis/left/imu"] = np.zeros((3, 4))


def metavision(file):
    file["CD/events"] = np.array(list(zip(X, Y, P, T, strict=True)), COMPOUND)
    file["CD/indexes"] = np.zeros(3, [("id", "<u8"), ("ts", "<i8")])
    file.attrs["geometry"] = "4x2"


def nested(file):
    for name, values in {"timestamps": T, "x": X, "y": Y, "polarity": P}.items():
        file[f"camera/0/dvs/{name}"] = values


@pytest.mark.parametrize("make", [v2e, dsec, e2vid, mvsec, metavision, nested])
def test_what_others_write_is_read(make, tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        make(file)
    assert rows(read(tmp_path / "a.h5", size=(4, 2))) == EXPECTED
    if make in (e2vid, metavision):
        assert read(tmp_path / "a.h5").size == (4, 2)


def test_what_is_written_is_plain(tmp_path):
    events = Events.of(T, X, Y, P, size=(4, 2))
    write(events, tmp_path / "a.h5")
    with h5py.File(tmp_path / "a.h5") as file:
        assert file["events/t"][:].tolist() == T
        assert file["events/p"].compression is None
        assert file["events"].attrs["sensor_size"].tolist() == [4, 2]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights")
def test_links_into_other_files_are_not_followed(tmp_path):
    with h5py.File(tmp_path / "other.h5", "w") as file:
        nested(file)
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["more/link"] = h5py.ExternalLink("other.h5", "/camera/0/dvs")
    with pytest.raises(SourceError, match=r"must hold events as v2e"):
        read(tmp_path / "a.h5", size=(4, 2))


def test_columns_of_several_lengths_and_broken_sizes_are_refused(tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        for name, values in {"t": T, "x": X, "y": Y, "p": [1]}.items():
            file[f"events/{name}"] = values
    with pytest.raises(SourceError, match=r"the columns of events have \[1, 2\] rows"):
        read(tmp_path / "a.h5")
    with h5py.File(tmp_path / "b.h5", "w") as file:
        metavision(file)
        file.attrs["geometry"] = "4"
    with pytest.raises(SourceError, match=r"its attribute geometry is '4'"):
        read(tmp_path / "b.h5")


def test_a_filter_that_is_not_there_is_named(tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        for name, values in {"t": T, "x": X, "y": Y, "p": P}.items():
            properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
            properties.set_chunk((2,))
            properties.set_filter(32999, h5py.h5z.FLAG_OPTIONAL)
            place = file.require_group("events").id
            space = h5py.h5s.create_simple((2,))
            made = h5py.h5d.create(place, name.encode(), h5py.h5t.NATIVE_INT64, space, properties)
            made.write_direct_chunk((0,), np.array(values, np.int64).tobytes())
    with pytest.raises(SourceError, match=r"is compressed with a filter that is not there"):
        read(tmp_path / "a.h5", size=(4, 2))


def test_metavisions_compression_is_decoded(tmp_path, monkeypatch):
    from tests.formats.test_ecf_kernels import encode_ecf

    rng = np.random.default_rng(1)
    n, chunk = 1000, 300
    t = np.sort(rng.integers(0, 10**5, n)) + 2**33
    events = Events.of(t, rng.integers(0, 40, n), rng.integers(0, 9, n), t % 2, size=(64, 64))
    with h5py.File(tmp_path / "a.hdf5", "w") as file:
        properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        properties.set_chunk((chunk,))
        properties.set_filter(FILTER, h5py.h5z.FLAG_OPTIONAL)
        space = h5py.h5s.create_simple((n,))
        form = h5py.h5t.py_create(COMPOUND, logical=True)
        made = h5py.h5d.create(file.create_group("CD").id, b"events", form, space, properties)
        for k, first in enumerate(range(0, n, chunk)):
            content = encode_ecf(events[first : first + chunk], k % 3, chunk)
            made.write_direct_chunk((first,), content)
        file.attrs["geometry"] = "64x64"
    monkeypatch.setattr(hdf5, "BLOCK_EVENTS", 450)
    assert read(tmp_path / "a.hdf5") == events
    content = (tmp_path / "a.hdf5").read_bytes()
    head = (300 << 2 | 2).to_bytes(4, "little")
    assert content.count(head) == 1
    (tmp_path / "a.hdf5").write_bytes(content.replace(head, (299 << 2 | 2).to_bytes(4, "little")))
    with pytest.raises(SourceError, match=r"chunk 2 of its events is damaged"):
        read(tmp_path / "a.hdf5")
