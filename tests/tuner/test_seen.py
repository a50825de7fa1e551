"""What the tuner sees is what the command makes."""

import numpy as np
import pytest

import eventsim
from eventsim.camera import choose_camera
from eventsim.events import Events
from eventsim.sources.reading import Reading
from eventsim.tuner.clip import keep_clip
from eventsim.tuner.seen import rates, see


@pytest.mark.parametrize("reading", [{"fps": 50}, {"fps": 50, "run_in_s": 0.06}])
def test_the_events_are_those_of_convert(folder, tmp_path, reading):
    settings = {"leak_rate_hz": 3.0, "shot_noise_rate_hz": 2.0}
    camera = choose_camera("davis346", overrides=settings)
    seen = see(keep_clip(folder, Reading(size=(12, 8), **reading), camera), camera, seed=5)
    dataset = eventsim.convert(
        folder, tmp_path / "a.zarr", sensor="davis346", seed=5, size=(12, 8), **reading, **settings
    )
    assert len(seen)
    assert seen == dataset[0].events


def test_rates_are_counts_per_pixel_and_second():
    kind = [0] * 6 + [1] * 2 + [3]
    p = [True] * 4 + [False] * 2 + [True, False, True]
    events = Events.of(np.arange(9), [0] * 9, [0] * 9, p, kind, size=(2, 1))
    found = rates(events, 0.5)
    assert found == [
        ("signal", 6, 4.0, 2.0), ("shot", 2, 1.0, 1.0), ("leak", 0, 0.0, 0.0), ("hot", 1, 1.0, 0.0)
    ]  # fmt: skip
