"""The ladder from log luminance to codes, and the quiet codes, never hide a crossing."""

import numpy as np
import pytest

from eventsim import Encoding, SensorSize
from eventsim.pixel import layout as at
from eventsim.pixel.kernels import kernels
from eventsim.pixel.light import table
from eventsim.pixel.plain import STEPS, make_ladder, make_plain_workspace, make_quiet
from eventsim.pixel.settings import PixelSettings
from eventsim.pixel.state import first_state

ENCODINGS = [Encoding("srgb"), Encoding("srgb", 16, 235), Encoding("linear"), Encoding("log")]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_ladder_by_its_definition(encoding):
    log, _ = table(encoding, 256)
    ladder = make_ladder(log)
    span = float(log[-1]) - float(log[0])
    for step in (0, 1, 700, STEPS - 1, STEPS):
        edge = log[0] + step * span / STEPS
        assert ladder.highest[step + 1] == np.flatnonzero(log <= edge + 1e-12)[-1]
        at_or_above = np.flatnonzero(log >= edge - 1e-12)
        assert ladder.lowest[step] == at_or_above[0]
    assert ladder.highest[0] == -1
    assert ladder.lowest[STEPS + 1] == 256


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("thresholds", [(0.2, 0.2), (0.01, 0.01), (0.05, 3.0)])
def test_quiet_codes(encoding, thresholds):
    """Those between are quiet by the exact test; most of those that are quiet are between."""
    on, off = thresholds
    log, luminance = table(encoding, 256)
    n = 256 * 11
    rng = np.random.default_rng(0)
    codes = np.tile(np.arange(256, dtype=np.uint8), 11)
    options = PixelSettings(contrast_threshold_on=on, contrast_threshold_off=off)
    state = first_state(options, 1, SensorSize(n, 1), log[codes], luminance[codes])
    moved = (log[codes] + rng.uniform(-off, on, n)).astype(np.float32)
    for b, block in enumerate(state.blocks):
        piece = moved[b * at.BLOCK : (b + 1) * at.BLOCK]
        block[at.REFERENCE : at.REFERENCE + piece.size] = piece
    quiet = make_quiet(len(state.blocks))
    ladder = make_ladder(log)
    kernels().set_quiet(np.int64(n), state.blocks, ladder, quiet, codes, make_plain_workspace())
    lowest, highest = (array.reshape(-1)[:n].astype(int) for array in (quiet.lowest, quiet.highest))
    every = np.arange(256)
    between = (every >= lowest[:, None]) & (every <= highest[:, None])
    drive = log[None, :] - moved[:, None]
    near = 2e-6
    silent = (drive < np.float32(on) - near) & (drive > near - np.float32(off))
    assert not (between & ~silent).any()
    step = (float(log[-1]) - float(log[0])) / STEPS + 2 * float(ladder.margin)
    surely = (drive < on - step) & (drive > step - off)
    assert not (surely & ~between).any()
    assert np.array_equal(quiet.code.reshape(-1)[:n], codes)
    kept = quiet.code.reshape(-1)[:n].copy()
    kernels().write_log(np.int64(n), state.blocks, ladder, quiet)
    assert np.array_equal(state.light()[0], log[kept])
