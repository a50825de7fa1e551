"""The one definition of an event: what it accepts, refuses, and gives back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsim import Events, Kind, SensorSize
from eventsim.errors import EventError, OutsideSensorError, TimeOrderError
from eventsim.events import COLUMNS, STRUCTURED, Representation, is_noise

SIZE = (6, 4)


@st.composite
def events(draw, size=SIZE, largest_t=2**40):
    """Events of a small sensor, in any number, with ties in time."""
    row = st.tuples(
        st.integers(-largest_t, largest_t),
        st.integers(0, size[0] - 1),
        st.integers(0, size[1] - 1),
        st.booleans(),
        st.sampled_from(Kind),
    )
    rows = sorted(draw(st.lists(row, max_size=30)))
    t, x, y, p, kind = zip(*rows, strict=True) if rows else ((),) * 5
    return Events.of(t, x, y, p, kind, size=size)


def some():
    """Four events on 6 x 4, times 1, 5, 5, 9."""
    return Events.of(
        [1, 5, 5, 9], [0, 2, 5, 3], [1, 0, 0, 3], [True, False, True, True], [0, 1, 2, 3], size=SIZE
    )


def test_of_keeps_the_columns_in_their_dtypes():
    e = some()
    assert e.t.tolist() == [1, 5, 5, 9]
    assert e.x.tolist() == [0, 2, 5, 3]
    assert e.y.tolist() == [1, 0, 0, 3]
    assert e.p.tolist() == [True, False, True, True]
    assert e.kind.tolist() == [Kind.SIGNAL, Kind.SHOT, Kind.LEAK, Kind.HOT]
    assert e.size == SensorSize(6, 4)
    for name, dtype in COLUMNS.items():
        assert getattr(e, name).dtype == dtype


def test_of_without_kind_is_unknown():
    """Nobody knows why a pixel of a real camera fired."""
    events = Events.of([1, 2], [0, 0], [0, 0], [1, 0], size=SIZE)
    assert events.kind.tolist() == [Kind.UNKNOWN] * 2
    assert not is_noise(events.kind).any()
    kinds = np.array([Kind.SIGNAL, Kind.SHOT, Kind.LEAK, Kind.HOT, Kind.UNKNOWN], np.uint8)
    assert is_noise(kinds).tolist() == [False, True, True, True, False]


def test_of_puts_ties_in_raster_order():
    e = Events.of([7, 7, 7, 7], [3, 1, 5, 0], [1, 1, 0, 2], [1, 0, 1, 0], size=SIZE)
    assert list(zip(e.y.tolist(), e.x.tolist(), strict=True)) == [(0, 5), (1, 1), (1, 3), (2, 0)]
    assert e.p.tolist() == [True, False, True, False]


def test_of_takes_times_beyond_32_bits():
    assert Events.of([2**33, 2**62], [0, 0], [0, 0], [1, 1], size=SIZE).t.tolist() == [2**33, 2**62]


def test_of_refuses_columns_of_different_lengths():
    with pytest.raises(
        EventError, match=r"t, x, y, p, kind must have one length, found 2, 1, 2, 2, 2\."
    ):
        Events.of([1, 2], [0], [0, 0], [1, 1], size=SIZE)
    with pytest.raises(EventError, match=r"found 1, 1, 1, 1, 2\."):
        Events.of([1], [0], [0], [1], [0, 0], size=SIZE)


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        ([0, 6], [0, 0], r"x must be in \[0, 6\) on a 6x4 sensor, but event 1 has x=6\."),
        ([-1, 0], [0, 0], r"x must be in \[0, 6\) on a 6x4 sensor, but event 0 has x=-1\."),
        ([0, 0], [0, 4], r"y must be in \[0, 4\) on a 6x4 sensor, but event 1 has y=4\."),
        ([0, 65_536], [0, 0], "event 1 has x=65536"),
    ],
)
def test_of_refuses_coordinates_off_the_sensor(x, y, message):
    with pytest.raises(OutsideSensorError, match=message):
        Events.of([1, 2], x, y, [1, 1], size=SIZE)


def test_of_refuses_times_that_go_back():
    with pytest.raises(
        TimeOrderError, match=r"event 2 has t=4 us after t=5 us. Sort the columns by t"
    ):
        Events.of([1, 5, 4], [0] * 3, [0] * 3, [1] * 3, size=SIZE)


def test_of_reads_polarity_of_minus_one():
    assert Events.of([1, 2], [0, 0], [0, 0], [-1, 1], size=SIZE).p.tolist() == [False, True]


@pytest.mark.parametrize(
    "wrong",
    [
        {"t": [1.5, 2.0]},
        {"x": [0.7, 1.0]},
        {"kind": [300, 0]},
        {"t": np.array([1, 2**63], np.uint64)},
    ],
    ids=["seconds", "half a pixel", "no kind", "too late"],
)
def test_of_refuses_numbers_that_a_column_cannot_hold(wrong):
    columns = {"t": [1, 2], "x": [0, 0], "y": [0, 0], "p": [1, 1], "kind": [0, 0]} | wrong
    with pytest.raises(EventError):
        Events.of(**columns, size=SIZE)


def test_empty():
    e = Events.empty(SIZE)
    assert len(e) == 0
    assert e.size == SensorSize(6, 4)
    assert e == Events.of([], [], [], [], size=SIZE)
    assert repr(e) == "Events(0 on 6x4)"
    assert len(e.window(0, 10)) == len(e.region(0, 0, 1, 1)) == len(e.to_structured()) == 0
    for name, dtype in COLUMNS.items():
        assert getattr(e, name).dtype == dtype


def test_repr_says_what_matters():
    assert repr(some()) == "Events(4 on 6x4, 1..9 us, 75% ON)"


def test_concatenate():
    e = some()
    assert Events.concatenate([e[:2], Events.empty(SIZE), e[2:]], SIZE) == e
    assert Events.concatenate([], SIZE) == Events.empty(SIZE)
    assert Events.concatenate([Events.empty(SIZE)] * 2, SIZE) == Events.empty(SIZE)


def test_concatenate_refuses_pieces_out_of_order():
    e = some()
    with pytest.raises(TimeOrderError, match="one begins at 1 us after one that ends at 9 us"):
        Events.concatenate([e[3:], Events.empty(SIZE), e[:3]], SIZE)


def test_concatenate_refuses_pieces_of_another_sensor():
    with pytest.raises(EventError):
        Events.concatenate([some()], (2, 2))


def test_window_is_half_open_and_a_view():
    e = some()
    assert e.window(1, 5).t.tolist() == [1]
    assert e.window(5, 6).t.tolist() == [5, 5]
    assert e.window(2, 9).t.tolist() == [5, 5]
    assert e.window(-100, 100) == e
    assert len(e.window(5, 5)) == 0
    assert np.shares_memory(e.window(1, 9).t, e.t)


@given(e=events(), cut=st.integers(-(2**41), 2**41))
def test_two_windows_share_nothing_and_lose_nothing(e, cut):
    early, late = e.window(-(2**42), cut), e.window(cut, 2**42)
    assert np.all(early.t < cut)
    assert np.all(late.t >= cut)
    assert Events.concatenate([early, late], SIZE) == e


def test_region_moves_the_origin():
    part = some().region(2, 0, 6, 1)
    assert part.size == SensorSize(4, 1)
    assert part.x.tolist() == [0, 3]
    assert part.y.tolist() == [0, 0]
    assert part.t.tolist() == [5, 5]
    assert part.kind.tolist() == [1, 2]
    assert part.x.dtype == part.y.dtype == np.uint16
    assert some().region(0, 0, 6, 4) == some()


@pytest.mark.parametrize(
    "box", [(0, 0, 7, 4), (0, 0, 6, 5), (-1, 0, 3, 3), (2, 0, 2, 4), (3, 3, 2, 4)]
)
def test_region_must_lie_on_the_sensor(box):
    with pytest.raises(
        OutsideSensorError, match=f"on the 6x4 sensor.*columns {box[0]}..{box[2]} and"
    ):
        some().region(*box)


@given(e=events(), x=st.integers(1, 5), y=st.integers(1, 3))
def test_regions_share_nothing_and_lose_nothing(e, x, y):
    boxes = [(0, 0, x, y), (x, 0, 6, y), (0, y, x, 4), (x, y, 6, 4)]
    found = set()
    for x0, y0, x1, y1 in boxes:
        part = e.region(x0, y0, x1, y1)
        rows = zip(part.t.tolist(), (part.x + x0).tolist(), (part.y + y0).tolist(), strict=True)
        found |= set(rows)
    assert sum(len(e.region(*box)) for box in boxes) == len(e)
    assert found == set(zip(e.t.tolist(), e.x.tolist(), e.y.tolist(), strict=True))


def test_structured():
    array = some().to_structured()
    assert array.dtype == STRUCTURED
    assert array.dtype.names == ("x", "y", "t", "p")
    assert array[1].item() == (2, 0, 5, False)


@given(events())
def test_structured_round_trip_keeps_all_but_kind(e):
    back = Events.from_structured(e.to_structured(), size=SIZE)
    assert back.size == e.size
    for name in ("t", "x", "y", "p"):
        assert np.array_equal(getattr(back, name), getattr(e, name))
    assert (back.kind == Kind.UNKNOWN).all()


@pytest.mark.parametrize(
    ("dtype", "polarity"),
    [(np.bool_, (0, 1)), (np.int8, (-1, 1)), (np.uint8, (0, 1)), (float, (-1, 1))],
)
def test_from_structured_reads_every_polarity(dtype, polarity):
    fields = [("t", np.int64), ("x", np.int16), ("y", np.int16), ("p", dtype), ("other", float)]
    array = np.array([(3, 1, 2, polarity[0], 0.5), (4, 5, 0, polarity[1], 0.5)], fields)
    e = Events.from_structured(array, size=SIZE)
    assert e.p.tolist() == [False, True]
    assert e.t.tolist() == [3, 4]
    assert e.x.tolist() == [1, 5]


def test_from_structured_reads_kind():
    fields = [
        ("x", np.int16),
        ("y", np.int16),
        ("t", np.int64),
        ("p", np.bool_),
        ("kind", np.uint8),
    ]
    e = Events.from_structured(np.array([(0, 0, 1, True, 2)], fields), size=SIZE)
    assert e.kind.tolist() == [Kind.LEAK]


def test_from_structured_names_what_is_missing():
    array = np.zeros(1, [("x", int), ("y", int), ("ts", int), ("polarity", int)])
    with pytest.raises(
        EventError, match="needs the fields x, y, t, p; t, p is not among x, y, ts, pol"
    ):
        Events.from_structured(array, size=SIZE)
    with pytest.raises(EventError, match="is not among none"):
        Events.from_structured(np.zeros((3, 4)), size=SIZE)


def test_to_structured_keeps_or_refuses_wide_coordinates():
    e = Events.of([1], [32_766], [0], [1], size=(32_767, 1))
    assert e.to_structured()["x"].tolist() == [32_766]
    with pytest.raises(OutsideSensorError, match="1 to 32767 pixels per side, found 50000x1"):
        Events.of([1], [40_000], [0], [1], size=(50_000, 1))


def test_equality():
    e = some()
    assert e == some()
    assert e != e[:3]
    assert e != Events.of(e.t, e.x, e.y, e.p, e.kind, size=(6, 5))
    for name in COLUMNS:
        changed = {column: getattr(e, column).copy() for column in COLUMNS}
        changed[name][0] = not changed[name][0]
        assert e != Events(**changed, size=e.size), name
    assert e != "events"
    with pytest.raises(TypeError, match="unhashable"):
        hash(e)


def test_indexing_by_slice_mask_and_indices():
    e = some()
    assert e[1:3].t.tolist() == [5, 5]
    assert e[e.p].x.tolist() == [0, 5, 3]
    assert e[np.array([0, 3])].y.tolist() == [1, 3]
    assert e[1:3].size == e.size


@given(events())
def test_events_are_sorted_by_time_row_and_column(e):
    key = list(zip(e.t.tolist(), e.y.tolist(), e.x.tolist(), strict=True))
    assert key == sorted(key)


def test_sensor_size_reads_as_width_by_height():
    assert str(SensorSize(346, 260)) == "346x260"
    assert SensorSize(346, 260) == (346, 260)


def test_a_representation_of_events_is_what_it_makes_of_them():
    from eventsim.representations import EventFrames, VoxelGrid

    events = Events.of([0, 4, 9], [0, 1, 1], [0, 0, 1], [1, 0, 1], size=(2, 2))
    assert np.array_equal(events.to(EventFrames(3), 0, 10), EventFrames(3)(events, 0, 10))
    assert np.array_equal(events.to(VoxelGrid(4, "signed")), VoxelGrid(4, "signed")(events))
    assert isinstance(VoxelGrid(4), Representation)


def test_one_event():
    events = Events.of([5, 9], [0, 3], [1, 1], [True, False], [0, 2], size=(4, 2))
    assert events[0] == (5, 0, 1, True, Kind.SIGNAL)
    last = events[np.int64(-1)]
    assert (last.t, last.x, last.y, last.p, last.kind) == (9, 3, 1, False, Kind.LEAK)
    assert [event.t for event in events] == [5, 9]
    assert type(last.t) is int
    assert type(last.p) is bool
    with pytest.raises(IndexError):
        events[2]
