"""What every filter promises, whoever adds one: found by listing the folder."""

import dataclasses
import inspect
import io
import pickle
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import eventsim.denoise as package
from eventsim.denoise.filter import Denoiser, Filter
from eventsim.errors import ConfigError, EventError, TimeOrderError
from eventsim.events import COLUMNS, Events
from eventsim.random import Draws
from eventsim.scenes.poisson import poisson_noise
from eventsim.transforms.parsing import parse_filter, parse_transform

FOLDER = Path(package.__file__).parent


def found():
    for path in sorted(FOLDER.glob("*.py")):
        module = import_module(f"eventsim.denoise.{path.stem}")
        for name, value in vars(module).items():
            own = inspect.isclass(value) and value.__module__ == module.__name__
            if own and dataclasses.is_dataclass(value) and hasattr(value, "scores"):
                yield name, value


FILTERS = dict(found())
ALL = [made() for made in FILTERS.values()]
NAMES = [type(how).__name__ for how in ALL]
NOISE = poisson_noise(30.0, size=(19, 13), seconds=1.0, seed=3)


def test_the_package_names_all_filters():
    assert len(FILTERS) >= 10
    assert set(FILTERS) <= set(package.__all__)


@pytest.mark.parametrize("how", ALL, ids=NAMES)
def test_a_filter_is_a_value_and_a_transform(how):
    assert isinstance(how, Filter)
    assert type(how).__dataclass_params__.frozen
    assert pickle.loads(pickle.dumps(how)) == how
    assert hash(how) == hash(pickle.loads(pickle.dumps(how)))
    assert parse_filter(repr(how)) == how
    assert parse_filter(type(how).__name__) == how
    assert parse_transform(repr(how)) == how
    assert how(NOISE, Draws.of(1)) == how(NOISE)


@pytest.mark.parametrize("how", ALL, ids=NAMES)
def test_what_is_kept_scores_the_threshold_and_all_columns_stay(how):
    before = Events.from_columns([getattr(NOISE, n).copy() for n in COLUMNS], NOISE.size)
    scores = Denoiser(how, NOISE.size).scores(NOISE)
    assert scores.shape == NOISE.t.shape
    assert scores.dtype == np.float64
    assert not np.isnan(scores).any()
    assert how(NOISE) == NOISE[scores >= how.threshold]
    assert NOISE == before, "the input was changed"
    assert len(how(Events.empty((19, 13)))) == 0


@pytest.mark.parametrize("how", ALL, ids=NAMES)
@given(cuts=st.lists(st.integers(0, len(NOISE)), max_size=5), data=st.data())
@settings(max_examples=12, deadline=None)
def test_wherever_a_stream_is_cut_the_scores_are_the_same_bits(how, cuts, data):
    whole = Denoiser(how, NOISE.size).scores(NOISE)
    ends = [0, *sorted(cuts), len(NOISE)]
    saved_at = data.draw(st.integers(0, len(ends) - 2))
    denoiser, pieces = Denoiser(how, NOISE.size), []
    for k, (first, last) in enumerate(pairwise(ends)):
        if k == saved_at:  # through a file, into another one
            file = io.BytesIO()
            np.savez(file, **denoiser.saved())
            file.seek(0)
            denoiser = Denoiser(how, NOISE.size)
            denoiser.restore(np.load(file))
        pieces.append(denoiser.scores(NOISE[first:last]))
    assert np.concatenate(pieces).tobytes() == whole.tobytes()


@pytest.mark.parametrize("how", ALL, ids=NAMES)
def test_nothing_depends_on_when_the_clock_began(how):
    later = Events(NOISE.t + 1_700_000_000_000_000, NOISE.x, NOISE.y, NOISE.p, NOISE.kind,
                   NOISE.size)  # fmt: skip
    first, second = (Denoiser(how, NOISE.size).scores(one) for one in (NOISE, later))
    assert first.tobytes() == second.tobytes()


@pytest.mark.parametrize("how", ALL, ids=NAMES)
def test_the_left_edge_is_no_neighbor_of_the_right_one(how):
    """Two pixels at opposite ends of neighboring rows, which a flat index takes for neighbors."""
    rows = [(1000 * k, 11 if k % 2 else 0, 3 + k % 2, 1) for k in range(6)]
    apart = Events.of(*np.array(rows).T, size=(12, 9))
    alone = [Denoiser(how, apart.size).scores(apart[apart.x == side]) for side in (0, 11)]
    together = Denoiser(how, apart.size).scores(apart)
    if type(how).__name__ != "DoubleWindow":  # which counts whatever is within 9 px
        assert np.array_equal(together[0::2], alone[0])
        assert np.array_equal(together[1::2], alone[1])


@pytest.mark.parametrize("how", ALL, ids=NAMES)
def test_packets_of_another_sensor_or_time_are_refused(how):
    denoiser = Denoiser(how, (19, 13))
    denoiser.keep(NOISE[:50])
    with pytest.raises(EventError, match="one sensor, expected 19x13, found 20x13"):
        denoiser.keep(Events.empty((20, 13)))
    with pytest.raises(TimeOrderError, match="must follow each other"):
        denoiser.keep(NOISE[:10])
    with pytest.raises(ConfigError, match="does not fit"):
        Denoiser(how, (19, 13)).restore({"until_us": np.array(0)})
    assert len(denoiser.keep(Events.empty((19, 13)))) == 0


@pytest.mark.parametrize("how", ALL, ids=NAMES)
def test_settings_out_of_range_are_named(how):
    for field in dataclasses.fields(how):
        if isinstance(getattr(how, field.name), int | float) and field.type is not bool:
            with pytest.raises(ConfigError, match=f"{field.name} must be in"):
                dataclasses.replace(how, **{field.name: -1})
