"""Small real videos."""

from collections.abc import Callable
from pathlib import Path

import av
import cv2
import numpy as np
import pytest


def write_clip(path: Path, shift: int = 0, frames: int = 40) -> Path:
    """A bright bar that moves two columns a frame over 32x24 pixels, 100 frames/s."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=100, options={"crf": "1"})
        stream.width, stream.height, stream.pix_fmt = 32, 24, "yuv420p"
        for i in range(frames):
            picture = np.full((24, 32, 3), 40, np.uint8)
            x = (2 * i + shift) % 28
            picture[:, x : x + 4] = 220
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return path


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("clips")
    return [write_clip(folder / f"clip{i}.mp4", 5 * i) for i in range(3)]


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "broken.mp4"
    path.write_text("this is no video")
    return path


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Ten images of 9x8 px in two classes, one of them unreadable, and a file that is none."""
    folder = tmp_path / "pictures"
    rng = np.random.default_rng(0)
    for k in range(10):
        path = folder / ("ant" if k < 5 else "bee") / f"{k}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        shape = (8, 9, 3) if k == 3 else (8, 9)
        cv2.imwrite(str(path), rng.integers(0, 256, shape, dtype=np.uint8))
    (folder / "bee" / "7.png").write_bytes(b"")
    (folder / "bee" / "list.txt").write_text("x")
    return folder


@pytest.fixture(scope="session")
def make_clip() -> Callable[..., Path]:
    return write_clip


@pytest.fixture(scope="session")
def tree() -> Callable[[Path], dict[str, bytes]]:
    """All files of a folder, by their names."""

    def read(path: Path) -> dict[str, bytes]:
        files = (f for f in path.rglob("*") if f.is_file())
        return {f.relative_to(path).as_posix(): f.read_bytes() for f in files}

    return read
