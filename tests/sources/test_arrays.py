import numpy as np
import pytest

from eventsim.errors import ConfigError, SourceError, TimeOrderError
from eventsim.frames import Frame
from eventsim.sources.arrays import ArraySource, IteratorSource


def ramp(n: int = 3, dtype: type = np.uint8) -> np.ndarray:
    return np.arange(n * 6).reshape(n, 2, 3).astype(dtype)


def test_array_source_gives_what_it_got_again_and_again() -> None:
    source = ArraySource(ramp(), [0, 10, 25])
    for _ in range(2):
        frames = list(source)
        assert [f.t_us for f in frames] == [0, 10, 25]
        assert np.array_equal(np.stack([f.values for f in frames]), ramp())
    assert source.size == (3, 2)
    assert source.expected_frames == 3
    assert source.notes == []
    assert source.lost_frames == 0
    assert (source.encoding.transfer, source.encoding.white) == ("srgb", 255)


def test_frame_tuples_carry_their_times() -> None:
    source = ArraySource([Frame(5, ramp()[0]), Frame(7, ramp()[1])])
    assert [f.t_us for f in source] == [5, 7]


def test_float64_is_narrowed_and_said() -> None:
    source = ArraySource(ramp(dtype=np.float64), [0, 1, 2])
    assert next(iter(source)).values.dtype == np.float32
    assert source.notes == ["float64 frames were converted to float32"]


def test_uint16_is_white_at_65535() -> None:
    assert ArraySource(ramp(dtype=np.uint16) * 1000, [0, 1, 2]).encoding.white == 65535


def test_yields_contiguous_frames() -> None:
    turned = ramp().transpose(0, 2, 1)
    assert next(iter(ArraySource(turned, [0, 1, 2]))).values.flags.c_contiguous


@pytest.mark.parametrize("t_us", [[0, 5, 5], [0, 5, 4]])
def test_times_must_increase(t_us: list[int]) -> None:
    with pytest.raises(TimeOrderError, match=f"frame 2 has t={t_us[2]} us after t=5 us"):
        ArraySource(ramp(), t_us)
    with pytest.raises(TimeOrderError, match=f"frame 2 has t={t_us[2]} us after t=5 us"):
        list(IteratorSource(zip(t_us, ramp(), strict=True)))


def test_seconds_are_refused() -> None:
    with pytest.raises(ConfigError, match="microseconds as integers"):
        ArraySource(ramp(), [0.0, 0.1, 0.2])
    with pytest.raises(ConfigError, match=r"microseconds as integers, found 0\.5 at frame 1"):
        list(IteratorSource([(0, ramp()[0]), (0.5, ramp()[1])]))  # type: ignore[list-item]


def test_times_must_match_in_number() -> None:
    with pytest.raises(ConfigError, match="3 frames"):
        ArraySource(ramp(), [0, 1])


def test_arrays_without_times_are_refused() -> None:
    with pytest.raises(ConfigError, match="t_us"):
        ArraySource(ramp())


def test_no_frame_is_refused() -> None:
    with pytest.raises(SourceError, match="at least one"):
        ArraySource(ramp(0), [])
    with pytest.raises(SourceError, match="gave none"):
        IteratorSource([])


def test_nan_names_the_frame() -> None:
    frames = ramp(dtype=np.float32) + 100
    frames[1, 0, 2] = np.nan
    with pytest.raises(SourceError, match="frame 1 has nan at column 2, row 0"):
        ArraySource(frames, [0, 1, 2])
    with pytest.raises(SourceError, match="frame 1 has nan"):
        list(IteratorSource(enumerate(frames)))


def test_unit_range_needs_white() -> None:
    frames = np.linspace(0, 1, 18, dtype=np.float32).reshape(3, 2, 3)
    with pytest.raises(ConfigError, match=r"white=1\.0"):
        ArraySource(frames, [0, 1, 2])
    with pytest.raises(ConfigError, match=r"white=1\.0"):
        list(IteratorSource(enumerate(frames)))
    assert ArraySource(frames, [0, 1, 2], white=1.0).encoding.white == 1.0
    assert len(list(IteratorSource(enumerate(frames), transfer="log"))) == 3


def test_unit_range_is_told_after_sixteen_frames() -> None:
    taken = []
    source = IteratorSource((i, np.full((2, 3), 0.5, np.float32)) for i in range(100))
    with pytest.raises(ConfigError):
        taken.extend(source)
    assert len(taken) == 15


def test_types_and_sizes_must_not_change() -> None:
    first = np.zeros((2, 3), np.uint8)
    with pytest.raises(SourceError, match="frame 1 is of uint16"):
        ArraySource([first, first.astype(np.uint16)], [0, 1])
    with pytest.raises(SourceError, match="frame 1 is 2x3"):
        list(IteratorSource([(0, first), (1, first.T)]))


def test_iterator_source_runs_once() -> None:
    source = IteratorSource((10 * i, f) for i, f in enumerate(ramp()))
    assert source.size == (3, 2)
    assert source.expected_frames is None
    frames = list(source)
    assert [f.t_us for f in frames] == [0, 10, 20]
    assert np.array_equal(frames[0].values, ramp()[0])
    with pytest.raises(SourceError, match="read once"):
        iter(source)
