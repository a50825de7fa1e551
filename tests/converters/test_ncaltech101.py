"""The converter of N-Caltech101, on a tiny copy of its layout."""

import numpy as np
import pytest

from eventsim.errors import SourceError


def test_recordings_by_class(bring, program, recording, tmp_path):
    home = tmp_path / "Caltech101"
    made = recording(home / "airplanes" / "image_0001.bin")
    recording(home / "ant" / "image_0001.bin", 2)
    dataset = bring(home, "--split", "1/0/0")
    assert [(r.id, r.label, r.split) for r in dataset] == [
        ("airplanes/image_0001", "airplanes", "train"),
        ("ant/image_0001", "ant", "train"),
    ]
    assert dataset[0].size == (240, 180)
    assert np.array_equal(dataset[0].events.t, made.t)
    with pytest.raises(SourceError, match=r"expected recordings such as airplanes"):
        program.find_inputs(tmp_path / "none", 1)
