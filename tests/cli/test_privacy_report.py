"""`eventsim privacy-report`, as it is typed, and its page in a browser."""

import shutil
import subprocess

import pytest
import torch
from threadpoolctl import threadpool_limits

from eventsim.cli.main import main

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "report.html"
    words = ["--people", "2", "--sessions", "8", "--seeds", "1"]
    words += ["--method", "SpatialJitter(2)", "--method", "PermutePixels + CipherPolarity"]
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # the suite runs on all cores already
    with threadpool_limits(1):
        assert main(["privacy-report", str(path), *words]) == 0
    torch.set_num_threads(threads)
    return path


def test_a_page_for_the_methods_that_were_asked_for(page):
    text = page.read_text()
    assert "SpatialJitter(sd_px=2)" in text
    assert "PermutePixels(block_px=None, rekey_us=10000) + CipherPolarity()" in text
    assert "nothing left" in text
    assert "Labeled Faces in the Wild" in text


def test_the_page_in_a_browser(page, tmp_path):
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        pytest.skip("no Chromium on this machine")
    flags = [
        "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync",
        "--disable-background-networking", "--disable-component-update",
        f"--user-data-dir={tmp_path / 'profile'}",
    ]  # fmt: skip
    shot = tmp_path / "page.png"
    done = subprocess.run(
        [browser, *flags, "--window-size=1250,2400", f"--screenshot={shot}", "--dump-dom",
         page.as_uri()],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-500:]
    if not shot.exists():  # some versions do one thing at a time
        subprocess.run(
            [browser, *flags, "--window-size=1250,2400", f"--screenshot={shot}", page.as_uri()],
            capture_output=True, timeout=120, check=True,
        )  # fmt: skip
    import numpy as np
    from PIL import Image

    image = np.asarray(Image.open(shot).convert("RGB"))
    badge = (np.abs(image.astype(int) - (0xF9, 0xDC, 0xD0)).max(axis=2) < 3).sum()
    assert badge > 300  # "does not protect" has its color
    gray = (np.ptp(image.astype(int), axis=2) < 8) & (image[..., 0] > 30) & (image[..., 0] < 200)
    assert gray.sum() > 20_000  # the pictures of faces are drawn


def test_wrong_words_are_one_line(tmp_path, capsys):
    html = str(tmp_path / "r.html")
    (tmp_path / "folder.html").mkdir()
    for words, said in (
        ([str(tmp_path / "r.pdf")], "must end with .html"),
        ([str(tmp_path / "no" / "r.html")], "there is no folder"),
        ([str(tmp_path / "folder.html")], "cannot be written"),
        ([html, "--people", "1"], "people must be 2 to 101"),
        ([html, "--sessions", "4"], "sessions must be 8 or more"),
        ([html, "--seeds", "0"], "seeds must be 1 or more"),
        ([html, "--method", "SpatialJiter"], "Did you mean 'SpatialJitter'"),
        ([html, "--dataset", str(tmp_path / "none.zarr")], "none.zarr"),
    ):
        assert main(["privacy-report", *words]) == 2
        error = capsys.readouterr().err
        assert said in error
        assert error.count("\n") == 1
    assert not (tmp_path / "r.html").exists()
