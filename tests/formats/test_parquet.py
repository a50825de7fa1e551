import datetime

import numpy as np
import pytest

from eventsim.errors import SourceError
from eventsim.events import Events
from eventsim.formats.reading import read, write

pyarrow = pytest.importorskip("pyarrow")
from pyarrow import parquet  # noqa: E402

T, X, Y, P = [5, 1_500_000], [0, 3], [1, 1], [1, -1]


@pytest.mark.parametrize(
    "t",
    [
        pyarrow.array(T),
        pyarrow.array([datetime.timedelta(microseconds=t) for t in T]),
        pyarrow.array(np.array(T) * 1e-6),
    ],
)
def test_what_others_write_is_read(t, tmp_path):
    table = pyarrow.table({"x": X, "y": Y, "t": t, "polarity": P, "more": ["a", "b"]})
    parquet.write_table(table, tmp_path / "a.parquet")
    events = read(tmp_path / "a.parquet", size=(4, 2))
    assert (events.t.tolist(), events.x.tolist(), events.p.tolist()) == (T, X, [True, False])


def test_what_is_written_has_evlibs_names_and_the_size(tmp_path):
    write(Events.of(T, X, Y, P, size=(4, 2)), tmp_path / "a.parquet")
    table = parquet.read_table(tmp_path / "a.parquet")
    assert table.column_names == ["t", "x", "y", "polarity", "kind"]
    assert read(tmp_path / "a.parquet").size == (4, 2)


def test_other_columns_and_missing_values_are_refused(tmp_path):
    parquet.write_table(pyarrow.table({"a": [1]}), tmp_path / "a.parquet")
    with pytest.raises(SourceError, match=r"must have columns t, x, y and p, found a"):
        read(tmp_path / "a.parquet")
    parquet.write_table(
        pyarrow.table({"t": T, "x": [0, None], "y": Y, "p": P}), tmp_path / "b.parquet"
    )
    with pytest.raises(SourceError, match=r"x must be whole numbers of pixels, found nan"):
        read(tmp_path / "b.parquet", size=(4, 2))
