"""Programs are loaded as files, as a user runs them."""

import importlib.util
from pathlib import Path

import av
import numpy as np
import pytest

from eventsim.cli.converter import run_corpus, run_recorded
from eventsim.store.reader import open_dataset

FOLDER = Path(__file__).parents[2] / "converters"


@pytest.fixture
def program(request):
    """The module of the converter that a test file is about."""
    name = Path(request.fspath).stem.removeprefix("test_")
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write_clip(path: Path, frames: int = 12) -> Path:
    """A bar that moves two columns a frame over 32x24 pixels, 25 frames/s, as an .avi or .mp4."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 32, 24, "yuv420p"
        for i in range(frames):
            picture = np.full((24, 32, 3), 40, np.uint8)
            picture[:, 2 * i % 28 : 2 * i % 28 + 4] = 220
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return path


@pytest.fixture
def clip():
    return write_clip


@pytest.fixture
def convert(program, tmp_path):
    """Run the converter as a user does, and open what it made."""

    def run(source: Path, *more: str):
        out = tmp_path / "out.zarr"
        arguments = [
            str(source),
            str(out),
            "--sensor",
            "ideal",
            "--noise",
            "v2e-clean",
            "-q",
            *more,
        ]
        code = run_corpus(
            program.__doc__, program.find_inputs, about=program.ABOUT, arguments=arguments
        )
        assert code == 0
        assert program.ABOUT["title"] in (out / "README.md").read_text()
        return open_dataset(out)

    return run


@pytest.fixture
def bring(program, tmp_path):
    """Run the converter of a recorded set as a user does, and open what it made."""

    def run(source: Path, *more: str):
        out = tmp_path / "out.zarr"
        code = run_recorded(
            program.__doc__,
            program.find_inputs,
            about=program.ABOUT,
            layout=program.LAYOUT,
            care=getattr(program, "CARE", None),
            arguments=[str(source), str(out), "-q", *more],
        )
        assert code == 0
        assert program.ABOUT["title"] in (out / "README.md").read_text()
        return open_dataset(out)

    return run


def write_recording(path: Path, seed: int = 1, size=(30, 20)):
    """Some events on the first pixels of a sensor, written as the ending says; returns them."""
    from eventsim.events import Events

    rng = np.random.default_rng(seed)
    t = np.sort(rng.integers(0, 50_000, 200))
    columns = rng.integers(0, size[0], 200), rng.integers(0, size[1], 200), t % 2
    events = Events.of(t, *columns, size=size)
    path.parent.mkdir(parents=True, exist_ok=True)
    events.save(path)
    return events


@pytest.fixture
def recording():
    return write_recording
