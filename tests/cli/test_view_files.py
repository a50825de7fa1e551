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
