"""The outside of the package: its names, and how little importing it costs."""

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import eventsim

NAMES = [
    "Encoding",
    "EventSimError",
    "Events",
    "EyePath",
    "Frame",
    "Kind",
    "MovedImage",
    "Packet",
    "SensorSize",
    "__version__",
    "convert",
    "i2e",
    "open_dataset",
    "probe",
    "read",
    "simulate",
    "simulate_packets",
    "write",
]
HEAVY = (
    "torch", "dask", "zarr", "av", "numba", "cv2", "PIL", "matplotlib", "pydantic", "imageio",
    "rich", "tifffile",
)  # fmt: skip


def python(code):
    """Run code in a fresh interpreter; returns what it printed."""
    root = Path(eventsim.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, cwd=root
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_public_names():
    assert eventsim.__all__ == NAMES
    assert dir(eventsim) == sorted([*NAMES, "representations", "transforms", "view"])


@pytest.mark.parametrize("name", NAMES)
def test_every_public_name_is_there(name):
    assert getattr(eventsim, name) is not None


def test_folders_are_reached_without_an_import():
    code = "import eventsim; print(eventsim.transforms.Flip(), eventsim.view.plot.__name__)"
    assert python(code) == "Flip(axis='x') plot"


def test_version():
    assert re.fullmatch(r"\d+\.\d+\.\d+(\.?(a|b|rc|dev)\d+)?", eventsim.__version__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'eventsim' has no attribute 'simulat'"):
        _ = eventsim.simulat


def test_import_pulls_in_nothing_heavy():
    code = f"import sys, eventsim; print([m for m in {HEAVY!r} if m in sys.modules])"
    assert python(code) == "[]"


def test_lazy_names_come_from_their_modules():
    assert eventsim.simulate.__module__ == "eventsim.simulator"
    assert eventsim.simulate_packets.__module__ == "eventsim.simulator"
    assert eventsim.open_dataset.__module__ == "eventsim.store.reader"
    assert inspect.isfunction(eventsim.open_dataset)


def test_simulate_stays_a_function_when_its_module_is_imported():
    code = "import eventsim, eventsim.simulator; print(type(eventsim.simulate).__name__)"
    assert python(code) == "function"
