"""What lies beside a dataset; the rest is tested through `view` in test_view."""

from pathlib import Path

import numpy as np

from eventsim.cli.view_files import open_shown_source, protect
from eventsim.store.reader import open_dataset
from tests.cli.test_view import folder  # noqa: F401 - a fixture


def test_a_source_is_opened_as_the_conversion_did(folder: Path):  # noqa: F811
    dataset = open_dataset(folder / "clip.zarr")
    notes: list[str] = []
    source = open_shown_source(dataset, dataset[0], None, notes)
    assert notes == []
    assert source.size == dataset[0].size
    assert np.diff([frame.t_us for frame in source]).max() == 10_000


def test_what_does_not_exist_yet_may_be_written(folder: Path, tmp_path: Path):  # noqa: F811
    protect(tmp_path / "new.mp4", open_dataset(folder / "clip.zarr"))


def test_a_recording_is_shown_beside_its_own_frames_and_an_event_file_has_none(tmp_path):
    from eventsim.cli.main import main
    from tests.formats.test_aedat4 import EVENTS, events_table, file_of, frame_table

    pixels = np.full((6, 8), 90, np.uint8)
    packets = [(0, frame_table(pixels, 0, 10)), (1, events_table(EVENTS))]
    file_of(tmp_path / "a.aedat4", ["FRME", "EVTS"], packets)
    EVENTS.save(tmp_path / "b.raw")
    files = [str(tmp_path / name) for name in ("a.aedat4", "b.raw")]
    assert main(["import", *files, str(tmp_path / "out.zarr"), "-q"]) == 0
    dataset = open_dataset(tmp_path / "out.zarr")
    notes: list[str] = []
    source = open_shown_source(dataset, dataset[0], None, notes)
    assert source is not None
    assert [int(values[0, 0]) for _, values in source] == [90]
    assert open_shown_source(dataset, dataset[1], None, notes) is None
    assert notes == []
