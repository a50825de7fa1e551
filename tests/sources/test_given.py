import numpy as np
import pytest
import torch

import eventsim
from eventsim.errors import ConfigError, SourceError
from eventsim.sources.arrays import ArraySource
from eventsim.sources.given import source_of
from eventsim.sources.reading import Reading
from eventsim.sources.staged import staged

GRAY = np.linspace(20, 220, 6, dtype=np.uint8)[:, None, None] * np.ones((1, 3, 4), np.uint8)
RNG = np.random.default_rng(0)
COLOR = RNG.integers(0, 256, (6, 3, 4, 3), dtype=np.uint8)
FIRST = COLOR.transpose(0, 3, 1, 2)
SOURCE = ArraySource(GRAY, range(6))


def frames(given, color=None, **reading):
    asked = Reading(**reading)
    return staged(source_of(given, asked, (346, 260), "srgb", color=color), asked.stages())


def values(source):
    return np.stack([frame.values for frame in source])


@pytest.mark.parametrize(
    "given",
    [
        GRAY,
        list(GRAY),
        (frame for frame in GRAY),
        torch.from_numpy(GRAY),
        [torch.from_numpy(frame) for frame in GRAY],
    ],
    ids=["array", "list", "generator", "tensor", "list of tensors"],
)
def test_frames_with_a_rate(given):
    source = frames(given, fps=240)
    seen = list(source)
    assert [frame.t_us for frame in seen] == [0, 4167, 8333, 12500, 16667, 20833]
    assert np.array_equal(np.stack([frame.values for frame in seen]), GRAY)
    assert source.size == (4, 3)


@pytest.mark.parametrize(("color", "order"), [("rgb", [0, 1, 2]), ("bgr", [2, 1, 0])])
def test_color_becomes_luma(color, order):
    """By hand: 0.299 R + 0.587 G + 0.114 B (BT.601), rounded."""
    red, green, blue = (COLOR[..., c].astype(float) for c in order)
    luma = np.rint(0.299 * red + 0.587 * green + 0.114 * blue)
    t_us = np.arange(6) * 1000
    pairs = list(zip(t_us.tolist(), COLOR, strict=True))
    rate, none = {"fps": 1000}, {}
    given = [(COLOR, rate), (torch.tensor(COLOR), rate), ((COLOR, t_us), none), (pairs, none)]
    for one, how in given:
        source = frames(one, color=color, **how)
        assert np.abs(values(source) - luma).max() == 0
        assert "color was converted to luma (BT.601)" in source.notes


def test_a_tensor_that_a_network_made():
    """Floats of 0 to 1, with gradients."""
    made = torch.rand(3, 4, 5, requires_grad=True) * 0.9 + 0.05
    seen = values(frames(made, fps=100, white=1))
    assert seen.dtype == np.float32
    assert np.array_equal(seen, made.detach().numpy())


@pytest.mark.parametrize(
    ("given", "options", "error", "words"),
    [
        (GRAY, {}, ConfigError, "needs times. Give fps"),
        (COLOR, {"fps": 9}, SourceError, r"color='rgb', or color='bgr' as OpenCV"),
        (FIRST, {"fps": 9}, SourceError, r"channels come last .*permute"),
        (FIRST, {"fps": 9, "color": "rgb"}, SourceError, "channels come last"),
        (GRAY, {"fps": 9, "color": "rgb"}, SourceError, r"needs \(H, W, 3\). Leave color out"),
        (COLOR, {"fps": 9, "color": "hsv"}, ConfigError, "one of rgb, bgr, found 'hsv'"),
        (GRAY, {"fps": 0}, ConfigError, "fps must be above 0"),
        ((GRAY, np.arange(6)), {"fps": 9}, ConfigError, "t_us or fps, found both"),
        ([(0, GRAY[0]), (9, GRAY[1])], {"fps": 9}, ConfigError, "or from fps, found both"),
        (GRAY, {"fps": 9, "size": (2, 2)}, ConfigError, "size can only be used with a path"),
        (SOURCE, {"fps": 9, "color": "rgb"}, ConfigError, "found color and fps"),
        ("no.mp4", {"color": "rgb"}, ConfigError, "color is for arrays"),
        (5, {}, ConfigError, "an array with fps"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken(given, options, error, words):
    with pytest.raises(error, match=words):
        list(frames(given, **options))


def test_simulate_takes_all_options():
    """The same frames, however they are handed over."""
    t_us = np.array([frame.t_us for frame in frames(GRAY, fps=240)])
    expected = eventsim.simulate((GRAY, t_us), sensor="ideal")
    color = np.repeat(GRAY[..., None], 3, axis=3)
    assert eventsim.simulate(GRAY, sensor="ideal", fps=240) == expected
    assert eventsim.simulate(color, sensor="ideal", fps=240, color="bgr") == expected
    assert eventsim.simulate(GRAY, sensor="ideal", fps=30, slow_motion=8) == expected
    assert len(expected) > 0
