import numpy as np

from eventsim.sources.gray import on_black, to_gray


def test_luma_is_weighted_as_in_bt601() -> None:
    colors = np.array([[[200, 0, 0], [0, 200, 0], [0, 0, 200], [255, 255, 255]]], np.uint8)
    gray, notes = to_gray(colors)
    # 59.8, 117.4, 22.8, 255.
    assert gray.tolist() == [[60, 117, 23, 255]]
    assert gray.dtype == np.uint8
    assert notes == ["color was converted to luma (BT.601)"]


def test_white_of_sixteen_bits_stays_white() -> None:
    assert to_gray(np.full((1, 1, 3), 65535, np.uint16))[0].tolist() == [[65535]]


def test_transparency_becomes_black_and_is_said() -> None:
    gray, notes = to_gray(np.array([[[200, 51], [200, 0], [200, 255]]], np.uint8))
    assert gray.tolist() == [[40, 0, 200]]  # 200 * 51 / 255
    assert notes == ["transparency became black"]
    assert len(to_gray(np.zeros((1, 1, 4), np.uint8))[1]) == 2
    assert to_gray(np.array([[[7]]], np.uint8))[0].tolist() == [[7]]
    assert to_gray(np.array([[7]], np.uint8))[1] == []


def test_sixteen_bits_on_black() -> None:
    mixed = on_black(np.array([[[60000, 30000, 0, 32767]]], np.uint16))
    # 60000 * 32767 / 65535 = 29999.5, to the even neighbor of the nearest double
    assert mixed.dtype == np.uint16
    assert np.allclose(mixed, [[[29999.5, 14999.8, 0]]], atol=0.51)
