"""Boxes of objects beside event files, as Prophesee's detection sets and RVT have them.

``NAME_bbox.npy`` lies beside ``NAME_td.dat`` (RVT: ``NAME_td.dat.h5``): a structured array of 40
bytes a box, which count from its upper left corner. Source: BBOX_DTYPE and the README of
prophesee-automotive-dataset-toolbox; older files say ``ts`` and ``confidence``.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import SourceError
from eventsim.formats.file import broken

BOX = np.dtype(
    {
        "names": ["t", "x", "y", "w", "h", "class_id", "track_id", "class_confidence"],
        "formats": ["<i8", "<f4", "<f4", "<f4", "<f4", "<u4", "<u4", "<f4"],
        "offsets": [0, 8, 12, 16, 20, 24, 28, 32],
        "itemsize": 40,
    }
)
ENDING = "_bbox.npy"
RECORDINGS = ("_td.dat.h5", "_td.dat", "_td.h5", "_td.raw")
"""Endings of the recordings that boxes lie beside."""
_OLD = {"t": "ts", "class_confidence": "confidence"}


def boxes_beside(recording: Path) -> Path | None:
    """Where the boxes of a recording lie by its name; None if it is not named like one of a set."""
    for ending in RECORDINGS:
        if recording.name.endswith(ending):
            return recording.with_name(recording.name.removesuffix(ending) + ENDING)
    return None


def read_detections(path: Path) -> NDArray[np.void]:
    """Read boxes.

    Parameters
    ----------
    path : Path

    Returns
    -------
    (n,) ndarray of `BOX`
        t in microseconds, the rest in px; in order of time.

    Raises
    ------
    SourceError
        If it is none.
    """
    try:
        found = np.load(path, allow_pickle=False)
    except FileNotFoundError:
        raise
    except Exception as error:  # NumPy reads headers with Python's own parser, which raises any
        words = " ".join(str(error).split())
        raise broken(path, "file of boxes", f"{words or type(error).__name__}.") from None
    names = found.dtype.names or ()
    boxes = np.zeros(found.shape[:1], BOX)
    for name in BOX.names or ():
        there = name if name in names else _OLD.get(name, name)
        if there not in names and name in ("t", "x", "y", "w", "h", "class_id"):
            raise SourceError(
                f"{path} must have the fields t, x, y, w, h and class_id, found "
                f"{', '.join(names) or 'none'}."
            )
        if there in names:
            boxes[name] = found[there]
    return boxes[np.argsort(boxes["t"], kind="stable")]


def write_detections(path: Path, boxes: NDArray[np.void]) -> None:
    """Write boxes, an array of `BOX`."""
    np.save(path, boxes, allow_pickle=False)
