from pathlib import Path

import numpy as np
import pytest

from eventsim.errors import SourceError
from eventsim.formats.detection import BOX, boxes_beside, read_detections, write_detections


def test_boxes_lie_beside_their_recordings():
    for name in ("a_td.dat", "a_td.dat.h5", "a_td.raw"):
        assert boxes_beside(Path("x") / name) == Path("x/a_bbox.npy")
    assert boxes_beside(Path("a.dat")) is None


def test_a_box_has_forty_bytes():
    assert BOX.itemsize == 40  # as BBOX_DTYPE of Prophesee's toolbox
    assert BOX.fields["class_id"][1] == 24


def test_what_is_written_is_read_in_order_of_time(tmp_path):
    boxes = np.zeros(2, BOX)
    boxes["t"], boxes["x"], boxes["w"], boxes["class_id"] = [7, 5], [1.5, 2], [3, 4], [1, 0]
    write_detections(tmp_path / "a_bbox.npy", boxes)
    found = read_detections(tmp_path / "a_bbox.npy")
    assert found["t"].tolist() == [5, 7]
    assert found["x"].tolist() == [2, 1.5]


def test_names_of_older_files_and_what_is_none(tmp_path):
    old = np.zeros(1, [("ts", "<u8"), *((n, "<f4") for n in "xywh"), ("class_id", "u1"),
                       ("confidence", "<f4"), ("track_id", "<u4")])  # fmt: skip
    old["ts"], old["confidence"] = 9, 0.5
    np.save(tmp_path / "a_bbox.npy", old)
    found = read_detections(tmp_path / "a_bbox.npy")
    assert (found["t"][0], found["class_confidence"][0]) == (9, 0.5)
    np.save(tmp_path / "b_bbox.npy", np.zeros(3))
    with pytest.raises(SourceError, match=r"must have the fields t, x, y, w, h and class_id"):
        read_detections(tmp_path / "b_bbox.npy")
    (tmp_path / "c_bbox.npy").write_bytes(b"no")
    with pytest.raises(SourceError, match=r"is no whole file of boxes"):
        read_detections(tmp_path / "c_bbox.npy")
