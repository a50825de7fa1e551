"""Which frame stands beside which window, and how it looks."""

from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np
import pytest

from eventsim.errors import SourceError
from eventsim.events import Events
from eventsim.frames import Encoding, Frame
from eventsim.view.gray import gray_of, with_frames
from eventsim.view.windows import Window


def source_of(times_us: list[int]) -> SimpleNamespace:
    """Frames of one pixel whose value is their number."""

    class Source(SimpleNamespace):
        def __iter__(self) -> Iterator[Frame]:
            return (Frame(t, np.full((1, 1), i, np.uint8)) for i, t in enumerate(times_us))

    return Source(encoding=Encoding())


def windows_ending(times_us: list[int]) -> list[Window]:
    return [Window(t - 1, t, Events.empty((1, 1))) for t in times_us]


def test_each_window_gets_the_last_frame_at_its_end():
    pairs = with_frames(windows_ending([5, 10, 15, 40, 99]), source_of([10, 20, 30, 40]))
    assert [int(picture[0, 0]) for _, picture in pairs] == [0, 0, 0, 3, 3]


def test_without_a_source_there_is_no_picture():
    assert [picture for _, picture in with_frames(windows_ending([1, 2]), None)] == [None, None]


def test_a_source_without_frames_is_refused():
    with pytest.raises(SourceError, match="no frame"):
        list(with_frames(windows_ending([1]), source_of([])))


def test_limited_range_is_stretched():
    values = np.array([[16, 235, 0, 255]], np.uint8)
    assert gray_of(values, Encoding("srgb", 16, 235)).tolist() == [[0, 255, 0, 255]]


def test_linear_light_is_gamma_coded():
    """Half the light of white is shown at 255 * 0.5 ** (1 / 2.2) = 186.08."""
    values = np.array([[0, 511.5, 1023]], np.float32)
    assert gray_of(values, Encoding("linear", 0, 1023)).tolist() == [[0, 186, 255]]


def test_log_light_is_gamma_coded():
    values = np.log(np.array([[255.0, 127.5]], np.float32))
    assert gray_of(values, Encoding("log")).tolist() == [[255, 186]]
