"""Bring DVS128 Gesture (Amir and others 2017), as it was recorded, into one dataset.

    eventsim run dvs128_gesture DvsGesture OUT.zarr --workers 8

SOURCE is what DvsGesture.tar.gz unpacks to:

    trials_to_train.txt, trials_to_test.txt
    user01_fluorescent_led.aedat
    user01_fluorescent_led_labels.csv, a line for each gesture: class,startTime_usec,endTime_usec

Each gesture becomes a recording; the person is its group, so that no split tears one apart.
"""

import csv
import sys
from pathlib import Path

from eventsim.cli.converter import run_recorded
from eventsim.errors import SourceError
from eventsim.events import SensorSize
from eventsim.formats.checking import Care
from eventsim.formats.file import Layout
from eventsim.pipeline.inputs import Input

ABOUT = {
    "title": "DVS128 Gesture, recorded",
    "license": "CC BY 4.0",
    "source_url": "https://research.ibm.com/interactive/dvsgesture/",
    "citation": "A. Amir and others, A Low Power, Fully Event-Based Gesture Recognition System, "
    "CVPR 2017.",
}
LAYOUT = Layout(size=SensorSize(128, 128))
CARE = Care(backwards="sort")
CLASSES = (
    "hand_clapping", "right_hand_wave", "left_hand_wave", "right_arm_clockwise",
    "right_arm_counter_clockwise", "left_arm_clockwise", "left_arm_counter_clockwise", "arm_roll",
    "air_drums", "air_guitar", "other_gestures",
)  # fmt: skip
"""From 1 on (gesture_mapping.csv of the dataset)."""
LISTS = {"train": "trials_to_train.txt", "test": "trials_to_test.txt"}


def find_inputs(source: Path, fold: int) -> tuple[list[Input], list[str]]:
    """All gestures of the official lists, and what is missing."""
    inputs: list[Input] = []
    missing: list[str] = []
    for split, name in LISTS.items():
        trials = source / name
        if not trials.is_file():
            raise SourceError(f"there is no {name} in {source}. Give the folder DvsGesture.")
        for row in trials.read_text(encoding="utf-8").split():
            file = source / row
            if file.is_file():
                inputs += _gestures(file, split)
            else:
                missing.append(row)
    notes = (
        [f"{len(missing):,} listed trials are not there, such as {missing[0]}"] if missing else []
    )
    return inputs, notes


def _gestures(file: Path, split: str) -> list[Input]:
    """The gestures of a trial."""
    labels = file.with_name(f"{file.stem}_labels.csv")
    try:
        with labels.open(newline="", encoding="utf-8") as rows:
            listed = [
                (int(row["class"]), int(row["startTime_usec"]), int(row["endTime_usec"]))
                for row in csv.DictReader(rows)
            ]
        labeled = [
            (CLASSES[number - 1], start, stop) for number, start, stop in listed if number > 0
        ]
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise SourceError(
            f"{labels} must have the columns class (1 to {len(CLASSES)}), startTime_usec and "
            f"endTime_usec: {error}"
        ) from None
    return [
        Input(
            str(file),
            label=label,
            split=split,
            group=file.stem.split("_")[0],
            id=f"{file.stem}/{k:02d}_{label}",
            start_s=start / 1e6,
            stop_s=stop / 1e6,
        )
        for k, (label, start, stop) in enumerate(labeled)
    ]


if __name__ == "__main__":
    sys.exit(run_recorded(__doc__, find_inputs, about=ABOUT, layout=LAYOUT, care=CARE))
