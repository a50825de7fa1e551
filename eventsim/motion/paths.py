"""Where an image is at each moment: shift, rotation and zoom on a sensor, piece by piece.

Numbers of a pose stand in the order x, y, rotation, zoom. A point q of the image is seen at the
point p of the sensor, both in pixel centers (pixel 0 has its center at 0)::

    p = c + zoom R(rotation) (q - c_image) + (x, y)      R(a) = (cos a, -sin a; sin a, cos a)

with the centers c = ((W - 1) / 2, (H - 1) / 2) of both. As y points down, R turns clockwise.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from eventsim.errors import ConfigError, TimeOrderError
from eventsim.events import SensorSize

Column = NDArray[np.float64]

FARTHEST_PX = 1e6
"""Largest shift; a slip of a unit is found by it. Chosen by eye."""
ZOOMS = (0.01, 100.0)
"""Smallest and largest zoom; chosen by eye."""
CLOSED_PX = 1e-6
"""A path is closed if its ends differ by less (px, rad, or zoom): what rounding leaves."""


@dataclass(frozen=True, eq=False)
class EyePath:
    """A path of an image over a sensor; straight between its nodes, at rest outside of them.

    Make one with `of`, which checks.

    Attributes
    ----------
    t_us : (N,) ndarray of int64
        Times of the nodes, microseconds, strictly increasing, N >= 1.
    x_px, y_px : (N,) ndarray of float64
        Displacement of the image, to the right and down, px of the sensor.
    rotation_rad : (N,) ndarray of float64
        Clockwise as seen on the screen, about the center of the image, rad.
    zoom : (N,) ndarray of float64
        Size of the image, 1 is unchanged.

    Examples
    --------
    >>> path = EyePath.of([0, 1000], [0.0, 2.0], [0.0, 0.0])
    >>> path.at([500])[0].tolist(), path.velocity([500])[0].tolist()
    ([1.0, 0.0, 0.0, 1.0], [2000.0, 0.0, 0.0, 0.0])
    """

    t_us: NDArray[np.int64]
    x_px: Column
    y_px: Column
    rotation_rad: Column
    zoom: Column

    @classmethod
    def of(
        cls,
        t_us: ArrayLike,
        x_px: ArrayLike,
        y_px: ArrayLike,
        rotation_rad: ArrayLike | None = None,
        zoom: ArrayLike | None = None,
    ) -> "EyePath":
        """Path from its nodes, checked.

        Parameters
        ----------
        t_us : (N,) sequence of integers
        x_px, y_px : (N,) sequence of numbers
        rotation_rad, zoom : (N,) sequence of numbers, optional
            Default: no rotation, no zoom.

        Raises
        ------
        ConfigError
            If a column has another length, or a number is not finite or far out of range.
        TimeOrderError
            If the times do not strictly increase.
        """
        times = _checked_times(t_us)
        n = times.size
        rotation_rad = np.zeros(n) if rotation_rad is None else rotation_rad
        zoom = np.ones(n) if zoom is None else zoom
        return cls(
            times,
            _column("x_px", x_px, n, -FARTHEST_PX, FARTHEST_PX),
            _column("y_px", y_px, n, -FARTHEST_PX, FARTHEST_PX),
            _column("rotation_rad", rotation_rad, n, -1e6, 1e6),
            _column("zoom", zoom, n, *ZOOMS),
        )

    @property
    def columns(self) -> tuple[NDArray[np.int64], Column, Column, Column, Column]:
        """The attributes in order."""
        return self.t_us, self.x_px, self.y_px, self.rotation_rad, self.zoom

    @property
    def poses(self) -> Column:
        """Poses at the nodes, (N, 4)."""
        return np.stack(self.columns[1:], axis=1)

    @property
    def duration_us(self) -> int:
        """From the first node to the last, microseconds."""
        return int(self.t_us[-1] - self.t_us[0])

    @property
    def is_closed(self) -> bool:
        """Whether the image ends where it began."""
        poses = self.poses
        return bool(np.abs(poses[-1] - poses[0]).max() < CLOSED_PX)

    @property
    def only_shifts(self) -> bool:
        """Whether the image is neither turned nor zoomed at any time."""
        return not self.rotation_rad.any() and bool((self.zoom == 1).all())

    def at(self, t_us: ArrayLike) -> Column:
        """Poses at some times.

        Parameters
        ----------
        t_us : (n,) sequence of integers or floats
            Microseconds.

        Returns
        -------
        (n, 4) ndarray of float64
            x and y in px, rotation in rad, zoom; that of the first or last node outside of them.
        """
        since, nodes = np.asarray(t_us) - self.t_us[0], self.t_us - self.t_us[0]
        return np.stack([np.interp(since, nodes, c) for c in self.columns[1:]], axis=1)

    def velocity(self, t_us: ArrayLike) -> Column:
        """Speeds of the pose at some times.

        Parameters
        ----------
        t_us : (n,) sequence of integers or floats
            Microseconds.

        Returns
        -------
        (n, 4) ndarray of float64
            x and y in px/s, rotation in rad/s, zoom in 1/s.

        Notes
        -----
        The slope of the piece that ends at or after t: an event at time t belongs to the light
        before it, so at a node the piece before counts. Zero up to the first node and after the
        last.
        """
        times = np.asarray(t_us)
        piece = np.searchsorted(self.t_us, times, side="left")  # 0: before; N: after
        seconds = np.diff(self.t_us)[:, np.newaxis] * 1e-6
        slopes = np.zeros((self.t_us.size + 1, 4))
        slopes[1:-1] = np.diff(self.poses, axis=0) / seconds
        return np.asarray(slopes[piece], np.float64)

    def flow(self, t_us: ArrayLike, x: ArrayLike, y: ArrayLike, size: tuple[int, int]) -> Column:
        """Velocity of the image at the pixel and time of each event.

        Parameters
        ----------
        t_us : (n,) sequence of integers
            Microseconds.
        x, y : (n,) sequence of numbers
            Pixels, column and row; fractions are places between pixel centers.
        size : (width, height)
            Of the sensor, px.

        Returns
        -------
        (n, 2) ndarray of float64
            To the right and down, px/s.

        Notes
        -----
        With r = p - c - (x, y) of the pose, ``dp/dt = (x', y') + zoom' / zoom r +
        rotation' (-r_y, r_x)``, from the equation of the pose.
        """
        shift_x, shift_y, _, zoom = self.at(t_us).T
        speed_x, speed_y, turn, growth = self.velocity(t_us).T
        width, height = SensorSize(*size)
        rx = np.asarray(x, np.float64) - (width - 1) / 2 - shift_x
        ry = np.asarray(y, np.float64) - (height - 1) / 2 - shift_y
        grow = growth / zoom
        return np.stack([speed_x + grow * rx - turn * ry, speed_y + grow * ry + turn * rx], axis=1)


def _checked_times(t_us: ArrayLike) -> NDArray[np.int64]:
    times = np.asarray(t_us)
    if times.ndim != 1 or not times.size or times.dtype.kind not in "iu":
        raise ConfigError(
            "a path needs at least one node, with times as integers (microseconds), found "
            f"{times.dtype} of the shape {times.shape}. Seconds become microseconds with "
            "round(t * 1e6)."
        )
    times = times.astype(np.int64)
    wrong = np.flatnonzero(np.diff(times) <= 0)
    if wrong.size:
        i = int(wrong[0]) + 1
        raise TimeOrderError(
            f"times of a path must strictly increase, but node {i} has t={times[i]} us after "
            f"t={times[i - 1]} us. Sort the nodes and leave out repeated ones."
        )
    times.setflags(write=False)
    return times


def _column(name: str, values: ArrayLike, n: int, lowest: float, highest: float) -> Column:
    column = np.array(values, np.float64)
    if column.shape != (n,):
        raise ConfigError(
            f"{name} of a path must have one number a node, found {n} times and the shape "
            f"{column.shape}."
        )
    wrong = np.flatnonzero(~((column >= lowest) & (column <= highest)))
    if wrong.size:
        i = int(wrong[0])
        raise ConfigError(
            f"{name} of a path must lie in {lowest:g} .. {highest:g}, found {column[i]:g} at "
            f"node {i}."
        )
    column.setflags(write=False)  # recordings with equal settings share a path
    return column
