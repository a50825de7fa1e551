import pickle
from pathlib import Path

import numpy as np

from eventsim.events import Events
from eventsim.formats.checking import Care
from eventsim.formats.file import Layout
from eventsim.pipeline.import_task import ImportTask, PlannedFile, _with_ends
from eventsim.pipeline.inputs import Input


def piece(*t):
    return Events.of(t, [0] * len(t), [0] * len(t), [1] * len(t), size=(2, 2)), 1


def test_a_recording_lasts_from_its_first_event_to_its_last():
    packets = [packet for packet, _ in _with_ends(iter([piece(3, 5), piece(), piece(7, 9)]))]
    assert [packet.frame_t_us.tolist() for packet in packets] == [[3], [9]]
    assert [packet.frame_stop.tolist() for packet in packets] == [[1], [2]]


def test_one_event_is_one_frame_and_none_is_none():
    ((packet, _),) = _with_ends(iter([piece(), piece(4)]))
    assert packet.frame_t_us.tolist() == [4]
    assert list(_with_ends(iter([piece()]))) == []


def test_one_piece_has_both_ends():
    ((packet, _),) = _with_ends(iter([piece(4, 6, 6)]))
    assert packet.frame_t_us.tolist() == [4, 6]
    assert np.array_equal(packet.frame_stop, [1, 3])


def test_a_task_goes_to_another_process():
    file = PlannedFile(Input("a.raw"), 0, 5, "")
    task = ImportTask(Path("o.zarr"), 0, (file,), Layout(), None, Care())
    assert pickle.loads(pickle.dumps(task)) == task
    assert task.name == "a.raw"
    assert task.inputs == ["a.raw"]
