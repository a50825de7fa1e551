"""Measurements that are done, in a folder: an interrupted report goes on after them."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path

import numpy as np

import eventsim
from eventsim.privacy.clips import Clip
from eventsim.privacy.measure import Measured, Shown, Way


class KeptMeasurements:
    """One file for each way and seed, named after all that decides what is in it.

    Parameters
    ----------
    folder : Path
        Is made if it is not there.
    clips : sequence of Clip
        What is measured on.
    seed : int
    """

    def __init__(self, folder: Path, clips: Sequence[Clip], seed: int) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256(f"{eventsim.__version__} {seed}".encode())
        for clip in clips:
            facts = clip.person, clip.task, clip.attribute, clip.sensor, clip.is_test, clip.track
            digest.update(repr((facts, clip.box, clip.duration_us)).encode())
            for column in (clip.events.t, clip.events.x, clip.events.y, clip.events.p, clip.truth):
                digest.update(np.ascontiguousarray(column).tobytes())
        self._clips = digest.hexdigest()

    def load(self, way: Way) -> tuple[Measured, Shown] | None:
        """What was measured before, or None."""
        path = self._path(way)
        if not path.is_file():
            return None
        with np.load(path, allow_pickle=False) as saved:
            measured = Measured(**{f.name: float(saved[f.name]) for f in fields(Measured)})
            shown = Shown(**{f.name: saved[f"shown_{f.name}"] for f in fields(Shown)})
        return measured, shown

    def save(self, way: Way, measured: Measured, shown: Shown) -> None:
        """Keep it; a kill leaves no half of a file under its name."""
        path = self._path(way)
        partial = path.with_suffix(".partial")
        values = {f"shown_{f.name}": getattr(shown, f.name) for f in fields(Shown)}
        with partial.open("wb") as file:
            np.savez(file, **asdict(measured), **values)
        partial.replace(path)

    def _path(self, way: Way) -> Path:
        text = f"{self._clips} {way.words} {way.shares_key}"
        return self._folder / f"{hashlib.sha256(text.encode()).hexdigest()[:32]}.npz"
