"""The wheel holds the package and what is shipped with it, and nothing else; and it works alone."""

import importlib.util
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
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
def built(tmp_path_factory):
    """Folder with the source distribution, and the wheel that is built from that."""
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        capture_output=True,
        text=True,
        cwd=folder,  # from the root of a checkout a folder `build` would be found first
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def wheel(built):
    (path,) = built.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """An environment in which the wheel is installed; what it depends on is lent by this one."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps"]
    subprocess.run([*pip, "--no-index", "--quiet", str(wheel)], check=True, capture_output=True)
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    asked = subprocess.run([python, "-c", code], check=True, capture_output=True, text=True)
    # A path in a .pth is searched, but the .pth of this checkout in there is not read.
    lent = sysconfig.get_path("purelib")
    Path(asked.stdout.strip(), "lent.pth").write_text(lent + "\n", encoding="utf-8")
    lend_kernels(Path(asked.stdout.strip(), "eventsim"))
    return python


def lend_kernels(package):
    """Kernels that are compiled already, which would take half a minute: the sources are equal."""
    for path in (ROOT / "eventsim").rglob("*.py"):
        copy = package / path.relative_to(ROOT / "eventsim")
        assert copy.read_bytes() == path.read_bytes()
        shutil.copystat(path, copy)  # by whose time numba knows what is old
    for path in (ROOT / "eventsim").rglob("__pycache__/*.nb[ic]"):
        copy = package / path.relative_to(ROOT / "eventsim")
        copy.parent.mkdir(exist_ok=True)
        shutil.copy(path, copy)


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


def test_the_sources_are_all_there(built):
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        inside = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    for name in ("README.md", "CITATION.cff", "Makefile", "docs/conf.py", "tests/test_wheel.py"):
        assert name in inside
    assert not [name for name in inside if name.startswith((".ci", "docs/_build", "docs/gallery"))]


def test_it_works_without_the_checkout(installed, tmp_path):
    """The commands of the README, with the wheel alone."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"(?m)^\$ (eventsim .*)$", text)
    commands += re.findall(r"`(eventsim view [^`]*)`", text)
    assert len(commands) == 2
    shutil.copy(ROOT / "datasets" / "bigbuckbunny.mp4", tmp_path / "clip.mp4")
    for command in commands:
        words = [str(installed.with_name("eventsim")), *shlex.split(command)[1:]]
        done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "clip.zarr" / "README.md").exists()
    assert (tmp_path / "clip_events.mp4").exists()
    code = "import eventsim; from eventsim.shipped import find; print(find('bigbuckbunny.mp4'))"
    done = subprocess.run([installed, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert str(installed.parents[1]) in done.stdout, done.stderr  # and not the checkout's
