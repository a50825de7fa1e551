"""URLs are copied while they are read, from a real server."""

import functools
import http.server
import threading
from pathlib import Path

import pytest

from eventsim.errors import SourceError
from eventsim.sources.remote import fetched, is_url


@pytest.fixture
def server(tmp_path):
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    handler = functools.partial(Quiet, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


def test_a_path_is_left(tmp_path):
    with fetched(str(tmp_path / "none")) as path:
        assert path == str(tmp_path / "none")
    assert not is_url("C:\\clip.mp4")
    assert is_url("s3://bucket/clip.mp4")


def test_a_file_url_and_memory(tmp_path):
    """What fsspec brings along without further packages."""
    fsspec = pytest.importorskip("fsspec")
    (tmp_path / "a b.mp4").write_bytes(b"x" * 100)
    with fetched(f"file://{tmp_path}/a b.mp4") as path:
        assert Path(path).name == "a b.mp4"
        assert Path(path).read_bytes() == b"x" * 100
    assert not Path(path).exists()
    with fsspec.open("memory://dir/c.png", "wb") as file:
        file.write(b"y")
    with fetched("memory://dir/c.png") as path:
        assert (Path(path).suffix, Path(path).read_bytes()) == (".png", b"y")


def test_a_url_that_cannot_be_fetched_is_one_line(tmp_path):
    for url in (f"file://{tmp_path}/none.mp4", "nonsense://x/y.mp4"):
        with pytest.raises(SourceError, match="cannot be fetched") as caught, fetched(url):
            pass
        assert "\n" not in str(caught.value)


def test_a_server(server, tmp_path):
    pytest.importorskip("aiohttp")
    (tmp_path / "a.mp4").write_bytes(b"z")
    with fetched(f"{server}/a.mp4?key=1") as path:
        assert (Path(path).name, Path(path).read_bytes()) == ("a.mp4", b"z")
