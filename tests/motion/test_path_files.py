"""Paths from text files, good and bad."""

import numpy as np
import pytest

from eventsim.errors import SourceError
from eventsim.motion.path_files import read_path


def write(folder, text):
    path = folder / "walk.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_three_columns(tmp_path):
    path = read_path(write(tmp_path, "t_us,x_px,y_px\n0,0,0\n\n# a rest\n1000,1.5,-2e0\n"))
    assert path.t_us.tolist() == [0, 1000]
    assert path.poses.tolist() == [[0, 0, 0, 1], [1.5, -2, 0, 1]]


def test_all_columns_in_any_order_with_blanks_and_a_mark(tmp_path):
    text = "\ufeffzoom, t_us, y_px, rotation_rad, x_px\r\n1, -5, 2, 0.1, 3\r\n2, 5, 0, 0, 0\r\n"
    path = read_path(str(write(tmp_path, text)))
    assert path.t_us.tolist() == [-5, 5]
    assert path.poses.tolist() == [[3, 2, 0.1, 1], [0, 0, 0, 2]]


def test_large_times_stay_whole(tmp_path):
    t_us = 2**53 + np.array([1, 3])
    path = read_path(write(tmp_path, f"t_us,x_px,y_px\n{t_us[0]},0,0\n{t_us[1]},1,0\n"))
    assert path.t_us.tolist() == t_us.tolist()


HEADER = "t_us,x_px,y_px\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "has 0 lines"),
        (HEADER, "has 1 lines"),
        ("0,0,0\n1,1,1\n", "line 1 of .*walk.csv is '0,0,0'"),
        ("t_us,x_px\n0,1\n", "expected the header t_us,x_px,y_px"),
        ("t_us,x_px,y_px,zoom,zoom\n0,0,0,1,1\n", "expected the header"),
        ("t_us,x_px,y_px,speed\n0,0,0,1\n", "expected the header"),
        (HEADER + "0,0\n", "expected 3 numbers .*, but line 2 of .* has 2: '0,0'"),
        (HEADER + "0,0,0\n\n0.5,1,1\n", "t_us must be whole microseconds, but line 4 .* '0.5'"),
        (HEADER + "0,0,0\n5,a,1\n", "x_px must be a number, but line 3 of .* has 'a'"),
        (HEADER + "0,0,0\n5,nan,1\n", "x_px must be a number"),
        (HEADER + "0,0,0\n9223372036854775808,0,1\n", "t_us must be whole"),
        (HEADER + "5,0,0\n5,0,1\n", "strictly increase, but line 3 of .* has 5 us after 5 us"),
        (HEADER + "5,0,9e9\n", "walk.csv: y_px of a path must lie in"),
        (b"\xff\xfe\x00", "it is not text"),
    ],
)
def test_bad_files(tmp_path, text, words):
    with pytest.raises(SourceError, match=words) as raised:
        read_path(write(tmp_path, text))
    assert "\n" not in str(raised.value)


def test_no_file(tmp_path):
    with pytest.raises(SourceError, match="No such file"):
        read_path(tmp_path / "none.csv")
