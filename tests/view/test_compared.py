"""The page of a comparison is drawn, and says what it should."""

import numpy as np
import pytest
from PIL import Image

from eventsim.view.compared import Side, draw_compared


def side(level):
    return Side(
        np.full(64, level), np.ones(10), np.ones(10), np.arange(1.0, 5), np.full((2, 6, 8), level)
    )


@pytest.fixture
def draw(tmp_path):
    def make(name, areas, simulated):
        draw_compared(
            tmp_path / name, side(3.0), simulated, duration_us=100_000,
            interval_edges_us=np.logspace(1, 6, 11), count_edges=(0, 1, 3, 5), areas=areas,
            title="a and b",
        )  # fmt: skip
        return tmp_path / name

    return make


def test_areas_have_the_color_of_their_size(draw):
    def red(path):
        pixels = np.asarray(Image.open(path).convert("RGB")).astype(int)
        return int((np.abs(pixels - (0xB2, 0x18, 0x2B)).sum(axis=2) < 6).sum())

    clear = draw("a.png", {"row gaps": 0.99, "number": 0.5}, side(2.0))
    near = draw("b.png", {"row gaps": 0.6, "number": 0.5}, side(2.0))
    assert red(clear) > 10 * red(near) + 1000


def test_silence_and_other_formats(draw):
    path = draw("a.svg", {"number": 0.4}, side(0.0))
    text = path.read_text()
    assert "<svg" in text
    assert draw("a.pdf", {}, side(1.0)).read_bytes()[:4] == b"%PDF"
