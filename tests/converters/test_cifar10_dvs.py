"""The converter of CIFAR10-DVS, on a tiny copy of its layout."""

import pytest

from eventsim.errors import SourceError
from tests.formats.test_aedat import file_2


def test_splits_by_number_and_rows_for_columns(bring, program, tmp_path):
    for number in (0, 99, 100):
        path = tmp_path / "cat" / f"cifar10_cat_{number}.aedat"
        path.parent.mkdir(exist_ok=True)
        file_2(path, [(1 << 1 | 2 << 8, 5), (127 << 1 | 1, 9)], "# made by jAER")
    dataset = bring(tmp_path)
    assert [(r.id, r.label, r.split) for r in dataset] == [
        ("cat/000", "cat", "test"), ("cat/099", "cat", "test"), ("cat/100", "cat", "train"),
    ]  # fmt: skip
    events = dataset[0].events
    # The script of the dataset: x is 127 minus the raw row, y 127 minus the raw column.
    assert (events.x.tolist(), events.y.tolist()) == ([125, 127], [126, 0])
    assert events.p.tolist() == [True, False]
    with pytest.raises(SourceError, match=r"expected recordings such as airplane"):
        program.find_inputs(tmp_path / "none", 1)
