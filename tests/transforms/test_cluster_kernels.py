"""The kernels that follow clusters, by hand."""

import numpy as np

from eventsim.transforms import cluster_kernels

SETTINGS = (5.0, 3.0, 50_000.0, 10_000, 2)  # radius, least, fade, step, most


def followed(t, x, y, rows=50):
    boxes = np.empty((rows, 5))
    n = cluster_kernels.follow_clusters(
        SETTINGS, (128, 64), np.array(t), np.array(x, np.uint16), np.array(y, np.uint16), boxes
    )
    return boxes[:n] if n >= 0 else n


def test_a_cluster_has_a_box_when_it_has_enough_events():
    few = followed([0, 10, 10_001], [20, 20, 20], [30, 30, 30])
    assert len(few) == 0  # two events before the step
    boxes = followed([0, 10, 20, 30, 10_001], [20] * 5, [30] * 5)
    assert len(boxes) == 1
    t, x0, y0, x1, y1 = boxes[0]
    assert (t, x0 <= 20 < x1, y0 <= 30 < y1) == (10_000, True, True)


def test_one_that_no_event_keeps_alive_is_forgotten():
    boxes = followed([0, 10, 20, 30, 10**7], [20] * 5, [30] * 5)
    # 4 events fade to 3 within 50 ms x ln(4 / 3) = 14 ms.
    assert boxes[:, 0].tolist() == [10_000]


def test_two_that_are_apart_are_two_and_there_is_room_for_no_third():
    t = [*range(0, 1200, 100), 10_001]
    x = [10, 60, 100] * 4 + [0]
    boxes = followed(t, x, [30] * 13)
    assert sorted(((boxes[:, 1] + boxes[:, 3]) // 2).tolist()) == [10, 60]


def test_room_that_is_too_small_is_told():
    assert followed([0, 10, 20, 30, 10_001], [20] * 5, [30] * 5, rows=0) == -1
