"""The path of a moved image as plain arrays, as it is stored beside the events it made."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from eventsim.errors import StoreError
from eventsim.store.layout import PATH_DTYPES

PathColumns = tuple[
    NDArray[np.int64],
    NDArray[np.float64],
    NDArray[np.float64],
    NDArray[np.float64],
    NDArray[np.float64],
]
"""Times (us), shift to the right and down (px), rotation (rad) and zoom: arguments of
`eventsim.motion.paths.EyePath.of`."""


def check_path(columns: tuple[ArrayLike, ...]) -> PathColumns:
    """Nodes of a path, if they keep what readers rely on.

    Parameters
    ----------
    columns : five (N,) arrays
        t_us, x_px, y_px, rotation_rad, zoom.

    Returns
    -------
    PathColumns

    Raises
    ------
    StoreError
        If they differ in length or are empty, if times do not increase, if a number is not
        finite, or a zoom not above 0.
    """
    if len(columns) != len(PATH_DTYPES):
        raise StoreError(f"a path has {len(PATH_DTYPES)} columns, found {len(columns)}.")
    t, x, y, rotation, zoom = (np.asarray(column) for column in columns)
    shapes = {column.shape for column in (t, x, y, rotation, zoom)}
    if len(shapes) != 1 or t.ndim != 1 or not len(t) or t.dtype.kind not in "iu":
        found = ", ".join(f"{c.dtype} {c.shape}" for c in (t, x, y, rotation, zoom))
        raise StoreError(
            f"a path must have integer times and as many numbers of each kind, found {found}."
        )
    if (np.diff(t) <= 0).any():
        where = int(np.argmax(np.diff(t) <= 0)) + 1
        raise StoreError(f"times of a path must increase, but node {where} is at {t[where]} us.")
    poses = [column.astype(np.float64, copy=False) for column in (x, y, rotation, zoom)]
    if not all(np.isfinite(pose).all() for pose in poses) or (poses[3] <= 0).any():
        raise StoreError("a path must have finite numbers and a zoom above 0. Check it.")
    return (t.astype(np.int64, copy=False), poses[0], poses[1], poses[2], poses[3])
