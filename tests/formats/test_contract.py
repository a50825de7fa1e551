"""What every format promises: all events come back, in any pieces, or what is lost is said."""

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventsim.errors import EventSimError
from eventsim.events import Events, Kind, SensorSize
from eventsim.formats.checking import Care, checked_pieces
from eventsim.formats.file import Layout
from eventsim.formats.names import FORMATS, format_to_write, open_events
from eventsim.formats.reading import read, write, write_pieces

WRITTEN = [one for one in FORMATS if one.write]
IDS = [one.name for one in WRITTEN]
SIZE = (120, 90)


def some_events(seed=1, n=3000, t0_us=0, span_us=200_000, size=SIZE, kind=Kind.UNKNOWN):
    rng = np.random.default_rng(seed)
    t = np.sort(rng.integers(0, max(1, span_us), n)) + t0_us
    x, y = rng.integers(0, size[0], n), rng.integers(0, size[1], n)
    kinds = np.full(n, kind)
    return Events.of(t, x, y, rng.integers(0, 2, n) > 0, kinds, size=size)


def named(form, folder):
    return folder / f"events{form.endings[0]}"


def read_back(form, path, size=SIZE):
    return read(path, size=size, format=form.name)


@pytest.mark.parametrize("form", WRITTEN, ids=IDS)
def test_all_events_come_back(form, tmp_path):
    events = some_events()
    notes = write(events, named(form, tmp_path), format=form.name)
    assert all("does not say its size" in note for note in notes)
    assert read_back(form, named(form, tmp_path)) == events
    assert [path.name for path in tmp_path.iterdir()] == [named(form, tmp_path).name]


@pytest.mark.parametrize("form", WRITTEN, ids=IDS)
def test_none_at_all_come_back(form, tmp_path):
    write(Events.empty(SIZE), named(form, tmp_path), format=form.name)
    assert len(read_back(form, named(form, tmp_path))) == 0


@pytest.mark.parametrize("form", WRITTEN, ids=IDS)
def test_bursts_of_one_microsecond_come_back(form, tmp_path):
    # All pixels of some rows at once, ON and OFF in turn, as an artifact of readout does it.
    y, x = np.divmod(np.arange(20 * SIZE[0]), SIZE[0])
    events = Events.of(np.full(x.size, 7), x, y, (x // 5) % 2, size=SIZE)
    write(events, named(form, tmp_path), format=form.name)
    assert read_back(form, named(form, tmp_path)) == events


@pytest.mark.parametrize("form", WRITTEN, ids=IDS)
def test_pieces_make_the_same_file_as_the_whole(form, tmp_path):
    events = some_events()
    cuts = [0, 1, 1, 700, 2999, 3000]
    pieces = [events[a:b] for a, b in pairwise(cuts)]
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir(), other.mkdir()
    write(events, named(form, one), format=form.name)
    write_pieces(pieces, events.size, named(form, other), form.name)
    assert read_back(form, named(form, other)) == read_back(form, named(form, one)) == events


@pytest.mark.parametrize("t0_us", [2**32 + 5, 1_600_000_000_123_456])
@pytest.mark.parametrize("form", WRITTEN, ids=IDS)
def test_late_times_come_back_or_their_loss_is_said(form, t0_us, tmp_path):
    events = some_events(t0_us=t0_us)
    notes = write(events, named(form, tmp_path), format=form.name)
    back = read_back(form, named(form, tmp_path))
    if back != events:
        assert any(str(int(events.t[0])) in note for note in notes)
        shift = events.t[0] - back.t[0]
        assert np.array_equal(back.t + shift, events.t)
        assert np.array_equal(back.x, events.x)


@pytest.mark.parametrize("form", WRITTEN, ids=IDS)
def test_long_gaps_come_back_or_are_refused(form, tmp_path):
    gaps = np.cumsum([0, 5, 2**12, 2**23, 2**24 + 1, 2**33, 2**34 + 7, 100])
    events = Events.of(gaps, range(8), range(8), [1, 0] * 4, size=SIZE)
    try:
        write(events, named(form, tmp_path), format=form.name)
    except EventSimError as error:
        assert re.search(r"\d+ us", str(error))  # noqa: PT017
        assert list(tmp_path.iterdir()) == []
        return
    assert read_back(form, named(form, tmp_path)) == events


@pytest.mark.parametrize("form", WRITTEN, ids=IDS)
def test_kinds_come_back_or_their_loss_is_said(form, tmp_path):
    events = some_events(kind=Kind.LEAK)
    notes = write(events, named(form, tmp_path), format=form.name)
    kinds = set(read_back(form, named(form, tmp_path)).kind)
    assert kinds == ({Kind.LEAK} if form.keeps_kind else {Kind.UNKNOWN})
    assert any("kind" in note for note in notes) != form.keeps_kind


@pytest.mark.parametrize("form", WRITTEN, ids=IDS)
def test_a_failed_write_leaves_what_was_there(form, tmp_path):
    def pieces():
        yield some_events()
        raise KeyboardInterrupt

    path = named(form, tmp_path)
    write(some_events(seed=2), path, format=form.name)
    with pytest.raises(KeyboardInterrupt):
        write_pieces(pieces(), some_events().size, path, form.name)
    assert read_back(form, path) == some_events(seed=2)
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("form", WRITTEN, ids=IDS)
def test_the_blocks_can_be_read_again_and_say_their_bytes(form, tmp_path):
    write(some_events(), named(form, tmp_path), format=form.name)
    file = open_events(named(form, tmp_path), Layout(), form.name)
    once, again = list(file.blocks()), list(file.blocks())
    assert sum(len(block.t) for block in once) == sum(len(block.t) for block in again) == 3000
    read_bytes = sum(block.bytes_read for block in once)
    assert 0 <= read_bytes <= named(form, tmp_path).stat().st_size


@pytest.mark.parametrize("form", WRITTEN, ids=IDS)
@settings(max_examples=25, deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused_in_one_line(form, tmp_path_factory, data):
    folder = tmp_path_factory.getbasetemp() / f"damaged_{form.name}"
    folder.mkdir(exist_ok=True)
    path = named(form, folder)
    write(some_events(n=300), path, format=form.name)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    del content[data.draw(st.integers(1, len(content))) :]
    path.write_bytes(bytes(content))
    try:
        events = read(path, size=(2048, 2048), format=form.name, backwards="sort", outside="drop")
    except EventSimError as error:
        assert "\n" not in str(error)  # noqa: PT017
    else:
        assert (np.diff(events.t) >= 0).all()


@pytest.mark.parametrize("form", FORMATS, ids=[one.name for one in FORMATS])
@pytest.mark.parametrize("content", [b"", b"%", b"no events at all\n", bytes(1000), b"\xff" * 999])
def test_what_is_none_is_refused_in_one_line_or_empty(form, content, tmp_path):
    path = named(form, tmp_path)
    path.write_bytes(content)
    try:
        file = open_events(path, Layout(size=SensorSize(2048, 2048)), form.name)
        list(checked_pieces(file, Care("sort", "drop")))
    except EventSimError as error:
        assert "\n" not in str(error)  # noqa: PT017
        assert str(path) in str(error)  # noqa: PT017


def test_each_ending_that_is_written_is_read_by_itself(tmp_path):
    for form in WRITTEN:
        chosen = format_to_write(tmp_path / f"a{form.endings[0]}")
        assert chosen.endings[0] == form.endings[0]
