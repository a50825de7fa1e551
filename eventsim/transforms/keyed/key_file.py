"""Files that hold a secret, which nobody but their owner may read."""

import os
import secrets
import stat
from pathlib import Path

from eventsim.errors import ConfigError
from eventsim.transforms.keyed.event_key import SECRET_BYTES

_HEAD = "eventsim key 1"
_MODE = 0o600


def write_key_file(path: str | Path) -> None:
    """Draw a secret, and write it to a new file with mode 600.

    Parameters
    ----------
    path : path
        Of a file that is not there yet: a key that is lost cannot be had again.

    Raises
    ------
    ConfigError
        If something is there.
    OSError
        If it cannot be written.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE)
    except FileExistsError:
        raise ConfigError(
            f"{path} exists already, and a key is never overwritten: what was made with it would "
            "be lost. Choose another name."
        ) from None
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"{_HEAD}\n{secrets.token_hex(SECRET_BYTES)}\n")
        file.flush()
        os.fsync(file.fileno())


def read_key_file(path: str | Path) -> bytes:
    """The secret of a key file.

    Parameters
    ----------
    path : path

    Returns
    -------
    bytes
        32 bytes.

    Raises
    ------
    ConfigError
        If it is not a key file, or others may read it. Shows nothing of what stands in it.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            text = file.read(1000)
    except OSError as error:
        raise ConfigError(
            f"cannot read the key file {path}: {error.strerror}. `eventsim keygen` makes one."
        ) from None
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise ConfigError(
            f"others may read the key file {path} (mode {stat.S_IMODE(mode):03o}). Run chmod 600 "
            "on it, and ask yourself who has read it."
        )
    lines = text.decode("ascii", errors="replace").split("\n")
    try:
        secret = bytes.fromhex(lines[1]) if lines[0] == _HEAD else b""
    except (ValueError, IndexError):
        secret = b""
    if len(secret) != SECRET_BYTES:
        raise ConfigError(f"{path} is not a key file. `eventsim keygen` makes one.")
    return secret
