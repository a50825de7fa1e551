"""Programs are run as files, as a user runs them."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

FOLDER = Path(__file__).parents[2] / "recipes"


@pytest.fixture
def program(request):
    """The module of the recipe that a test file is about."""
    name = Path(request.fspath).stem.removeprefix("test_")
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    yield module
    sys.modules.pop(name, None)


@pytest.fixture
def bars():
    """A hundred images of an upright or a level bar, 12x12, and which it is."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 2, 100).astype(np.uint8)
    images = np.zeros((100, 12, 12), np.uint8)
    for image, label in zip(images, labels, strict=True):
        first = rng.integers(3, 8)
        bar = (slice(2, 10), slice(first, first + 2))
        image[bar if label else bar[::-1]] = rng.integers(120, 256)
    return images, labels


WITHOUT = """
import runpy, sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"torch", "snntorch", "skimage", "sklearn", "scipy"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Missing())
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.fixture
def without_extras(request):
    """Run the recipe that a test file is about with words, as if no extra were installed."""
    path = FOLDER / f"{Path(request.fspath).stem.removeprefix('test_')}.py"

    def call(*words):
        command = [sys.executable, "-c", WITHOUT, str(path), *words]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    return call
