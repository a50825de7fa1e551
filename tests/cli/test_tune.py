"""`eventsim tune`, as it is typed and as a browser sees it."""

import re
import shlex
import shutil
import signal
import subprocess
import sys
from importlib.util import find_spec
from urllib.parse import urlsplit

import cv2
import numpy as np
import pytest

import eventsim
from eventsim.cli.main import main

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
RUN = "from eventsim.cli.main import main; raise SystemExit(main())"

pytestmark = pytest.mark.skipif(
    find_spec("panel") is None, reason="the page needs pip install '.[tune]'"
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Twenty frames of a bright bar that moves, 32x24."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bar frames").mkdir()
    for i in range(20):
        frame = np.full((24, 32), 60, np.uint8)
        frame[4:20, i : i + 6] = 200
        cv2.imwrite(str(tmp_path / "bar frames" / f"{i:02d}.png"), frame)
    return tmp_path / "bar frames"


@pytest.fixture
def address(folder):
    """The page, served by the command in a process of its own, which Ctrl-C ends."""
    words = ["tune", folder.name, "--fps", "50", "--size", "source", "--no-open", "--seed", "3"]
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", RUN, *words],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        # A shell's background job ignores Ctrl-C, and so would its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    lines = []
    for line in process.stdout:
        lines.append(line)
        if found := re.search(r"http://\S+", line):
            break
    else:
        pytest.fail("".join(lines))
    yield found[0]
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=20)
    assert process.returncode == 0, said
    assert "the page is closed" in said
    assert "Traceback" not in said


def push_first_slider(page):
    """Press an arrow key on the ON threshold until it is .29, and the page has come to rest.

    Each key is pressed anew: while a page is laid out, one may find no slider in focus. Returns
    what the page then says.
    """
    read = []
    for _ in range(150):
        read.append((page.inner_text("#total"), page.inner_text("#command")))
        found = re.search(r"contrast_threshold_on=([\d.]+)", read[-1][1])
        if not found or float(found[1]) < 0.29:
            page.locator(".noUi-handle").first.focus()
            page.keyboard.press("ArrowRight")
        elif len(read) > 4 and len(set(read[-4:])) == 1:
            return read[-1]
        page.wait_for_timeout(600)
    pytest.fail(f"the page did not follow: {read[-1]}")


def test_the_page_in_a_browser(address, capsys):
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        pytest.skip("needs a browser: apt-get install chromium")
    playwright = pytest.importorskip("playwright.sync_api")
    assert urlsplit(address).hostname == "127.0.0.1"
    asked, complaints = [], []
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = chromium.new_page(viewport={"width": 1300, "height": 900})
        page.set_default_timeout(90_000)  # a machine that does other things, too
        page.on("request", lambda request: asked.append(urlsplit(request.url)))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address)
        page.wait_for_selector("#command")
        page.wait_for_selector("img")
        before = page.inner_text("#total"), page.inner_text("#command")
        after = push_first_slider(page)
        assert page.locator("img").first.bounding_box()["width"] > 300
        chromium.close()
    assert complaints == []
    assert {url.hostname for url in asked if url.scheme.startswith(("http", "ws"))} == {"127.0.0.1"}
    # Each command line makes exactly the events that the page showed.
    counts = []
    for total, command in (before, after):
        words = shlex.split(command)
        assert words[0] == "eventsim"
        assert main([*words[1:], "--overwrite", "-q"]) == 0
        counts.append(len(eventsim.open_dataset("bar frames.zarr")[0]))
        assert total.startswith(f"{counts[-1]:,} events")
    assert counts[1] < counts[0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["missing.mp4"], "does not exist"),
        (["bar frames"], "found neither a frame rate"),
        (["bar frames", "--fps", "50", "--port", "70000"], "--port must be 0 to 65535"),
        (["bar frames", "--fps", "50", "--sensor", "davis999"], "there is no sensor"),
        (["bar frames", "--fps", "50", "--set", "leak_rate=1"], "leak_rate"),
        (["bar frames", "--fps", "50", "--start", "9"], "no image lies in 9 s"),
    ],
)
def test_wrong_words_are_one_line(folder, words, said, capsys):
    assert main(["tune", *words, "--no-open"]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") <= 3  # a line, wrapped


def test_a_port_that_is_taken(folder, capsys):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        words = ["tune", "bar frames", "--fps", "50", "--no-open", "--port", str(port)]
        assert main(words) == 2
    assert f"cannot be served on port {port}" in " ".join(capsys.readouterr().err.split())
