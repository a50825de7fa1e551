"""Programs are run as files, as a user runs them."""

import importlib.util
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
