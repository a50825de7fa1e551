"""Labels by frames, held against the simulator's."""

import numpy as np
import pytest

import eventsim
from eventsim.denoise_bench.known_objects import WINDOW_US, label_by_frames
from eventsim.denoise_bench.scenes import open_scene
from eventsim.errors import SourceError
from eventsim.events import Events, Kind, SensorSize
from eventsim.scenes.moving import MovingBar
from eventsim.sources.arrays import ArraySource

SIZE = SensorSize(64, 48)


def test_events_at_an_edge_that_moves_are_real_by_their_polarity():
    bar = MovingBar((40, 20), speed_px_s=100.0, width_px=8, contrast=1.0)
    source = bar.frames(np.arange(0, 300_000, 5000))
    # At .15 s the bright bar reaches from 7 to 15 px.
    events = Events.of([150_000] * 4, [15, 15, 30, 7], [5] * 4, [1, 0, 1, 0], size=(40, 20))
    labels = label_by_frames(events, source)
    by_place = {(x, p): s for x, p, s in zip(events.x.tolist(), events.p.tolist(),
                                             labels.is_signal.tolist(), strict=True)}  # fmt: skip
    assert by_place == {(15, True): True, (15, False): False, (30, True): False, (7, False): True}
    assert labels.is_judged.all()


def test_a_light_that_changes_everywhere_is_no_edge():
    frames = np.full((12, 10, 10), 50.0, np.float32) * np.linspace(1, 3, 12)[:, None, None]
    source = ArraySource(list(frames), np.arange(12) * 20_000, transfer="linear")
    events = Events.of([100_000], [5], [5], [1], size=(10, 10))
    assert not label_by_frames(events, source).is_signal.any()


@pytest.mark.parametrize(("scene", "lux", "least"), [("lone", 20.0, 0.97), ("traffic", 20.0, 0.95)])
def test_on_simulated_streams_they_are_nearly_the_truth(scene, lux, least):
    events = eventsim.simulate(
        open_scene(scene, SIZE, 0.5, 5), sensor="davis346", illuminance_lux=lux, seed=2
    )
    labels = label_by_frames(events, open_scene(scene, SIZE, 0.5, 5))
    truth = events.kind == Kind.SIGNAL
    assert labels.is_judged.mean() > 0.999
    assert (labels.is_signal == truth).mean() > least
    assert labels.is_signal[truth].mean() > 0.95  # what is real is called so
    assert labels.is_signal[~truth].mean() < 0.45  # noise near an edge is, too


def test_what_lies_outside_of_the_frames_is_not_judged():
    bar = MovingBar((20, 10))
    source = bar.frames(np.arange(100_000, 300_000, 10_000))
    t = [0, 99_999, 100_000, 290_000, 290_001, 400_000]
    events = Events.of(t, [1] * 6, [1] * 6, [1] * 6, size=(20, 10))
    judged = label_by_frames(events, source).is_judged
    assert judged.tolist() == [False, False, True, True, False, False]
    assert 2 * WINDOW_US < 190_000, "more than one window is judged"


def test_frames_of_another_size_or_too_few_are_refused():
    events = Events.of([5], [1], [1], [1], size=(20, 10))
    with pytest.raises(SourceError, match="expected 20x10, found 30x10"):
        label_by_frames(events, MovingBar((30, 10)).frames([0, 1000]))
    with pytest.raises(SourceError, match="two frames or more"):
        label_by_frames(events, MovingBar((20, 10)).frames([0]))
