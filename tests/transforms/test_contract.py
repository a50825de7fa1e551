"""What every transform promises, whoever adds one: found by listing the folder."""

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

import eventsim.transforms as package
from eventsim.events import COLUMNS, Events
from eventsim.random import Draws

FOLDER = Path(package.__file__).parent
SIZE = (9, 6)
MIXES = [package.CutMix(), package.EventMix()]
MADE = {  # those that need to be told something
    "Compose": package.Compose((package.Flip(), package.Thin(0.3))),
    "Crop": package.Crop((4, 3)),
    "MaskBoxes": package.MaskBoxes(((0, 2, 1, 5, 4),), hold_us=20),
    "ReplaceBoxes": package.ReplaceBoxes(((-9, 2, 1, 5, 4), (9, 3, 1, 7, 5)), frame_rate_hz=1e5),
    "OneOf": package.OneOf((package.Flip(), package.Rotate(), package.Compose())),
    "Resize": package.Resize((5, 11)),
    "Sometimes": package.Sometimes(package.TimeReversal()),
}


def found(wanted=("self", "events", "rng")):
    """Classes of the folder that are called so."""
    for path in sorted(FOLDER.glob("*.py")):
        module = import_module(f"eventsim.transforms.{path.stem}")
        for name, value in vars(module).items():
            if inspect.isclass(value) and value.__module__ == module.__name__:
                call = vars(value).get("__call__")
                if dataclasses.is_dataclass(value) and call is not None:
                    if list(inspect.signature(call).parameters) == list(wanted):
                        yield name, value


CLASSES = dict(found())
TRANSFORMS = [MADE[name] if name in MADE else CLASSES[name]() for name in CLASSES]


def sized(transform, size):
    return getattr(transform, "size", size)


@st.composite
def streams(draw):
    """Any events: none, one, many in one microsecond, negative times."""
    n = draw(st.integers(0, 30))
    columns = [
        np.sort(draw(hnp.arrays(np.int64, n, elements=st.integers(-40, 40)))),
        draw(hnp.arrays(np.uint16, n, elements=st.integers(0, SIZE[0] - 1))),
        draw(hnp.arrays(np.uint16, n, elements=st.integers(0, SIZE[1] - 1))),
        draw(hnp.arrays(np.bool_, n)),
        draw(hnp.arrays(np.uint8, n, elements=st.integers(0, 3))),
    ]
    return Events.of(*columns, size=SIZE)


def check(events):
    """Sorted by (t, y, x), inside of the sensor, in the types of `Events`."""
    for name, dtype in COLUMNS.items():
        column = getattr(events, name)
        assert column.dtype == dtype, name
        assert column.shape == events.t.shape, name
    Events.of(*(getattr(events, name) for name in COLUMNS), size=events.size)
    t, y, x = (getattr(events, name).astype(np.int64) for name in "tyx")
    assert np.array_equal(np.lexsort((np.arange(len(events)), x, y, t)), np.arange(len(events)))


def test_the_package_names_all_transforms():
    mixes = dict(found(("self", "events", "other", "rng")))
    assert set(CLASSES) | set(mixes) == set(package.__all__)
    assert set(mixes) == {type(mix).__name__ for mix in MIXES}
    assert len(CLASSES) > 20


@pytest.mark.parametrize("transform", TRANSFORMS, ids=lambda t: type(t).__name__)
def test_a_transform_is_a_value(transform):
    assert type(transform).__dataclass_params__.frozen
    assert pickle.loads(pickle.dumps(transform)) == transform
    assert hash(transform) == hash(pickle.loads(pickle.dumps(transform)))
    assert type(transform).__doc__
    assert not type(transform).__doc__.startswith(type(transform).__name__ + "("), "none of its own"


@pytest.mark.parametrize("transform", TRANSFORMS, ids=lambda t: type(t).__name__)
@given(events=streams(), seed=st.integers(0, 2**32))
@settings(max_examples=12, deadline=None)
def test_a_transform_keeps_its_promises(transform, events, seed):
    before = Events.from_columns([getattr(events, n).copy() for n in COLUMNS], events.size)
    rng = Draws.of(seed)
    result = transform(events, rng)
    assert events == before, "the input was changed"
    assert result.size == sized(transform, events.size)
    check(result)
    assert transform(events, rng) == result, "equal draws gave other events"


@pytest.mark.parametrize("mix", MIXES, ids=lambda t: type(t).__name__)
@given(events=streams(), other=streams(), seed=st.integers(0, 2**32))
@settings(max_examples=25, deadline=None)
def test_a_mix_keeps_its_promises(mix, events, other, seed):
    before = [Events.from_columns([getattr(e, n).copy() for n in COLUMNS], e.size)
              for e in (events, other)]  # fmt: skip
    mixed, weight = mix(events, other, Draws.of(seed))
    assert [events, other] == before, "the input was changed"
    check(mixed)
    assert mixed.size == events.size
    assert 0 <= weight <= 1
    assert mix(events, other, Draws.of(seed)) == (mixed, weight)


@pytest.mark.parametrize("transform", TRANSFORMS, ids=lambda t: type(t).__name__)
def test_a_transform_takes_no_events(transform):
    empty = Events.empty(SIZE)
    result = transform(empty, Draws.of(3))
    check(result)
    assert result.size == sized(transform, empty.size)


@pytest.mark.parametrize("transform", TRANSFORMS, ids=lambda t: type(t).__name__)
def test_kinds_are_carried_along(transform, many):
    """The kind is told by the time, so that it can be checked wherever an event went."""
    marked = Events(many.t, many.x, many.y, many.p, (many.t % 2).astype(np.uint8), many.size)
    result = transform(marked, Draws.of(1))
    if type(transform).__name__ in MOVES_TIME:
        share = np.bincount(result.kind, minlength=2) / max(1, len(result))
        assert np.allclose(share, 0.5, atol=0.03)
    else:
        ours = result[np.isin(result.t, many.t)]  # events that are added may have any time
        assert (ours.kind == ours.t % 2).mean() > (0.9 if len(result) > len(many) else 0.999)


MOVES_TIME = {
    "Quantize",
    "TimeReversal",
    "TimeScale",
    "TimeWarp",
    "TimeJitter",
    "Sometimes",
    "RandAugment",
}
