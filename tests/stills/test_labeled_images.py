"""Sets in memory: checked, and one part after the other."""

import numpy as np
import pytest

from eventsim.errors import SourceError
from eventsim.stills.labeled_images import ArrayImages, ArrayPart
from eventsim.stills.npz import open_npz


@pytest.mark.parametrize(
    ("images", "labels", "words"),
    [
        (np.zeros((2, 3, 4)), None, "float64"),
        (np.zeros((2, 0, 4), np.uint8), None, r"\(2, 0, 4\)"),
        (np.zeros((2, 3), np.uint8), None, "found uint8"),
        (np.zeros((2, 3, 4), np.uint8), np.zeros(3, np.uint8), "a label per image"),
    ],
)
def test_a_part_is_checked(images, labels, words):
    with pytest.raises(SourceError, match=words):
        ArrayPart("part", "", images, labels)


def test_parts_follow_each_other(tmp_path):
    parts = [ArrayPart(n, n, np.full((2, 1, 1), k, np.uint8), None) for k, n in enumerate("ab")]
    both = ArrayImages(open_npz, tmp_path, "", parts, [])
    assert [both[i].name for i in range(4)] == ["a#0", "a#1", "b#0", "b#1"]
    assert both.label(0) == ""
