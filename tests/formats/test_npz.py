import numpy as np
import pytest

from eventsim.errors import SourceError
from eventsim.events import STRUCTURED, Events
from eventsim.formats.reading import read, write

T, X, Y, P = [5, 1_500_000], [0, 3], [1, 1], [1, 0]


def rows(events):
    return [column.tolist() for column in (events.t, events.x, events.y, events.p)]


EXPECTED = [T, X, Y, [True, False]]


@pytest.mark.parametrize(
    "arrays",
    [
        {"t": T, "x": X, "y": Y, "p": P},
        {"timestamps": np.array(T, np.uint64), "xs": X, "ys": Y, "polarities": [1, -1]},
        {"ts": np.array(T) * 1e-6, "x": np.array(X, float), "y": Y, "pol": [True, False]},
        {"event_data": np.array(list(zip(X, Y, T, P, strict=True)), STRUCTURED)},  # N-ImageNet
        {"arr_0": np.array([T, X, Y, P]).T},
    ],
)
def test_what_others_write_is_read(arrays, tmp_path):
    np.savez_compressed(tmp_path / "a.npz", **arrays)
    assert rows(read(tmp_path / "a.npz", size=(4, 2))) == EXPECTED


def test_a_unit_and_an_order_can_be_given(tmp_path):
    np.save(tmp_path / "a.npy", np.array([X, Y, np.array(T) * 1000, P]).T)
    events = read(tmp_path / "a.npy", size=(4, 2), time_unit="ns", columns="xytp")
    assert rows(events) == EXPECTED


def test_what_is_written_is_the_array_of_the_field(tmp_path):
    events = Events.of(T, X, Y, P, size=(4, 2))
    write(events, tmp_path / "a.npy")
    assert np.array_equal(np.load(tmp_path / "a.npy"), events.to_structured())
    write(events, tmp_path / "a.npz")
    with np.load(tmp_path / "a.npz") as loaded:
        assert sorted(loaded.files) == ["kind", "p", "sensor_size", "t", "x", "y"]
    assert read(tmp_path / "a.npz").size == (4, 2)


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"a": [1]}, "must hold columns t, x, y and p of one length"),
        ({"t": T, "x": X, "y": Y, "p": [1]}, "must hold columns t, x, y and p of one length"),
        ({"t": T, "x": [0.5, 1], "y": Y, "p": P}, "x must be whole numbers of pixels, found 0.5"),
        ({"t": [0, np.nan], "x": X, "y": Y, "p": P}, "a time is nan us"),
        ({"t": ["a", "b"], "x": X, "y": Y, "p": P}, "times must be numbers"),
        ({"t": [{}, {}], "x": X, "y": Y, "p": P}, "allow_pickle=False"),
        ({"t": T, "x": X, "y": Y, "p": P, "kind": [0, 9]}, "name a kind"),
    ],
)
def test_what_are_no_events_is_refused(arrays, words, tmp_path):
    np.savez(tmp_path / "a.npz", **arrays)
    with pytest.raises(SourceError, match=words):
        read(tmp_path / "a.npz", size=(4, 2))


def test_a_header_that_promises_more_than_there_is(tmp_path):
    np.save(tmp_path / "a.npy", np.zeros(10, STRUCTURED))
    content = (tmp_path / "a.npy").read_bytes()
    (tmp_path / "a.npy").write_bytes(content.replace(b"(10,), }  ", b"(10**9,), "))
    (tmp_path / "b.npy").write_bytes(content.replace(b"(10,), }     ", b"(10000000,), }"[:13]))
    for name in ("a.npy", "b.npy"):
        with pytest.raises(SourceError, match=r"is no whole NumPy file"):
            read(tmp_path / name, size=(4, 2))
