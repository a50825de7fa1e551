"""What pages show of the command line is what it prints."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from eventsim.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
VARIES = ("expect", "speed", "disk", "...")
"""First words of lines that differ from machine to machine."""


@pytest.mark.parametrize("page", ["README.md", "docs/guides/clip.md"])
def test_a_page_shows_what_is_printed(page, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    shutil.copy(ROOT / "datasets" / "bigbuckbunny.mp4", "clip.mp4")
    text = (ROOT / page).read_text(encoding="utf-8")
    shown = re.findall(r"(?m)^\$ eventsim (.*)\n((?:.+\n)*?)```$", text)
    assert shown
    for command, expected in shown:
        main(shlex.split(command))
        said = "".join(capsys.readouterr())
        for line in expected.splitlines():
            if not line.startswith(VARIES):
                assert line in said, f"{page}: $ eventsim {command}"
