import math

import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.scenes.full_field import FullFieldRamp, FullFieldSinusoid


def test_ramp_is_even_in_log_and_then_stays() -> None:
    ramp = FullFieldRamp((3, 2), low=10, high=1000, duration_us=1000)
    found = [float(ramp.luminance(t)[1, 2]) for t in (-5, 0, 500, 1000, 9000)]
    assert found == pytest.approx([10, 10, 100, 1000, 1000], rel=1e-6)
    assert ramp.luminance(0).shape == (2, 3)


def test_ramp_events_are_evenly_spaced() -> None:
    ramp = FullFieldRamp((1, 1), low=10, high=10 * math.exp(1), duration_us=1_000_000)
    assert ramp.event_times_us(0.3).tolist() == [300_000, 600_000, 900_000]
    # A swing of exactly five thresholds gives the fifth event at the very end.
    assert ramp.event_times_us(0.2).tolist() == [200_000, 400_000, 600_000, 800_000, 1_000_000]


def test_darkening_ramp_has_events_too() -> None:
    ramp = FullFieldRamp((1, 1), low=10 * math.exp(1), high=10, duration_us=1000)
    assert ramp.event_times_us(0.4).tolist() == [400, 800]


def test_frames_are_linear_with_white_at_255() -> None:
    source = FullFieldRamp((3, 2)).frames([0, 1000])
    assert (source.size, source.encoding.transfer, source.encoding.white) == ((3, 2), "linear", 255)
    assert [f.t_us for f in source] == [0, 1000]


def test_sinusoid_follows_its_formula() -> None:
    scene = FullFieldSinusoid((1, 1))
    found = [float(scene.luminance(t)[0, 0]) for t in (0, 31_250, 93_750)]
    assert found == pytest.approx([120, 220, 20])


def test_sinusoid_events_are_where_log_luminance_has_moved_by_a_threshold() -> None:
    scene = FullFieldSinusoid((1, 1))
    t_us, p = scene.event_times_us(0.3, 250_000)
    log = np.log([float(scene.luminance(t)[0, 0]) for t in t_us])
    moved = np.diff(np.concatenate([[math.log(120)], log]))
    assert np.abs(moved - np.where(p, 0.3, -0.3)).max() < 1e-4
    assert (np.diff(t_us) > 0).all()
    # Up from 120 to 220 is 0.606: 2 events; down to 20 is 2.39: 7 from the last level, log 218.7.
    assert p[:9].tolist() == [True] * 2 + [False] * 7


def test_sinusoid_stops() -> None:
    scene = FullFieldSinusoid((1, 1))
    every, _ = scene.event_times_us(0.3, 250_000)
    some, polarity = scene.event_times_us(0.3, int(every[4]))
    assert some.tolist() == every[:4].tolist()
    assert len(polarity) == 4


def test_still_sinusoid_has_no_event() -> None:
    assert len(FullFieldSinusoid((1, 1), amplitude=0).event_times_us(0.1, 10**6)[0]) == 0


def test_impossible_scenes_are_refused() -> None:
    with pytest.raises(ConfigError, match="0 to 200 DN"):
        FullFieldRamp((1, 1), low=0)
    with pytest.raises(ConfigError, match="offset > 0"):
        FullFieldSinusoid((1, 1), offset=0)
    with pytest.raises(ConfigError, match="threshold_log"):
        FullFieldRamp((1, 1)).event_times_us(0)
