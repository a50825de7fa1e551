import io
from pathlib import Path

import pytest

from eventsim.errors import SourceError
from eventsim.formats.prophesee_header import MOST_BYTES, header_bytes, read_header

PATH = Path("a.raw")


def header(text, more=b""):
    return read_header(io.BytesIO(text.encode() + more), PATH)


def test_it_ends_where_no_line_of_it_follows():
    found = header("% evt 3.0\n% Date 2020-01-02 03:04:05\n", b"\x01\x80")
    assert found.fields == {"evt": "3.0", "date": "2020-01-02 03:04:05"}
    assert found.end == 37
    assert found.format == "EVT3"


def test_it_ends_with_end_and_before_a_byte_that_looks_like_more():
    assert header("% evt 2.0\n% end\n", b"% \x00").end == 16
    assert header("% evt 2.0\n", b"%\x80\x00").end == 10


def test_sizes_are_found_wherever_they_stand():
    assert header("% format EVT3;height=72;width=128\n").size(PATH) == (128, 72)
    assert header("% geometry 640x480\n").size(PATH) == (640, 480)
    assert header("% Height 480\n% Width 640\n").size(PATH) == (640, 480)
    assert header("% plugin_name hal_plugin_gen3_fx3\n").size(PATH) == (640, 480)
    assert header("% plugin_name hal_plugin_gen41_evk3\n").size(PATH) == (1280, 720)
    assert header("% evt 2.0\n").size(PATH) is None


@pytest.mark.parametrize("words", ["640", "0x480", "axb", "99999x2", "1x2x3"])
def test_a_size_that_is_none_is_refused(words):
    with pytest.raises(SourceError, match=r"no whole event file: its header says the size"):
        header(f"% geometry {words}\n").size(PATH)


@pytest.mark.parametrize("words", ["1e3", "-", str(2**70)])
def test_a_start_that_is_none_is_refused(words):
    with pytest.raises(SourceError, match=r"its header says t0_us"):
        header(f"% t0_us {words}\n").t0_us(PATH)


def test_a_header_without_an_end_is_refused():
    with pytest.raises(SourceError, match=r"does not end"):
        header("% a " + "b" * MOST_BYTES)


def test_what_is_written_is_read():
    fields = {"evt": "3.0", "t0_us": "-16777216", "end": ""}
    found = read_header(io.BytesIO(header_bytes(fields)), PATH)
    assert found.fields == fields
    assert found.t0_us(PATH) == -(2**24)
