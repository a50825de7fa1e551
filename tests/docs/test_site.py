"""The site is built without a warning, and every link in it leads somewhere."""

import json
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from eventsim.camera import SETTINGS
from eventsim.cli.main import COMMANDS
from eventsim.sensors.cards import sensor_names

ROOT = Path(__file__).resolve().parents[2]

# Looked for, and not imported: every worker of the tests would wait for it.
pytestmark = pytest.mark.skipif(
    find_spec("sphinx_gallery") is None, reason="the site needs pip install '.[docs]'"
)


class Page(HTMLParser):
    """The ids, links and words of a page."""

    def __init__(self, path):
        super().__init__()
        self.path, self.ids, self.links, self.words = path, set(), [], []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.ids |= {values[name] for name in ("id", "name") if values.get(name)}
        self.links += [values[name] for name in ("href", "src") if values.get(name)]

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site as `make docs` builds it, from nothing, in a folder of its own."""
    folder = tmp_path_factory.mktemp("site")
    # The gallery writes beside its sources, and pages include files of the root.
    made = ("_build", "gallery", "__pycache__", ".jupyter_cache", "jupyter_execute")
    shutil.copytree(ROOT / "docs", folder / "docs", ignore=shutil.ignore_patterns(*made))
    for name in ("CONTRIBUTING.md", "DESIGN.md", "CHANGELOG.md"):
        shutil.copy(ROOT / name, folder / name)
    command = ["-m", "sphinx", "-b", "html", "-W", "--keep-going", "-q", "docs", "html"]
    done = subprocess.run(
        [sys.executable, *command], cwd=folder, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-5000:]
    return folder / "html"


@pytest.fixture(scope="module")
def pages(site):
    found = (path for path in sorted(site.rglob("*.html")) if "_static" not in path.parts)
    return {path: Page(path) for path in found}


def test_every_link_leads_somewhere(site, pages):
    broken = []
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            where = f"{path.relative_to(site)}: {link}"
            if not target.exists():
                broken.append(where)
            elif parts.fragment and target.suffix == ".html":
                if unquote(parts.fragment) not in pages[target].ids:
                    broken.append(where)
    assert broken == []


def test_nothing_is_fetched_to_show_a_page(pages):
    # A link may lead away; what a page is made of may not lie elsewhere.
    for path in pages:
        text = path.read_text(encoding="utf-8")
        made_of = re.findall(
            r"<(?:script|img|link|iframe|video)[^>]*(?:src|href)=\"([^\"]+)\"", text
        )
        away = [link for link in made_of if urlsplit(link).netloc]
        assert away == [], path


def test_every_page_is_reached_from_the_start(site, pages):
    reached, waiting = set(), [site / "index.html"]
    while waiting:
        path = waiting.pop()
        if path in reached:
            continue
        reached.add(path)
        for link in pages[path].links:
            target = (path.parent / unquote(urlsplit(link).path)).resolve()
            if not urlsplit(link).netloc and target in pages:
                waiting.append(target)
    assert set(pages) - reached <= {site / name for name in ("search.html", "404.html")}


def test_the_reference_has_every_setting_sensor_and_command(site, pages):
    settings = pages[site / "reference" / "settings.html"].text
    for name, field in SETTINGS.items():
        assert name in settings
        assert " ".join(field.description.split()) in settings
    sensors = pages[site / "reference" / "sensors.html"].text
    assert all(name in sensors for name in sensor_names())
    commands = pages[site / "reference" / "command_line.html"]
    for name in COMMANDS:
        assert f"command-{name}" in commands.ids, name
    assert "--slow-motion" in commands.text


def test_equations_are_drawn(site):
    page = (site / "how" / "pixel.html").read_text(encoding="utf-8")
    assert page.count("<math") > 10
    assert "$" not in re.sub(r"<(script|style|pre).*?</\1>", "", page, flags=re.S)


def test_the_notebooks_ran(site, pages):
    # They were executed by the build, which stops at an error; what they found is on their pages.
    books = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))
    assert len(books) == 3
    for book in books:
        cells = json.loads(book.read_text(encoding="utf-8"))["cells"]
        assert not any(cell.get("outputs") for cell in cells), f"{book.name} was saved with outputs"
        page = pages[site / "notebooks" / f"{book.stem}.html"]
        assert any(link.endswith(".png") or link.startswith("data:image") for link in page.links)
    assert "of 40 test recordings are right" in pages[site / "notebooks/video_to_network.html"].text


def test_the_gallery_has_pictures(site, pages):
    scripts = sorted((ROOT / "docs" / "examples").glob("plot_*.py"))
    assert scripts
    for script in scripts:
        page = pages[site / "gallery" / f"{script.stem}.html"]
        assert any(f"sphx_glr_{script.stem}_001" in link for link in page.links), script.name
