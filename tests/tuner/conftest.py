import cv2
import numpy as np
import pytest


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Ten frames of a brightening texture at 50 frames/s, 12x8."""
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    texture = rng.uniform(20, 120, (8, 12))
    (tmp_path / "frames").mkdir()
    for i in range(10):
        frame = np.clip(texture * (1 + 0.15 * i), 0, 255).astype(np.uint8)
        cv2.imwrite(str(tmp_path / "frames" / f"{i}.png"), frame)
    return tmp_path / "frames"
