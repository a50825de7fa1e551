import numpy as np
import pytest

from eventsim.errors import ConfigError, SourceError
from eventsim.events import Events, Kind
from eventsim.formats import text
from eventsim.formats.reading import read, write

EVENTS = Events.of([5, 1_500_000], [0, 3], [1, 1], [1, 0], [Kind.SIGNAL, Kind.HOT], size=(4, 2))


def written(path, words):
    path.write_text(words)
    return path


def rows(events):
    return [column.tolist() for column in (events.t, events.x, events.y, events.p)]


EXPECTED = [[5, 1_500_000], [0, 3], [1, 1], [True, False]]


def test_what_is_written_is_what_others_read(tmp_path):
    write(EVENTS, tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text() == "t,x,y,p,kind\n5,0,1,1,0\n1500000,3,1,0,3\n"
    write(EVENTS, tmp_path / "a.txt")
    assert (tmp_path / "a.txt").read_text() == "4 2\n0.000005 0 1 1\n1.500000 3 1 0\n"
    table = np.loadtxt(tmp_path / "a.txt", skiprows=1)  # as e2vid reads it
    assert table.tolist() == [[5e-6, 0, 1, 1], [1.5, 3, 1, 0]]


@pytest.mark.parametrize(
    "words",
    [
        "5,0,1,1\n1500000,3,1,0",
        "# made by somebody\n5 0 1 1\n1500000 3 1 -1\n",
        "x,y,polarity,timestamp\n0,1,1,5\n3,1,-1,1500000\n",
        "t,x@4,y@2,on\n5,0,1,true\n1500000,3,1,false\n",
        "id;time;x;y;p;more\na;5;0;1;1;b\nc;1500000;3;1;0;d\n",
        "4 2\n0.000005 0 1 1\n1.5 3 1 0\n",
        "\ufefft,x,y,p\r\n5,0,1,1\r\n1500000,3,1,0\r\n",
        "5.000000000000000000e-06 0.0e+00 1.0e+00 1.0e+00\n1.5e0 3.0e+00 1.0e+00 0.0e+00\n",
    ],
)
def test_what_others_write_is_read(words, tmp_path):
    assert rows(read(written(tmp_path / "a.txt", words), size=(4, 2))) == EXPECTED


def test_sizes_in_the_first_lines(tmp_path):
    assert read(written(tmp_path / "a.txt", "346 260\n1 2 3 1\n")).size == (346, 260)
    assert read(written(tmp_path / "b.csv", "t,x@346,y@260,p\n1,2,3,1\n")).size == (346, 260)
    with pytest.raises(SourceError, match=r"its first line is 0 260"):
        read(written(tmp_path / "a.txt", "0 260\n1 2 3 1\n"))


def test_the_order_and_the_unit_can_be_given(tmp_path):
    path = written(tmp_path / "a.txt", "0 1 1 5\n3 1 0 1500000\n")
    assert rows(read(path, size=(4, 2), columns="xypt")) == EXPECTED
    assert read(path, size=(4, 2), columns="xypt", time_unit="ms").t.tolist() == [
        5000,
        1_500_000_000,
    ]
    with pytest.raises(ConfigError, match=r"columns must name each of t, x, y and p once"):
        read(path, size=(4, 2), columns="xyp")


def test_a_line_that_is_none_is_named(tmp_path):
    path = written(tmp_path / "a.txt", "# one\n4 2\n0.5 0 1 1\n0.6 nothing 1 1\n")
    with pytest.raises(SourceError, match=r"a.txt, line 4: expected a time.*'0.6 nothing 1 1'"):
        read(path)
    with pytest.raises(SourceError, match=r"must have columns t, x, y and p, found a, b"):
        read(written(tmp_path / "b.csv", "a,b\n1,2\n"), size=(4, 2))


def test_seconds_are_said(tmp_path):
    file = text.open_text(written(tmp_path / "a.txt", "4 2\n0.5 0 1 1\n"), text.Layout())
    assert file.notes == [
        "its times have fractions, and were taken for seconds (else: --time-unit)"
    ]


def test_lines_across_the_pieces_that_are_read(tmp_path, monkeypatch):
    rng = np.random.default_rng(1)
    t = np.cumsum(rng.integers(0, 10**6, 3000))
    events = Events.of(
        t, rng.integers(0, 100, 3000), rng.integers(0, 9, 3000), t % 2, size=(100, 9)
    )
    write(events, tmp_path / "a.csv")
    monkeypatch.setattr(text, "READ_BYTES", 999)
    monkeypatch.setattr(text, "BLOCK_EVENTS", 7)
    assert read(tmp_path / "a.csv", size=(100, 9)) == events
    (tmp_path / "b.csv").write_bytes((tmp_path / "a.csv").read_bytes() + b"7 oh\n")
    with pytest.raises(SourceError, match=r"line 3002"):
        read(tmp_path / "b.csv", size=(100, 9))
