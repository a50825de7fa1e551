"""Inputs at a URL: copied to this machine while they are read."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from eventsim.errors import SourceError


def is_url(path: str) -> bool:
    """Whether a path is a URL, such as https://host/clip.mp4 or s3://bucket/clip.mp4."""
    return "://" in path


@contextmanager
def fetched(path: str) -> Iterator[str]:
    """Path of an input on this machine; that of a URL is a copy that is deleted at the end.

    Parameters
    ----------
    path : str
        A path, which is left as it is, or a URL of any kind that fsspec knows.

    Yields
    ------
    str

    Raises
    ------
    SourceError
        If it cannot be fetched.
    """
    if not is_url(path):
        yield path
        return
    import fsspec

    with tempfile.TemporaryDirectory(prefix="eventsim-") as folder:
        # Videos and images are told apart by their endings.
        local = Path(folder) / (PurePosixPath(urlsplit(path).path).name or "input")
        try:
            with fsspec.open(path, "rb") as remote, local.open("wb") as file:
                shutil.copyfileobj(remote, file)
        except Exception as error:  # each kind of URL has errors of its own
            words = " ".join(str(error).split())[:200] or type(error).__name__
            raise SourceError(f"{path} cannot be fetched: {words}. Check the URL.") from error
        yield str(local)
