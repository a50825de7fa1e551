"""The converter of N-ImageNet, on a tiny copy of its layout."""

import numpy as np
import pytest

from eventsim.errors import SourceError
from eventsim.events import STRUCTURED


def write(path):
    rows = [(3, 4, 100, True), (639, 479, 90, False)]
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, event_data=np.array(rows, STRUCTURED))


def test_train_val_and_a_variant_alone(bring, program, tmp_path):
    write(tmp_path / "home/extracted_train/n01440764/n01440764_10026.npz")
    write(tmp_path / "home/extracted_val/n01440764/ILSVRC2012_val_00000293.npz")
    write(tmp_path / "home/extracted_val_mode_1/n02/ILSVRC2012_val_00000001.npz")
    dataset = bring(tmp_path / "home")
    assert [(r.id, r.label, r.split) for r in dataset] == [
        ("train/n01440764_10026", "n01440764", "train"),
        ("val/ILSVRC2012_val_00000293", "n01440764", "val"),
    ]
    assert dataset[0].events.t.tolist() == [90, 100]
    assert dataset[0].events.x.tolist() == [639, 3]
    found, _ = program.find_inputs(tmp_path / "home/extracted_val_mode_1", 1)
    assert [(one.id, one.label, one.split) for one in found] == [
        ("ILSVRC2012_val_00000001", "n02", "")
    ]
    with pytest.raises(SourceError, match=r"expected recordings such as extracted_train"):
        program.find_inputs(tmp_path / "none", 1)
