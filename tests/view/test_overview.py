"""Two pictures of any dataset, however little is in it."""

import cv2
import numpy as np
import pytest

from eventsim.events import Events
from eventsim.view.overview import busiest_events, write_rates, write_samples


def test_the_busiest_moment():
    t = np.concatenate([np.arange(10) * 100_000, 2_000_000 + np.arange(50) * 100])
    events = Events.of(t, [0] * 60, [0] * 60, [True] * 60, size=(4, 3))
    found = busiest_events(events)
    assert len(found) >= 45  # the last is the end of the recording
    assert found.t[0] >= 1_900_000


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
