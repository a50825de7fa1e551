"""Writing one part of still images that became planes of events: eight pixels per byte."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import StoreError
from eventsim.store import layout
from eventsim.store.columns import Column
from eventsim.store.commits import begin_part, commit_part
from eventsim.store.dataset import writing
from eventsim.store.description import describe
from eventsim.store.places import as_path


@dataclass(frozen=True)
class SampleInfo:
    """What is known of a sample beside its planes.

    Attributes
    ----------
    source : str
        Where it came from.
    seed : int
        Of the conversion, in [0, 2**63).
    sample : int
        Its number, of which random directions are a function together with the seed.
    label, split, group : str
        "" if there is none.
    status : str
        ``ok``.
    notes : tuple of str
        What was skipped, cut or converted.
    """

    source: str
    seed: int
    sample: int
    label: str = ""
    split: str = ""
    group: str = ""
    status: str = "ok"
    notes: tuple[str, ...] = ()


class PlanesWriter:
    """Write the samples of one part, all of one size.

    Call `write` for each batch, `fail` for each input that could not be converted, then `commit`.
    Until then nothing of it can be seen.

    Parameters
    ----------
    path : path
        A dataset made by `eventsim.store.dataset.create_dataset` with ``content: planes``.
    part : int
        Number of the part.
    size : (width, height)
        Of the images, px.
    run : str
        From `eventsim.store.attempts.begin_run`; "" for a writer that is the only one.

    Raises
    ------
    StoreError
        If the part is committed already, or cannot be written.
    """

    def __init__(self, path: str | Path, part: int, size: tuple[int, int], run: str = "") -> None:
        self.path, self.part = as_path(path), part
        self.size = (int(size[0]), int(size[1]))
        self._attempt = begin_part(path, part, run)
        self._folder = self._attempt.folder
        self._planes = Column(self._folder / "planes", layout.planes_form(self.size))
        self._infos: list[SampleInfo] = []
        self._ones: list[int] = []
        self._on = 0
        self._failures: list[dict[str, Any]] = []

    def write(self, packed: NDArray[np.uint8], infos: Sequence[SampleInfo]) -> int:
        """Add samples.

        Parameters
        ----------
        packed : (B, 8, 2, H, ceil(W / 8)) ndarray of uint8
            Polarity 0 is OFF, 1 is ON; bits as ``numpy.packbits(planes, axis=-1)`` gives them,
            those beyond the width are 0.
        infos : sequence of SampleInfo
            One for each.

        Returns
        -------
        int
            Events (ones) in them.

        Raises
        ------
        StoreError
            If the shape is another, or they cannot be written.
        """
        expected = (len(infos), *layout.plane_shape(self.size))
        if packed.shape != expected or packed.dtype != np.uint8:
            raise StoreError(
                f"planes of {len(infos)} images of {self.size[0]}x{self.size[1]} must be uint8 "
                f"{expected}, found {packed.dtype} {packed.shape}. Pack them along the rows."
            )
        counts = np.bitwise_count(packed).sum(axis=(1, 3, 4), dtype=np.int64)
        ones = counts.sum(axis=1)
        with writing(self.path):
            self._planes.append(packed)
        self._infos.extend(infos)
        self._ones.extend(ones.tolist())
        self._on += int(counts[:, 1].sum())
        return int(ones.sum())

    def fail(self, reason: str, *, source: str, sample: int | None = None) -> None:
        """Remember an input that could not be converted.

        Parameters
        ----------
        reason : str
            One line.
        source : str
        sample : int, optional
            The number that it would have; by default the next in this part.
        """
        if sample is None:
            sample = self.part * layout.SAMPLES_A_PART + len(self._infos) + len(self._failures)
        self._failures.append({"source": source, "sample": sample, "reason": reason})

    def commit(self) -> None:
        """Write what is left, then the commit record. After this the part exists.

        Raises
        ------
        StoreError
            If it cannot be written.
        """
        rows = len(self._infos)
        columns: dict[str, list[Any]] = {
            "row": list(range(rows)),
            "width": [self.size[0]] * rows,
            "height": [self.size[1]] * rows,
            "ones": self._ones,
        }
        for field in fields(SampleInfo):
            columns[field.name] = [getattr(info, field.name) for info in self._infos]
        columns["notes"] = [list(notes) for notes in columns["notes"]]
        with writing(self.path):
            self._planes.close()
            describe(self._folder / "planes", self._planes.form, rows)
            record = {
                "events": sum(self._ones),
                "on": self._on,
                "columns": columns,
                "failures": self._failures,
            }
            commit_part(self._attempt, record, {"planes": self._planes})
