"""How much one input may unpack to: a file of a few kilobytes can ask for all of the memory."""

import os
from pathlib import Path

from eventsim.errors import ConfigError, SourceError

SETTING = "EVENTSIM_MAX_INPUT_MB"
"""Environment variable: most megabytes that the arrays of one input may take in memory."""

DEFAULT_MB = 4096
"""CIFAR-10 takes 180, MNIST 55, all of ImageNet at 32x32 3,900; chosen by eye."""

PICTURE_SHARE = 8
"""A single picture may have an eighth of it: 512 MB, 170 million pixels in color."""

HEAD_BYTES = 64


def most_bytes() -> int:
    """Most bytes that an input may unpack to.

    Raises
    ------
    ConfigError
        If the setting is no positive number.
    """
    text = os.environ.get(SETTING, str(DEFAULT_MB))
    try:
        megabytes = float(text)
    except ValueError:
        megabytes = 0.0
    if not 0 < megabytes < 1e9:
        raise ConfigError(f"{SETTING} must be a number of megabytes above 0, found {text!r}.")
    return int(megabytes * 1e6)


def check_unpacked(size: int, what: str, *, picture: bool = False) -> None:
    """Refuse what would unpack to more than the limit.

    Parameters
    ----------
    size : int
        Bytes in memory.
    what : str
        For the message, such as a path.
    picture : bool
        Whether it is a single picture.

    Raises
    ------
    SourceError
        If it is too much.
    """
    limit = most_bytes() // (PICTURE_SHARE if picture else 1)
    if size > limit:
        raise SourceError(
            f"{what} would take {size / 1e6:,.0f} MB in memory, and the limit is "
            f"{limit / 1e6:,.0f} MB. If it is what you want, set the environment variable "
            f"{SETTING} to a larger number of megabytes (now {most_bytes() / 1e6:g})."
        )


def read_head(path: Path) -> bytes:
    """Read the first bytes of a file, which tell what it is."""
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)
