"""What the numbers of a frame mean, against the formulas of their standards."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsim import Encoding, EventSimError, Frame
from eventsim.errors import ConfigError

# IEC 61966-2-1 at 8-bit code c, with s = c / 255: s / 12.92 up to s = 0.04045, above it
# ((s + 0.055) / 1.055)**2.4; times 255, worked out with thirty digits.
SRGB_DN = {
    0: 0.0,
    1: 0.077399,
    10: 0.773994,  # 10 / 255 = 0.0392 still lies on the straight piece
    11: 0.853367,  # 11 / 255 = 0.0431 no longer
    64: 13.073712,
    128: 55.044428,
    188: 128.236047,  # half of the light of white
    200: 147.283012,
    255: 255.0,
}


def luminance(encoding, *values, dtype=np.float64):
    return encoding.luminance(np.array(values, dtype))


def by_formula(code):
    c = code / 255
    return 255 * (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4)


@pytest.mark.parametrize("code", SRGB_DN)
def test_srgb_at_codes(code):
    dn = luminance(Encoding(), code, dtype=np.uint8)
    assert dn.dtype == np.float32
    assert dn[0] == pytest.approx(SRGB_DN[code], rel=1e-6, abs=1e-6)
    assert dn[0] == pytest.approx(by_formula(code), rel=1e-6)


def test_srgb_half_light():
    # Half the light of white is code 255 (1.055 0.5**(1/2.4) - 0.055) = 187.516.
    assert luminance(Encoding(), 255 * (1.055 * 0.5 ** (1 / 2.4) - 0.055))[0] == pytest.approx(
        127.5
    )


def test_srgb_is_continuous_where_its_pieces_meet():
    below, above = luminance(Encoding(), 255 * 0.04045, 255 * 0.0404501)
    assert below <= above < below + 1e-4


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int32, np.float32, np.float64])
def test_any_real_dtype(dtype):
    assert luminance(Encoding(), 128, dtype=dtype) == pytest.approx(by_formula(128), rel=1e-6)


def test_limited_range():
    encoding = Encoding("srgb", 16, 235)
    black, gray, white = luminance(encoding, 16, 125.5, 235)
    assert black == 0
    assert gray == pytest.approx(255 * ((0.5 + 0.055) / 1.055) ** 2.4)
    assert white == 255


def test_below_black_counts_as_black():
    assert luminance(Encoding("srgb", 16, 235), 0, 15).tolist() == [0, 0]
    assert luminance(Encoding("linear", 16, 235), -1e9).tolist() == [0]


def test_above_white_stays_above_white():
    # Twice white in linear light; code 510 is c = 2 in the sRGB formula: 255 * 4.9538.
    assert luminance(Encoding("linear"), 510).tolist() == [510]
    assert luminance(Encoding("srgb"), 510)[0] == pytest.approx(255 * (2.055 / 1.055) ** 2.4)
    assert luminance(Encoding("srgb", 16, 235), 255)[0] > 255


def test_linear():
    assert luminance(Encoding("linear", 0, 1023), 0, 341, 1023) == pytest.approx([0, 85, 255])
    assert luminance(Encoding("linear", 100, 200), 150) == pytest.approx([127.5])


def test_log_ignores_black_and_white():
    values = np.log([1.0, 20.0, 255.0, 5000.0])
    for encoding in (Encoding("log"), Encoding("log", 16, 235)):
        assert encoding.luminance(values) == pytest.approx([1, 20, 255, 5000], rel=1e-6)


def test_shape_is_kept():
    assert Encoding().luminance(np.zeros((2, 3, 4), np.uint8)).shape == (2, 3, 4)


@given(
    transfer=st.sampled_from(["srgb", "linear"]),
    black=st.floats(-100, 100),
    span=st.floats(1, 1000),
    values=st.lists(st.floats(-1e4, 1e4), min_size=2, max_size=20),
)
def test_more_is_never_darker(transfer, black, span, values):
    encoding = Encoding(transfer, black, black + span)
    dn = encoding.luminance(np.sort(values))
    assert np.all(np.diff(dn) >= 0)
    assert dn.min() >= 0


@pytest.mark.parametrize("white", [9.0, 8.0, float("nan")])
def test_white_must_lie_above_black(white):
    with pytest.raises(
        ConfigError, match=f"white must lie above black, found black 9 and white {white:g}"
    ):
        Encoding("srgb", 9.0, white)


def test_unknown_transfer():
    with pytest.raises(ConfigError, match="one of srgb, linear, pq, hlg, log, found 'gamma'"):
        Encoding("gamma")
    with pytest.raises(EventSimError):
        Encoding("")


def test_an_encoding_can_key_a_table():
    assert hash(Encoding("srgb", 16, 235)) == hash(Encoding("srgb", 16, 235))
    assert Encoding("srgb") != Encoding("linear")


def test_a_frame_is_a_pair():
    t_us, values = Frame(5, np.zeros((1, 2), np.uint8))
    assert (t_us, values.shape) == (5, (1, 2))


@pytest.mark.parametrize(
    ("code", "cd_m2"),
    [(0.0, 0.0), (0.508078, 100), (0.580689, 203), (0.751827, 1000), (1.0, 10_000)],
)
def test_pq_is_absolute_luminance_with_white_at_203(code, cd_m2):
    """Codes by ITU-R BT.2100's inverse EOTF; 100 and 1,000 cd/m2 are in BT.2408, table 1."""
    dn = luminance(Encoding("pq", 64, 940), 64 + code * (940 - 64))[0]
    assert dn == pytest.approx(255 * cd_m2 / 203, rel=1e-4, abs=1e-6)


@pytest.mark.parametrize(
    ("code", "light"), [(0.0, 0.0), (0.25, 1 / 48), (0.5, 1 / 12), (0.75, 0.264962), (1.0, 1.0)]
)
def test_hlg_is_the_light_of_the_scene_with_white_at_75_percent(code, light):
    dn = luminance(Encoding("hlg", 0, 1023), 1023 * code)[0]
    assert dn == pytest.approx(255 * light / 0.264962, rel=1e-5)
