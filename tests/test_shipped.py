from pathlib import Path

import pytest

from eventsim import shipped
from eventsim.errors import ConfigError


@pytest.fixture
def wheel(tmp_path, monkeypatch):
    """A package as pip installs it, with its files inside."""
    package = tmp_path / "eventsim"
    for name in ("recipes/train_net.py", "datasets/clip.toml", "datasets/clip.mp4", "recipes/.x"):
        path = package / "_shipped" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    monkeypatch.setattr(shipped, "__file__", str(package / "shipped.py"))
    return package


def test_checkout():
    """Beside the package, where the project's own card of its sample clip is."""
    assert shipped.shipped_root() == Path(__file__).parents[1]
    assert all(path.is_absolute() and path.is_file() for path in shipped.shipped_files())


def test_wheel(wheel):
    names = [path.name for path in shipped.shipped_files()]
    assert names == ["train_net.py", "clip.mp4", "clip.toml"]
    assert shipped.find("train_net") == wheel / "_shipped/recipes/train_net.py"
    assert shipped.find("clip.mp4") == wheel / "_shipped/datasets/clip.mp4"
    assert shipped.find("clip").name == "clip.toml"


@pytest.mark.usefixtures("wheel")
def test_unknown():
    with pytest.raises(ConfigError, match=r"Did you mean 'train_net.py'"):
        shipped.find("train_nett.py")
    with pytest.raises(ConfigError, match="eventsim ls"):
        shipped.find("qqq")


def test_titles(tmp_path):
    (tmp_path / "a.py").write_text('"""What it does.\n\nMore.\n"""\n')
    (tmp_path / "b.toml").write_text('title = "A set"\n')
    (tmp_path / "c.mp4").write_bytes(b"")
    titles = [shipped.title_of(tmp_path / name) for name in ("a.py", "b.toml", "c.mp4")]
    assert titles == ["What it does.", "A set", ""]
