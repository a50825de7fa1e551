"""The wheel holds the package and what is shipped with it, and nothing else."""

import importlib.util
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import eventsim

ROOT = Path(__file__).resolve().parents[1]
NEEDED = ("build", "hatchling")


def is_there(name):
    """Whether a module can be run; a mere folder of its name cannot."""
    try:
        return importlib.util.find_spec(f"{name}.__main__") is not None
    except ModuleNotFoundError:
        return False


MISSING = [name for name in NEEDED if not is_there(name)]

pytestmark = pytest.mark.skipif(
    bool(MISSING),
    reason=f"building a wheel needs {' and '.join(MISSING)}: pip install build hatchling",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "build",
            "--wheel",
            "--no-isolation",
            "--outdir",
            str(folder),
            str(ROOT),
        ],
        capture_output=True,
        text=True,
        cwd=folder,  # from the root of a checkout a folder `build` would be found first
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (path,) = folder.glob("*.whl")
    return path


def names(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_it_is_for_every_machine(wheel):
    assert wheel.name == f"eventsim_dvs-{eventsim.__version__}-py3-none-any.whl"


def test_top_level_names(wheel):
    tops = {name.split("/")[0] for name in names(wheel)}
    assert tops == {"eventsim", f"eventsim_dvs-{eventsim.__version__}.dist-info"}


def test_the_whole_package_is_in(wheel):
    inside = {name for name in names(wheel) if name.startswith("eventsim/")}
    package = ROOT / "eventsim"
    for pattern in ("*.py", "*.toml", "py.typed"):
        for path in package.rglob(pattern):
            assert path.relative_to(ROOT).as_posix() in inside


def test_programs_and_cards_are_shipped(wheel):
    inside = set(names(wheel))
    assert "eventsim/_shipped/datasets/bigbuckbunny.mp4" in inside
    for pattern in ("converters/*.py", "recipes/*.py", "recipes/*.toml", "datasets/*.toml"):
        for path in ROOT.glob(pattern):
            assert f"eventsim/_shipped/{path.relative_to(ROOT).as_posix()}" in inside


def test_nothing_else_is_in(wheel):
    for name in names(wheel):
        assert "__pycache__" not in name
        assert "tests/" not in name
        assert not name.endswith((".nbi", ".nbc", ".pyc"))


def test_it_is_small(wheel):
    # 1.01 MB, a quarter of which is the clip; data that slipped in would be far more.
    assert wheel.stat().st_size < 1_500_000
