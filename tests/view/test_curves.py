"""Charts and rows of pictures."""

import io

import numpy as np
from PIL import Image

from eventsim.view.curves import Curve, draw_curves, draw_rows


def opened(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)


def test_a_chart_shows_its_curves():
    curves = [Curve(n, [0.1, 0.9], [0.2, y], [0, 0.1], [0.1, 0]) for n, y in (("a", 0.3), ("b", 1))]
    both = draw_curves(curves, x_label="x", y_label="y", levels=[(0.5, "half")])
    image = opened(both)
    for color in ((0, 114, 178), (213, 94, 0)):
        assert (np.abs(image - color).max(axis=2) < 30).sum() > 50
    assert both == draw_curves(curves, x_label="x", y_label="y", levels=[(0.5, "half")])


def test_rows_of_pictures():
    half = np.repeat([[0.0, 1.0]], 2, axis=0)
    png = draw_rows([("one", [half, half - 0.5]), ("two", [half, 0 * half])], ["gray", "signed"],
                    signed=[1])  # fmt: skip
    image = opened(png)
    assert (image.reshape(-1, 3) == (0, 0, 0)).all(axis=1).sum() > 500  # the dark half
    orange = (image[..., 0] > 100) & (image[..., 2] < 60)
    assert orange.sum() > 500
