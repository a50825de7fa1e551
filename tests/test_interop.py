"""Events through the transforms of tonic, and back: the dialect of the field is understood."""

import numpy as np
import pytest

from eventsim.denoise import BAF
from eventsim.events import STRUCTURED, Events
from eventsim.random import Draws
from eventsim.representations import VoxelGrid
from eventsim.transforms import Flip, TimeReversal

transforms = pytest.importorskip("tonic.transforms", reason="pip install 'eventsim-dvs[interop]'")
SIZE = (20, 14)


@pytest.fixture
def events():
    rng = np.random.default_rng(0)
    # One event per microsecond: tonic does not order ties.
    t = np.sort(rng.choice(50_000, 3000, replace=False))
    return Events.of(t, rng.integers(0, 20, 3000), rng.integers(0, 14, 3000),
                     rng.random(3000) < 0.5, size=SIZE)  # fmt: skip


def through(transform, events):
    return Events.from_structured(transform(events.to_structured()), size=events.size)


def test_what_tonic_flips_and_reverses_we_flip_and_reverse(events):
    rng = Draws.of(0)
    flipped = through(transforms.RandomFlipLR(sensor_size=(*SIZE, 2), p=1.0), events)
    assert flipped == Flip()(events, rng)
    upside = through(transforms.RandomFlipUD(sensor_size=(*SIZE, 2), p=1.0), events)
    assert upside == Flip("y")(events, rng)
    polarity = through(transforms.RandomFlipPolarity(p=1.0), events)
    assert np.array_equal(polarity.p, ~events.p)


def test_reversal_agrees_but_for_where_it_begins(events):
    reversed_ = through(transforms.RandomTimeReversal(p=1.0), events)
    ours = TimeReversal()(events, Draws.of(0))
    assert np.array_equal(reversed_.t - reversed_.t[0], ours.t - ours.t[0])
    for name in "xyp":
        assert np.array_equal(getattr(reversed_, name), getattr(ours, name))


@pytest.mark.parametrize(
    "name", ["DropEvent", "RefractoryPeriod", "SpatialJitter", "TimeJitter", "UniformNoise"]
)
def test_others_run_on_our_structured_array_and_come_back(events, name):
    made = {
        "DropEvent": lambda: transforms.DropEvent(p=0.4),
        "SpatialJitter": lambda: transforms.SpatialJitter((*SIZE, 2), clip_outliers=True),
        "RefractoryPeriod": lambda: transforms.RefractoryPeriod(delta=500),
        "TimeJitter": lambda: transforms.TimeJitter(std=20, sort_timestamps=True),
        "UniformNoise": lambda: transforms.UniformNoise((*SIZE, 2), n=100),
    }[name]()  # fmt: skip
    array = events.to_structured()
    assert array.dtype == STRUCTURED
    back = Events.from_structured(made(array), size=SIZE)
    assert len(back) > 1000


def test_their_voxel_grid_puts_mass_beyond_its_end_and_ours_does_not(events):
    theirs = transforms.ToVoxelGrid(sensor_size=(*SIZE, 2), n_time_bins=5)(events.to_structured())
    signed = int(events.p.sum()) - int((~events.p).sum())
    ours = VoxelGrid(bins=5, polarity="signed")(events)
    assert ours.sum() == pytest.approx(signed, abs=0.01)
    assert theirs.sum() != pytest.approx(signed, abs=0.01)


def test_their_filter_sees_no_corners_and_passes_the_first_events(events):
    """What tonic keeps after its first window, BAF keeps; what it keeps more, it does by a rule."""
    window_us = 200
    theirs = through(transforms.Denoise(filter_time=window_us), events)
    ours = BAF(window_us)(events)
    # Its memory begins as if all pixels had fired at 0: so the first events pass.
    early = theirs.window(0, window_us)
    assert len(early) == len(events.window(0, window_us)) > len(ours.window(0, window_us))
    late, kept = theirs.window(window_us, 50_000), set(ours.t.tolist())
    assert set(late.t.tolist()) < kept
    # BAF with the four neighbors and a window that is open at its end is the same.
    last = np.full((SIZE[1] + 2, SIZE[0] + 2), -np.inf)
    wanted = []
    for t, x, y in zip(events.t.tolist(), events.x.tolist(), events.y.tolist(), strict=True):
        around = last[y, x + 1], last[y + 2, x + 1], last[y + 1, x], last[y + 1, x + 2]
        if t >= window_us and t - max(around) < window_us:
            wanted.append(t)
        last[y + 1, x + 1] = t
    assert late.t.tolist() == wanted
