"""Beats are left while a run goes on, and harm nobody."""

import time

import pytest

from eventsim.pipeline import heartbeat
from eventsim.pipeline.heartbeat import Beat, Heartbeat, listen
from eventsim.store.attempts import begin_run, end_runs
from eventsim.store.dataset import create_dataset


@pytest.fixture
def dataset(tmp_path):
    create_dataset(tmp_path / "a.zarr", {}, parts=1)
    return tmp_path / "a.zarr"


def test_beats(dataset, monkeypatch):
    monkeypatch.setattr(heartbeat, "EVERY_S", 0.01)
    assert listen(dataset) is None
    done = 0

    def beat():
        nonlocal done
        done += 1
        return Beat(done, None, 10 * done, ("a.mp4", "b.mp4"))

    with Heartbeat(dataset, begin_run(dataset), beat):
        pass
    assert listen(dataset) is None
    with Heartbeat(dataset, begin_run(dataset), beat):
        deadline = time.monotonic() + 20
        while (heard := listen(dataset)) is None or heard.beat.done < 3:
            assert time.monotonic() < deadline
        assert heard.beat == Beat(heard.beat.done, None, 10 * heard.beat.done, ("a.mp4", "b.mp4"))
        assert heard.is_alive
        assert 0 <= heard.updated_s - heard.started_s < 20
        end_runs(dataset)  # the run is over for all but this thread
        before = done
        while done < before + 3:
            assert time.monotonic() < deadline
    assert listen(dataset) is None
    monkeypatch.setattr(heartbeat, "SILENT_S", 0.0)
    assert not heard.is_alive
