"""Scenes of the bench: they move, and are functions of their seeds."""

import numpy as np
import pytest

from eventsim.denoise_bench.scenes import SCENES, open_scene
from eventsim.errors import ConfigError
from eventsim.events import SensorSize

SIZE = SensorSize(40, 30)


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_moves_and_is_a_function_of_its_seed(name):
    frames = list(open_scene(name, SIZE, 0.2, seed=3))
    assert all(frame.values.shape == (30, 40) for frame in frames)
    assert frames[-1].t_us <= 210_000
    assert np.ptp([frame.values for frame in frames], axis=0).max() > 5
    again = list(open_scene(name, SIZE, 0.2, seed=3))
    assert all(np.array_equal(a.values, b.values) for a, b in zip(frames, again, strict=True))
    if name != "film":
        other = list(open_scene(name, SIZE, 0.2, seed=4))
        assert not np.array_equal(frames[0].values, other[0].values)


def test_an_unknown_scene_is_named():
    with pytest.raises(ConfigError, match=r"no scene 'pann'\. Did you mean 'pan'"):
        open_scene("pann", SIZE, 0.2, seed=1)
