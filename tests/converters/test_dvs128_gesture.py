"""The converter of DVS128 Gesture, on a tiny copy of its layout."""

import pytest

from eventsim.errors import SourceError
from tests.formats.test_aedat import file_31, packet

LABELS = "class,startTime_usec,endTime_usec\n1,100,200\n11,200,350\n"


@pytest.fixture
def gestures(tmp_path):
    home = tmp_path / "DvsGesture"
    home.mkdir()
    rows = [(3 | 4 << 2 | t % 100 << 17, t) for t in range(0, 500, 10)]
    for trial in ("user01_led", "user24_natural"):
        file_31(home / f"{trial}.aedat", [packet(rows[:20]), packet(rows[20:])])
        (home / f"{trial}_labels.csv").write_text(LABELS)
    (home / "trials_to_train.txt").write_text("user01_led.aedat\nuser02_led.aedat\n")
    (home / "trials_to_test.txt").write_text("user24_natural.aedat\n")
    return home


def test_each_gesture_is_a_recording(bring, gestures):
    dataset = bring(gestures)
    assert [(r.id, r.label, r.split, r.group) for r in dataset] == [
        ("user01_led/00_hand_clapping", "hand_clapping", "train", "user01"),
        ("user01_led/01_other_gestures", "other_gestures", "train", "user01"),
        ("user24_natural/00_hand_clapping", "hand_clapping", "test", "user24"),
        ("user24_natural/01_other_gestures", "other_gestures", "test", "user24"),
    ]
    assert dataset[0].events.t.tolist() == list(range(100, 200, 10))
    assert dataset[1].events.t.tolist() == list(range(200, 350, 10))


def test_what_is_missing_or_wrong_is_said(program, gestures):
    _, notes = program.find_inputs(gestures, 1)
    assert notes == ["1 listed trials are not there, such as user02_led.aedat"]
    (gestures / "user01_led_labels.csv").write_text(LABELS + "12,1,2\n")
    with pytest.raises(SourceError, match=r"must have the columns class \(1 to 11\)"):
        program.find_inputs(gestures, 1)
    (gestures / "user01_led_labels.csv").write_text(LABELS)
    (gestures / "trials_to_test.txt").unlink()
    with pytest.raises(SourceError, match=r"there is no trials_to_test.txt"):
        program.find_inputs(gestures, 1)
