"""Color of a picture at half the pixels, as video stores it, in which a single pixel keeps its hue.

Video players take 4:2:0: color is stored once for four pixels. The usual mean of the four leaves a
quarter of the color of an event that stands alone, which an encoder then throws away: the event
turns gray.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]

_RED, _GREEN, _BLUE = 0.2126, 0.7152, 0.0722
"""Weights of ITU-R BT.709-6, item 3.2."""
_TO_YUV = np.array(
    [
        [219 * _RED, 219 * _GREEN, 219 * _BLUE, 16 * 255],
        [-112 * _RED / (1 - _BLUE), -112 * _GREEN / (1 - _BLUE), 112, 128 * 255],
        [112, -112 * _GREEN / (1 - _RED), -112 * _BLUE / (1 - _RED), 128 * 255],
    ],
    np.float32,
) / np.float32(255)
"""Red, green, blue of 0..255 to Y of 16..235 and U, V of 16..240 (BT.709-6, items 3.3 to 3.5)."""


def to_yuv420(image: Image) -> Image:
    """Picture in planes of 4:2:0, BT.709, limited range.

    The color of four pixels is their mean, each weighted by how colored it is: of one event among
    three white pixels it is that of the event; of gray pixels it is none.

    Parameters
    ----------
    image : (H, W, 3) ndarray of uint8
        Red, green, blue; H and W even.

    Returns
    -------
    (H * 3 / 2, W) ndarray of uint8
        The planes Y, U and V one after the other, as PyAV takes ``yuv420p``.
    """
    height, width = image.shape[:2]
    yuv = cv2.transform(image, _TO_YUV)
    color = yuv[..., 1:].astype(np.float32) - np.float32(128)
    weight = np.abs(color[..., 0]) + np.abs(color[..., 1])
    half = (width // 2, height // 2)
    mean = cv2.resize(color * weight[..., None], half, interpolation=cv2.INTER_AREA)
    mean /= np.maximum(cv2.resize(weight, half, interpolation=cv2.INTER_AREA), 1e-3)[..., None]
    color_planes = np.rint(mean + np.float32(128)).astype(np.uint8)
    planes = [yuv[..., 0], color_planes[..., 0], color_planes[..., 1]]
    return np.concatenate([plane.ravel() for plane in planes]).reshape(-1, width)
