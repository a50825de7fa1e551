"""Two pictures of any dataset, however little is in it."""

import cv2
import numpy as np
import pytest

from eventsim.events import Events
from eventsim.view.overview import busiest_events, write_rates, write_samples


def test_the_busiest_moment():
    t = np.concatenate([np.arange(1, 11) * 90_000, 1_000_001 + np.arange(50) * 100])
    events = Events.of(t, [0] * 60, [0] * 60, [True] * 60, size=(4, 3))
    frame_t = np.arange(0, 2_000_000, 100_000)

    class Recording:
        frame_t_us = frame_t
        frame_event_index = np.searchsorted(t, frame_t, "right")

        def window(self, t0_us, t1_us):
            return events[int(np.searchsorted(t, t0_us)) : int(np.searchsorted(t, t1_us))]

    found = busiest_events(Recording())
    assert (len(found), found.t[0]) == (50, 1_000_001)
    empty = Recording()
    empty.frame_t_us = empty.frame_event_index = np.empty(0, np.int64)
    assert len(busiest_events(empty)) == 0


@pytest.mark.parametrize("count", [0, 1, 5])
def test_samples(tmp_path, count):
    events = Events.of([0, 5], [1, 2], [1, 1], [True, False], size=(8, 6))
    write_samples(tmp_path / "s.png", [(f"a $b_{k}", events) for k in range(count)])
    picture = cv2.imread(str(tmp_path / "s.png"))
    assert picture.shape[1] == 1040
    orange = (picture == (226, 199, 113)).all(axis=2)
    assert (picture.std(axis=2) > 20).any() == (count > 0) or orange.any()


@pytest.mark.parametrize(
    "groups",
    [
        {},
        {"": np.array([1.0])},
        {"train": np.array([1.0, np.nan, 0.0]), "test": np.array([])},
        {f"class $_{k}": np.array([1.0 + k, 3.0]) for k in range(60)},
    ],
)
def test_rates(tmp_path, groups):
    write_rates(tmp_path / "r.png", groups, groups, "events")
    assert cv2.imread(str(tmp_path / "r.png")).shape[1] == 1040
