"""The plainest pixel by hand, and the closed form against it on a real clip."""

import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.events import SensorSize
from eventsim.frames import Encoding
from eventsim.pixel.array import PixelArray
from eventsim.pixel.linear import LinearPixels, LinearSettings
from eventsim.pixel.settings import PixelSettings
from eventsim.shipped import find
from eventsim.sources.opening import open_source
from eventsim.sources.reading import Reading

SIZE = SensorSize(3, 1)


def linear(size=SIZE, encoding="log", **thresholds):
    return PixelArray(size, LinearSettings(**thresholds), Encoding(encoding))


def test_crossings_by_hand():
    """Up by 0.5 with a threshold of 0.2: at 2/5 and 4/5. Down by 0.45 with 0.15: at 1/3 and 2/3
    and, the tolerance says, at the end. The third stays."""
    frames = np.array([[[4.0, 4.0, 4.0]], [[4.5, 3.55, 4.0]]])
    pixels = linear(contrast_threshold_off=0.15)
    events = pixels.push(frames, np.array([1000, 2000])).events
    assert events.t.tolist() == [1333, 1400, 1667, 1800, 2000]
    assert events.x.tolist() == [1, 0, 1, 0, 1]
    assert events.p.tolist() == [False, True, False, True, False]


def test_the_reference_is_all_that_it_remembers():
    """0.1 is left over after the first two events: the next comes a half threshold later."""
    frames = np.array([[[4.0]], [[4.5]], [[4.6]], [[4.5]]])
    events = linear(SensorSize(1, 1)).push(frames, np.arange(4) * 100).events
    assert events.t.tolist() == [40, 80, 200]  # at the last, 4.4 would be needed for OFF
    assert events.p.all()


def test_saved_in_between_it_goes_on_alike():
    rng = np.random.default_rng(0)
    frames = rng.normal(4, 0.6, (9, 1, 3))
    t_us = np.arange(9) * 777
    whole = linear().push(frames, t_us).events
    first, second = linear(), linear()
    before = first.push(frames[:4], t_us[:4]).events
    second.restore(first.save())
    after = second.push(frames[4:], t_us[4:]).events
    assert len(before) > 0
    assert np.array_equal(np.concatenate([before.t, after.t]), whole.t)
    with pytest.raises(ConfigError, match="a saved state must have"):
        LinearPixels(SensorSize(4, 1), LinearSettings(), 1, 1).restore(first.save())


@pytest.mark.parametrize("seen", ["video", "floats"])
def test_the_closed_form_makes_the_same_events(seen):
    """Every event of 0.7 s of a film: pixel, polarity, and time to the microsecond."""
    source = open_source(find("bigbuckbunny.mp4"), Reading(size=(160, 90), stop_s=0.7))
    frames = [(t_us, values) for t_us, values in source]
    t_us = np.array([t for t, _ in frames])
    values = np.stack([v for _, v in frames])
    encoding = source.encoding
    if seen == "floats":
        values, encoding = encoding.luminance(values), Encoding("linear")
    thresholds = {"contrast_threshold_on": 0.17, "contrast_threshold_off": 0.23}
    plain = PixelArray(source.size, LinearSettings(**thresholds), encoding)
    exact = PixelArray(source.size, PixelSettings(**thresholds), encoding)
    expected = plain.push(values, t_us).events
    found = exact.push(values, t_us).events
    assert len(found) == len(expected) > 50_000
    # In the order of pixels, where a rounded microsecond makes no other order.
    order = [np.lexsort((e.t, e.x, e.y)) for e in (expected, found)]
    for name in ("x", "y", "p", "kind"):
        assert np.array_equal(getattr(expected, name)[order[0]], getattr(found, name)[order[1]])
    assert np.abs(expected.t[order[0]] - found.t[order[1]]).max() <= 1
