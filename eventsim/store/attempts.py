"""Attempts at a part: each writes in a folder of its own, and one of them becomes the part.

In an object store nothing can be renamed. There an attempt fills a folder of its machine, and the
commit uploads that to the name of the part, the commit record last and only if there is none: so
again the first wins. Attempts at one part hold the same bytes, so what others upload after it
changes nothing.

On a cluster a worker that lost contact may go on writing while another one repeats its task. So
nobody writes where a part is read: an attempt fills its own folder, and the commit renames that to
the name of the part. The first to do so wins; for all others the name is taken. Who goes on
writing after a run has ended finds its folder gone, and nothing here makes a folder above its own.
"""

import errno
import hashlib
import json
import os
import shutil
import socket
import sys
import tempfile
import uuid
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from eventsim.errors import PartTakenError, StoreError
from eventsim.store.description import describe_group
from eventsim.store.layout import part_path
from eventsim.store.places import as_path, is_remote, make_group, publish, remove_tree

ATTEMPTS = ".attempts"
"""Folder of the dataset with a folder for each run, and in that one for each attempt."""
COMMIT = "commit/zarr.json"
"""File of a part without which it is none."""
_RUN = "run"
"""Object that stands for the folder of a run."""
_ALONE = "alone"
"""Run of a writer that belongs to none."""


@dataclass(frozen=True)
class Attempt:
    """One writing of one part.

    Attributes
    ----------
    path : Path
        Of the dataset.
    part : int
    folder : Path
        Where it writes, on this machine.
    run : Path
        Folder of the run, in the dataset.
    """

    path: Path
    part: int
    folder: Path
    run: Path

    @property
    def _mark(self) -> Path:
        return self.run / f"{self.folder.name}.working"

    def working_on(self, sample: int) -> None:
        """Leave word of what is converted now, in case this process dies of it.

        Raises
        ------
        OSError
            If the run has ended.
        """
        mark = {"sample": sample, "host": socket.gethostname(), "pid": os.getpid()}
        self._mark.write_text(json.dumps(mark))

    def deaths(self) -> Counter[int]:
        """Count the samples that earlier attempts of this run at this part did not survive.

        A process of this machine that is still there has not died: it is frozen, or a ghost.
        """
        found: Counter[int] = Counter()
        for mark in self.run.glob(f"{self.part:05d}-*.working"):
            if mark == self._mark:
                continue
            try:
                said = json.loads(mark.read_text())
                if said["host"] != socket.gethostname() or not _is_alive(int(said["pid"])):
                    found[int(said["sample"])] += 1
            except (OSError, ValueError, KeyError, TypeError):  # it ended just now, or died here
                continue
        return found

    def commit(self) -> None:
        """Become the part.

        Raises
        ------
        PartTakenError
            If another attempt has. This one is deleted.
        OSError
            If the run has ended.
        """
        try:
            self._put_in_place()
        except OSError:
            if not is_committed(self.path, self.part):
                raise
            remove_tree(self.folder)
            self._mark.unlink(missing_ok=True)
            raise PartTakenError(
                f"part {self.part} of {self.path} was committed by another attempt; this one is "
                "not needed."
            ) from None
        self._mark.unlink(missing_ok=True)

    def _put_in_place(self) -> None:
        target = self.path / part_path(self.part)
        if not is_remote(self.path):
            self.folder.rename(target)
            return
        if not (self.run / _RUN).is_file():
            raise FileNotFoundError(f"the run that writes part {self.part} has ended")
        if is_committed(self.path, self.part):
            raise FileExistsError(f"part {self.part} is there")
        publish(self.folder, target, COMMIT)
        remove_tree(self.folder)


def begin_run(path: str | Path) -> str:
    """Name a run that writes parts; all attempts of earlier runs are taken away.

    Parameters
    ----------
    path : path
        A dataset that no other run writes to.

    Returns
    -------
    str
        For `begin_attempt`.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    path = as_path(path)
    end_runs(path)
    run = uuid.uuid4().hex
    _begin(path / ATTEMPTS / run)
    _make_parts(path)
    return run


def end_runs(path: str | Path) -> None:
    """Delete all attempts that did not become a part. Who still writes one finds it gone."""
    home = as_path(path) / ATTEMPTS
    if is_remote(path):
        remove_tree(home)
        remove_tree(_staging(as_path(path)))
        return
    for run in home.iterdir() if home.is_dir() else ():
        if run.is_dir():
            # First its name: or a late writer would add files while they are deleted.
            gone = run.rename(home / f"{uuid.uuid4().hex}.gone")
            shutil.rmtree(gone, ignore_errors=True)
    shutil.rmtree(home, ignore_errors=True)


def begin_attempt(path: str | Path, part: int, run: str = "") -> Attempt:
    """Make the empty folder of an attempt at a part.

    Parameters
    ----------
    path : path
    part : int
    run : str
        From `begin_run`; "" for a writer that is the only one.

    Raises
    ------
    StoreError
        If the part is committed already, or the run has ended.
    OSError
        If it cannot be written.
    """
    path = as_path(path)
    if is_committed(path, part):
        raise PartTakenError(
            f"part {part} of {path} is committed already and is never written twice."
        )
    home = path / ATTEMPTS / (run or _ALONE)
    if not run:
        _begin(home)
        _make_parts(path)
    try:
        folder = _make_folder(path, home, part)
    except FileNotFoundError as error:
        raise StoreError(
            f"the run that writes part {part} of {path} has ended. Run the command again."
        ) from error
    describe_group(folder, {})
    return Attempt(path, part, folder, home)


def _begin(run: Path) -> None:
    """Make the folder of a run; in an object store an object stands for it."""
    run.mkdir(parents=True, exist_ok=True)
    if is_remote(run):
        (run / _RUN).write_bytes(b"")


def _make_folder(path: Path, run: Path, part: int) -> Path:
    """Make the empty folder of an attempt, which no other has.

    Raises
    ------
    FileNotFoundError
        If the run has ended.
    """
    if is_remote(path):
        (run / _RUN).stat()
        home = _staging(path)
        home.mkdir(mode=0o700, exist_ok=True)
        if hasattr(os, "getuid") and home.stat().st_uid != os.getuid():
            raise PermissionError(errno.EPERM, "it belongs to somebody else", str(home))
        return Path(tempfile.mkdtemp(prefix=f"{part:05d}-", dir=home))
    number = 0
    while True:
        folder = run / f"{part:05d}-{number}"
        try:
            folder.mkdir()
        except FileExistsError:
            number += 1
            continue
        return folder


def _staging(path: Path) -> Path:
    """Folder of this machine with what is to be uploaded to a dataset."""
    name = hashlib.sha256(str(path).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"eventsim-{name}"


def is_committed(path: str | Path, part: int) -> bool:
    """Whether a part is whole."""
    return (as_path(path) / part_path(part) / COMMIT).is_file()


def _is_alive(pid: int) -> bool:
    """Whether a process of this machine is there."""
    if sys.platform == "win32":  # where to ask would end it
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is there, and somebody else's
        return True
    return True


def _make_parts(path: Path) -> None:
    """Make the group that the parts lie in."""
    make_group(path, "parts")
