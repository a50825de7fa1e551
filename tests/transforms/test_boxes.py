"""Boxes of files, and what lies in them."""

import json

import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.transforms.boxes import Box, as_rows, given_boxes, in_boxes, read_boxes


def test_both_kinds_of_files(tmp_path):
    rows = [{"t_us": 50, "x0": 1, "y0": 2, "x1": 3.5, "y1": 4, "id": "a"},
            {"t_us": 0, "x0": 0, "y0": 0, "x1": 1, "y1": 1}]  # fmt: skip
    (tmp_path / "b.json").write_text(json.dumps(rows))
    (tmp_path / "b.csv").write_text("t_us,x0,y0,x1,y1,id\n50,1,2,3.5,4,a\n0,0,0,1,1,\n")
    wanted = (Box(0, 0, 0, 1, 1), Box(50, 1, 2, 3.5, 4, "a"))
    assert read_boxes(tmp_path / "b.json") == read_boxes(tmp_path / "b.csv") == wanted


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "lists no boxes"),
        ("t_us,x0,y0,x1\n1,2,3,4\n", "it has no 'y1'"),
        ("t_us,x0,y0,x1,y1\n1,2,3,4,5\n1,2,3,2,5\n", "box 2 of .* it has no area"),
        ("t_us,x0,y0,x1,y1\n1,2,3,nan,5\n", "not finite"),
        ("t_us,x0,y0,x1,y1\n1,2,3,four,5\n", "four"),
    ],
)
def test_files_that_are_none(tmp_path, text, said):
    (tmp_path / "b.csv").write_text(text)
    with pytest.raises(ConfigError, match=said):
        read_boxes(tmp_path / "b.csv")


def test_no_file_and_no_json(tmp_path):
    with pytest.raises(ConfigError, match="cannot read the boxes"):
        read_boxes(tmp_path / "none.csv")
    (tmp_path / "b.json").write_text("{")
    with pytest.raises(ConfigError, match="is not a table of boxes"):
        read_boxes(tmp_path / "b.json")
    (tmp_path / "b.json").write_text("[3]")
    with pytest.raises(ConfigError, match="box 1 of"):
        read_boxes(tmp_path / "b.json")


def test_boxes_that_are_given():
    assert given_boxes([(5, 0, 0, 1, 1), (1, 0, 0, 2, 2)])[0].t_us == 1
    for bad in ([(1, 2, 3)], [(1, 2, 3, 1, 9)], [3]):
        with pytest.raises(ConfigError, match="boxes are"):
            given_boxes(bad)


def test_what_lies_in_a_box_with_its_margin_and_its_time():
    t, x = np.repeat([89, 90, 110, 111], 8), np.tile(np.arange(8), 4)
    events = Events.of(t, x, [0] * 32, [1] * 32, size=(8, 1))
    rows = as_rows([Box(100, 2, 0, 4, 1)])
    inside = in_boxes(events, rows, 0.5, 10).reshape(4, 8)
    assert inside.any(axis=1).tolist() == [False, True, True, False]
    assert inside[1].tolist() == [False, True, True, True, True, False, False, False]


def test_in_boxes_as_by_a_loop():
    rng = np.random.default_rng(2)
    n = 3000
    events = Events.of(np.sort(rng.integers(0, 900, n)), rng.integers(0, 30, n),
                       rng.integers(0, 20, n), np.ones(n), size=(30, 20))  # fmt: skip
    boxes = [
        Box(int(t), x, y, x + w, y + h)
        for t, x, y, w, h in rng.integers((0, -5, -5, 1, 1), (900, 30, 20, 15, 15), (40, 5))
    ]
    wanted = np.zeros(n, bool)
    for box in boxes:
        near = abs(events.t - box.t_us) <= 7
        across = (events.x >= box.x0) & (events.x < box.x1)
        wanted |= near & across & (events.y >= box.y0) & (events.y < box.y1)
    assert 50 < wanted.sum() < n / 2
    assert np.array_equal(in_boxes(events, as_rows(boxes), 0.0, 7), wanted)


def test_no_boxes_and_no_events(events):
    assert not in_boxes(events, as_rows([]), 0.1, 10).any()
    assert len(in_boxes(Events.empty((3, 3)), as_rows([Box(0, 0, 0, 1, 1)]), 0.1, 10)) == 0


def test_boxes_of_a_detection_set_come_and_go(tmp_path):
    from eventsim.formats.detection import write_detections
    from eventsim.transforms.boxes import as_detections, boxes_of_detections, write_boxes

    boxes = (
        Box(5, 1.5, 2.0, 4.5, 6.0, "a", "2", 7, 0.5),
        Box(9, 0.0, 0.0, 3.0, 1.0, "a", "0"),
    )
    write_detections(tmp_path / "a_bbox.npy", as_detections(boxes))
    back = boxes_of_detections(tmp_path / "a_bbox.npy", "a")
    assert back == (boxes[0], boxes[1]._replace(track=0))
    assert read_boxes(tmp_path / "a_bbox.npy")[0] == boxes[0]._replace(id="")
    write_boxes(tmp_path / "a.csv", boxes)
    assert read_boxes(tmp_path / "a.csv") == boxes
    named = as_detections([Box(1, 0, 0, 1, 1, label=word) for word in ("car", "bus", "car")])
    assert named["class_id"].tolist() == [1, 0, 1]
