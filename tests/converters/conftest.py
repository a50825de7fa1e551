"""Programs are loaded as files, as a user runs them."""

import importlib.util
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "converters"


@pytest.fixture
def program(request):
    """The module of the converter that a test file is about."""
    name = Path(request.fspath).stem.removeprefix("test_")
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
