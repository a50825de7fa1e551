"""People cut out, where somebody said they are."""

import pickle

import pytest

from eventsim.errors import ConfigError
from eventsim.random import Draws
from eventsim.transforms import MaskBoxes


def test_no_event_is_left_in_the_boxes_and_all_others_are(many):
    method = MaskBoxes([(500_000, 10, 10, 30, 20)], margin=0.0, hold_us=200_000)
    made = method(many, Draws.of(0))
    inside = (many.x >= 10) & (many.x < 30) & (many.y >= 10) & (many.y < 20)
    inside &= abs(many.t - 500_000) <= 200_000
    assert made == many[~inside]


def test_boxes_of_a_file_and_of_one_recording(tmp_path):
    path = tmp_path / "boxes.csv"
    path.write_text("t_us,x0,y0,x1,y1,id\n1,0,0,9,9,anna\n2,0,0,9,9,\n3,0,0,9,9,ben\n")
    method = MaskBoxes(str(path))
    assert [box.t_us for box in method.for_recording("anna").boxes] == [1, 2]
    assert [box.t_us for box in method.for_recording("carl").boxes] == [2]
    assert method.for_recording("ben").margin == method.margin
    assert pickle.loads(pickle.dumps(method)) == method


def test_it_tells_nobody_where_the_boxes_are(tmp_path):
    path = tmp_path / "boxes.csv"
    path.write_text("t_us,x0,y0,x1,y1\n1,0,0,9,9\n")
    assert repr(MaskBoxes(str(path))) == "MaskBoxes(margin=0.15, hold_us=100000)"


def test_numbers_that_make_no_sense():
    for bad in ({"margin": -1}, {"hold_us": (1, 2)}):
        with pytest.raises(ConfigError, match=next(iter(bad))):
            MaskBoxes([(0, 0, 0, 1, 1)], **bad)
