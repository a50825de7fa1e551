"""What every representation promises, whoever adds one: found by listing the folder."""

import dataclasses
import inspect
import pickle
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import eventsim.representations as package
from eventsim.events import Events

FOLDER = Path(package.__file__).parent
SIZE = (9, 6)
COUNTS = {  # those that count: how their sum gives the number of events
    "EventFrames": lambda out, bins: out.sum(),
    "VoxelGrid": lambda out, bins: out.sum(),
    "GroupTokens": lambda out, bins: out[: len(out) // 2].sum(),
    "StackedHistogram": lambda out, bins: out.sum(dtype=np.int64),
}
MARKS = {"BinaryPlanes", "EventTokens", "TimeSurface", "AveragedTimeSurface", "SortedTimeSurface"}


def found():
    """Classes of the folder that are called with events and a window."""
    for path in sorted(FOLDER.glob("*.py")):
        module = import_module(f"eventsim.representations.{path.stem}")
        for name, value in vars(module).items():
            if inspect.isclass(value) and value.__module__ == module.__name__:
                if dataclasses.is_dataclass(value) and "__call__" in vars(value):
                    yield name, value


CLASSES = dict(found())


@st.composite
def streams(draw):
    n = draw(st.integers(0, 40))
    columns = [
        np.sort(draw(hnp.arrays(np.int64, n, elements=st.integers(-40, 60)))),
        draw(hnp.arrays(np.uint16, n, elements=st.integers(0, SIZE[0] - 1))),
        draw(hnp.arrays(np.uint16, n, elements=st.integers(0, SIZE[1] - 1))),
        draw(hnp.arrays(np.bool_, n)),
    ]
    return Events.of(*columns, size=SIZE)


def test_all_are_named_and_all_have_a_property():
    assert set(CLASSES) == set(package.__all__) == set(COUNTS) | MARKS


@pytest.mark.parametrize("name", CLASSES)
@given(events=streams(), t0=st.integers(-50, 50), length=st.integers(1, 100))
@settings(max_examples=15, deadline=None)
def test_only_what_lies_in_the_window_counts(name, events, t0, length):
    to = CLASSES[name]()
    out = to(events, t0, t0 + length)
    assert np.array_equal(out, to(events.window(t0, t0 + length), t0, t0 + length))
    assert out.shape == to(Events.empty(SIZE), t0, t0 + length).shape
    assert np.isfinite(out).all()


@pytest.mark.parametrize("name", COUNTS)
@given(events=streams(), bins=st.integers(1, 13))
@settings(max_examples=40, deadline=None)
def test_the_sum_over_the_bins_is_the_number_of_events(name, events, bins):
    more = {"most": 255} if name == "StackedHistogram" else {}
    to = CLASSES[name](bins=bins, **more)
    for window in ((), (-40, 61), (0, 30)):
        seen = len(events.window(*window)) if window else len(events)
        assert COUNTS[name](to(events, *window), bins) == pytest.approx(seen, abs=1e-3)


@pytest.mark.parametrize("name", CLASSES)
def test_no_polarity_is_lost(name):
    on, off = (Events.of([5, 7], [2, 3], [1, 1], [p, p], size=SIZE) for p in (True, False))
    to = CLASSES[name]()
    assert not np.array_equal(to(on, 0, 10), to(off, 0, 10))


@pytest.mark.parametrize("name", CLASSES)
def test_it_is_a_value_and_leaves_its_input(name):
    to = CLASSES[name]()
    assert pickle.loads(pickle.dumps(to)) == to
    assert hash(to) == hash(CLASSES[name]())
    events = Events.of([5, 7], [2, 3], [1, 1], [1, 0], size=SIZE)
    again = Events.of([5, 7], [2, 3], [1, 1], [1, 0], size=SIZE)
    to(events, 0, 10)
    assert events == again
    assert not to(Events.empty(SIZE)).any()
