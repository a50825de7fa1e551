"""Planes as a picture."""

from pathlib import Path

import imageio.v3 as iio
import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.view.accumulate import PALETTES
from eventsim.view.sample_planes import CELL_IN, write_planes


def test_every_plane_has_its_place_and_colors(tmp_path: Path):
    """ON in the first plane, OFF in the last: the one left, the other right."""
    planes = np.zeros((8, 2, 6, 6), np.uint8)
    planes[0, 1], planes[7, 0] = 1, 1
    write_planes(tmp_path / "a.png", [("0  cat", planes), ("1  dog", planes)], title="a")
    image = iio.imread(tmp_path / "a.png")[..., :3]
    assert image.shape[1] == round((8 * CELL_IN + 0.2) * 110)
    for color, side in ((PALETTES["white"].on, "left"), (PALETTES["white"].off, "right")):
        columns = np.nonzero((image == color).all(axis=2).sum(axis=0) > 100)[0]
        assert len(columns) > 100
        assert (columns.max() < 200) if side == "left" else (columns.min() > image.shape[1] - 200)


def test_other_endings_are_refused(tmp_path: Path):
    with pytest.raises(ConfigError, match="must end in"):
        write_planes(tmp_path / "a.mp4", [])
