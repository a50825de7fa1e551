import numpy as np
import pytest
import zarr

from eventsim.cli.main import main
from eventsim.events import Events, Packet
from eventsim.store.dataset import create_dataset
from eventsim.store.finish import finish
from eventsim.store.writer import PartWriter


@pytest.fixture
def dataset(tmp_path):
    path = tmp_path / "o.zarr"
    create_dataset(path, {}, parts=1)
    writer = PartWriter(path, 0)
    writer.begin_recording(size=(4, 3), source="a.mp4", seed=1)
    events = Events.of([5, 6], [1, 2], [1, 1], [True, False], size=(4, 3))
    writer.write(Packet(events, np.array([0, 10]), np.array([0, 2])))
    writer.end_recording()
    writer.commit()
    finish(path)
    return path


def test_all_good(dataset, capsys):
    assert main(["verify", str(dataset)]) == 0
    assert capsys.readouterr().out.endswith("1 recording, 2 events, 1 part: all good\n")


def test_problems(dataset, capsys):
    zarr.open_array(dataset / "parts/00000/step", mode="r+")[1] = 7 << 1
    assert main(["verify", str(dataset)]) == 1
    said = capsys.readouterr().out
    assert "problem: Part 00000: step/c/0 does not match its checksum." in said
    assert "recording 0 (a.mp4): event 1: kind=7 is not one of 0 to 4" in said
    assert said.endswith("2 problems\n")
