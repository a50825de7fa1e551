"""The rules of the house: who may import whom, where a library is at home, what mirrors what."""

import ast
import re
import sys
from pathlib import Path

import pytest

import eventsim

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "eventsim"
MODULES = sorted(PACKAGE.rglob("*.py"))
BASE = {"", "distributions", "errors", "events", "frames", "random", "results", "shipped"}
LAYERS = [  # outermost first; the members of a layer never import each other
    {"__main__"},
    {"cli"},
    {"conversion"},
    {"card", "denoise_bench", "privacy", "probing", "training", "tuner"},
    {"pipeline", "realism", "view"},
    {"simulator", "store", "transforms", "representations", "planes", "motion"},
    {"camera", "denoise", "stills", "scenes"},
    {"sources", "pixel", "readout", "sensors"},
    {"formats", "upsampling"},
    {"packets"},
    BASE,
]
ONLY_BASE = {"store"}
HOMES = {
    "av": {"sources", "view"},
    "cv2": {"sources", "stills", "upsampling", "view"},
    "imageio": {"view"},
    "PIL": {"sources", "stills"},
    "h5py": {"formats"},
    "hdf5plugin": {"formats"},
    "imagecodecs": {"formats"},
    "rosbags": {"formats"},
    "tifffile": {"sources"},
    "matplotlib": {"view"},
    "OpenEXR": {"sources"},
    "onnxruntime": {"upsampling"},
    "panel": {"tuner"},
    "mpl_toolkits": {"view"},
    "zarr": {"store"},
    "numcodecs": {"store"},
    "obstore": {"store"},
    "google_crc32c": {"store"},
    "dask": {"pipeline"},
    "distributed": {"pipeline"},
    "pyarrow": {"formats", "pipeline"},
    "fsspec": {"sources"},
    "numba": {
        "denoise",
        "formats",
        "motion",
        "packets",
        "pixel",
        "planes",
        "readout",
        "representations",
        "store",
        "transforms",
        "upsampling",
    },
    "llvmlite": {"planes"},
    "psutil": {"results", "training"},
    "cryptography": {"transforms"},
    "torch": {"privacy", "training"},
    "snntorch": {"training"},
    "skimage": {"privacy"},
    "sklearn": {"denoise_bench", "privacy", "realism"},
    "scipy": {"privacy", "realism"},
    "cyclopts": {"cli"},
    "rich": {"cli"},
    "pydantic": {"camera", "pixel", "planes", "motion", "readout", "cli", "pipeline"},
}
PYDANTIC_IN_PIXEL = {f"eventsim/pixel/{name}.py" for name in ("settings", "models", "linear")}
NOT_MIRRORS = {  # tests of a promise that no single source file makes
    "test_house.py",
    "test_init.py",
    "test_interop.py",
    "test_wheel.py",
    "attacks/test_ghosts.py",
    "attacks/test_interrupts.py",
    "cli/test_names.py",
    "denoise/test_contract.py",
    "docs/test_generated.py",
    "docs/test_site.py",
    "docs/test_transcripts.py",
    "fuzz/test_fuzz.py",
    "pixel/test_exactness.py",
    "pixel/test_invariants.py",
    "pixel/test_noise_draws.py",
    "formats/test_contract.py",
    "readout/test_contract.py",
    "store/test_object_stores.py",
    "representations/test_contract.py",
    "transforms/test_contract.py",
}
PROGRAMS = ("converters", "recipes", "datasets")
SKIPPED = {"__pycache__", ".git", ".venv", "build", "dist", "_build", "gallery"}


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def package_of(path):
    """Name of the module or folder below the package that a file belongs to; "" is the top."""
    first = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    return "" if first == "__init__" else first


def is_module(dotted):
    path = ROOT.joinpath(*dotted.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


def imports(path):
    """Dotted names of all modules that a file imports, at its top or anywhere in it."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}: import by the full name, not relatively"
            for alias in node.names:
                dotted = f"{node.module}.{alias.name}"
                if node.module == "eventsim":
                    dotted = eventsim._LAZY.get(alias.name, dotted)
                found.append(dotted if is_module(dotted) else node.module)
    return found


def ours(path):
    """Names below the package that a file imports; "" for the package itself."""
    return {
        [*dotted.split("."), ""][1]
        for dotted in imports(path)
        if dotted.split(".")[0] == "eventsim"
    }


def others(path):
    """Third-party libraries that a file imports."""
    tops = {dotted.split(".")[0] for dotted in imports(path)}
    return tops - {"eventsim"} - set(sys.stdlib_module_names)


def layer_of(name):
    return next((k for k, layer in enumerate(LAYERS) if name in layer), None)


def test_the_walk_sees_the_package():
    assert len(MODULES) > 50
    assert {"pixel", "sources", "camera"} <= ours(PACKAGE / "simulator.py")
    assert others(PACKAGE / "packets" / "compiled.py") == {"numba"}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_file_imports_only_from_layers_below(path):
    if path == PACKAGE / "__init__.py":
        assert ours(path) - BASE <= {dotted.split(".")[1] for dotted in eventsim._LAZY.values()}
        return
    here = package_of(path)
    layer = layer_of(here)
    assert layer is not None, f"say in LAYERS where eventsim/{here} belongs"
    for name in ours(path) - {here}:
        below = layer_of(name)
        assert below is not None, f"{name_of(path)} imports eventsim.{name}, which has no layer"
        if here in BASE:
            assert name in BASE, f"{name_of(path)} is base, but imports eventsim.{name}"
        else:
            assert below > layer, f"{name_of(path)} must not import eventsim.{name}"
        if here in ONLY_BASE:
            assert name in BASE, f"{name_of(path)} must import the base alone, not eventsim.{name}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_file_imports_by_a_name_that_this_test_cannot_see(path):
    if path != PACKAGE / "__init__.py":  # which finds the public names on first use
        assert re.search(r"import_module|__import__", path.read_text(encoding="utf-8")) is None


def test_the_table_in_contributing_says_the_same():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = text.split("Who may import whom", 1)[1].split("\n\n", 2)[1]
    lines = [re.split(r" {4,}", line.strip())[0] for line in table.splitlines()]
    expected = [layer - {"", "__main__"} for layer in LAYERS[1:]]
    assert [set(line.split()) for line in lines] == expected


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_library_is_at_home(path):
    here = package_of(path)
    for library in others(path) - {"numpy"}:
        assert library in HOMES, f"{name_of(path)} imports {library}: say in HOMES where it belongs"
        assert here in HOMES[library], f"{name_of(path)} is no home of {library}"
        if library == "pydantic" and here == "pixel":
            assert name_of(path) in PYDANTIC_IN_PIXEL
    if path == PACKAGE / "shipped.py":
        assert others(path) == set()
        assert ours(path) <= {"errors"}


def test_every_source_file_has_its_test_file():
    missing = []
    for path in MODULES:
        relative = path.relative_to(PACKAGE)
        if path.name == "__init__.py" or "_shipped" in relative.parts:
            continue
        test = ROOT / "tests" / relative.with_name(f"test_{path.name}")
        if not test.is_file():
            missing.append(name_of(test))
    assert missing == []


def test_every_test_file_has_its_source_file():
    orphans = []
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        relative = path.relative_to(ROOT / "tests")
        source = relative.with_name(path.name.removeprefix("test_"))
        folder = relative.parts[0]
        if relative.as_posix() in NOT_MIRRORS or folder == "datasets":
            continue
        below = ROOT if folder in ("converters", "recipes", "benchmarks") else PACKAGE
        if not (below / source).is_file():
            orphans.append(name_of(path))
    assert orphans == []


def test_tests_are_no_package():
    assert list((ROOT / "tests").rglob("__init__.py")) == []


@pytest.mark.parametrize("folder", PROGRAMS)
def test_programs_and_cards_are_no_package(folder):
    assert not (ROOT / folder / "__init__.py").exists()


def test_datasets_hold_no_code():
    # A top-level folder of this name with code in it would stand before a well-known library.
    assert list((ROOT / "datasets").rglob("*.py")) == []


def test_programs_have_names_of_their_own():
    stems = [p.stem for folder in ("converters", "recipes") for p in (ROOT / folder).glob("*.py")]
    assert len(stems) == len(set(stems))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_file_is_called_by_a_word_that_says_nothing(path):
    assert path.stem not in ("utils", "util", "helpers", "misc", "common", "base", "core")


def project_files():
    """All text files of the project."""
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        cached = any(p in SKIPPED or p.endswith(("_cache", ".zarr", ".egg-info")) for p in parts)
        hidden = parts[0].startswith(".") and parts[0] not in (".ci", ".github", ".gitignore")
        if cached or hidden or not path.is_file():
            continue
        data = path.read_bytes()
        if b"\0" not in data[:4096]:
            yield path, data.decode("utf-8", errors="replace")


def test_no_text_points_to_what_lies_outside_of_the_project():
    outside = "/".join(("..", "shared"))
    absolute = re.compile("(?<![\\w.])/" + "work" + "/(main|shared)\\b")
    found = [
        name_of(path)
        for path, text in project_files()
        if outside in text or absolute.search(text) is not None
    ]
    assert found == []
