"""Ages of events, by hand."""

import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.representations import TimeSurface


def test_each_pixel_and_polarity_remembers_its_last_event():
    events = Events.of([0, 10, 30], [0, 0, 1], [0, 0, 0], [1, 1, 0], size=(3, 1))
    surface = TimeSurface(bins=2, tau_us=20.0)(events, 0, 40)
    assert surface.shape == (2, 2, 1, 3)
    assert surface[0, 1, 0].tolist() == pytest.approx([np.exp(-0.5), 0, 0])
    assert surface[1, 1, 0].tolist() == pytest.approx([np.exp(-1.5), 0, 0])
    assert surface[0, 0, 0].tolist() == [0, 0, 0]
    assert surface[1, 0, 0].tolist() == pytest.approx([0, np.exp(-0.5), 0])


def test_no_time_constant_is_refused():
    with pytest.raises(ConfigError, match="tau_us"):
        TimeSurface(tau_us=0)
