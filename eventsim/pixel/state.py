"""The state of a sensor's pixels: how it begins, and how it is kept and brought back."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim import random
from eventsim.errors import ConfigError
from eventsim.events import MAX_SIDE_PX, SensorSize
from eventsim.packets.packing import MAX_PIXELS
from eventsim.pixel import layout as at
from eventsim.pixel.birth import FACTORS_GIVEN
from eventsim.pixel.device import DeviceMap, device_seed_of, hot_pixels, load_device_map
from eventsim.pixel.illuminance import leak_rate_hz
from eventsim.pixel.kernels import kernels
from eventsim.pixel.look import Look
from eventsim.pixel.physics import Physics
from eventsim.pixel.settings import MIN_CONTRAST_THRESHOLD_LOG, PixelSettings
from eventsim.random import Stream

SPARSE = ("leak_log_s", "shot_factor", "shot_on_share", "shot_draws", "leak_draws", "hot_pixel",
        "hot_mean_us", "hot_go_on", "hot_on_share", "hot_next_us", "hot_draws", "hot_burst",
        "hot_start")  # fmt: skip

SLACK_LOG = np.float32(1e-6)
"""Twice the spacing of float32 numbers near ln 255, ln."""

Expected = dict[str, tuple[tuple[int, ...], type[np.generic] | None]]
"""Shape and dtype of arrays by name; None is any integer."""


@dataclass(frozen=True)
class PixelState:
    """Everything that a sensor remembers between two frames.

    Attributes
    ----------
    size : SensorSize
    blocks : (blocks, ROWS * BLOCK) ndarray of float32
        See ``layout``.
    sparse : Sparse
        What few pixels need.
    """

    size: SensorSize
    blocks: NDArray[np.float32]
    sparse: at.Sparse

    def light(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Log luminance and luminance of the last frame; (P,) each.

        Luminance is kept only where an effect needs it, and is else that of the first frame.
        """
        n = self.size.width * self.size.height
        rows = self.blocks.reshape(len(self.blocks), at.ROWS, at.BLOCK)
        log, luminance = (
            rows[:, row // at.BLOCK].reshape(-1)[:n].copy() for row in (at.LOG, at.LUMINANCE)
        )
        return log, luminance

    def look(self, pixels: NDArray[np.int64], physics: Physics, age_s: float) -> Look:
        """What some pixels have inside, so long after the epoch; see `eventsim.pixel.look`."""
        rows = self.blocks.reshape(len(self.blocks), at.ROWS, at.BLOCK)
        block, place = np.divmod(pixels, at.BLOCK)

        def row(name: int) -> NDArray[np.float64]:
            return np.asarray(rows[block, name // at.BLOCK, place], np.float64)

        light = 2 * row(at.LUMINANCE)  # as at both ends of an interval
        shots = physics.shot_per_us - physics.shot_loss_per_dn_us * np.minimum(light, 510)
        shots /= 1 + physics.shot_fall_per_dn * light
        log = row(at.LOG)
        return Look(
            log=log,
            photoreceptor=log + row(at.LAG),
            reference=row(at.REFERENCE) - row(at.LEAK) * age_s,
            on_log=row(at.ON),
            off_log=row(at.OFF),
            shot_hz=1e6 * shots * self.sparse.shot_factor[pixels],
            leak_hz=row(at.LEAK) / row(at.ON),
        )

    def exchange_light(self, log: NDArray[np.float32], luminance: NDArray[np.float32]) -> None:
        """Put another light, (P,) each, in the place of that of the last frame.

        Light and reference move by the same, so drive, lag and hazard stay. A pixel moves towards
        its reference by `SLACK_LOG`, so that no rounding takes it over a threshold.
        """
        before, _ = self.light()
        rows = self.blocks.reshape(len(self.blocks), at.ROWS, at.BLOCK)
        spare = rows.shape[0] * at.BLOCK - log.size
        new, lit, old = (
            np.pad(p, (0, spare)).reshape(-1, at.BLOCK) for p in (log, luminance, before)
        )
        drive = old - rows[:, at.REFERENCE // at.BLOCK]
        drive = np.copysign(np.maximum(np.abs(drive) - SLACK_LOG, np.float32(0)), drive)
        rows[:, at.LOG // at.BLOCK] = new
        rows[:, at.LUMINANCE // at.BLOCK] = lit
        rows[:, at.REFERENCE // at.BLOCK] = new - drive

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Copies of all arrays by name, to be stored; see `restore`."""
        kept = {name: getattr(self.sparse, name).copy() for name in SPARSE}
        return {"blocks": self.blocks.copy(), **kept}

    @classmethod
    def restore(
        cls, size: SensorSize, settings: PixelSettings, seed: int, arrays: dict[str, NDArray[Any]]
    ) -> "PixelState":
        """The state that `arrays` gave.

        Raises
        ------
        ConfigError
            If an array is missing, of another shape or dtype, or its hot pixels are others than
            those of the settings and the seed: a kernel uses them as they are.
        """
        n = size.width * size.height
        n_blocks = -(-n // at.BLOCK)
        hot = hot_pixels(settings, seed, size)
        each: Expected = {name: ((n,), np.float32) for name in SPARSE[:3]}
        each |= {name: ((n,), np.uint32) for name in ("shot_draws", "leak_draws")}
        each |= {name: (values.shape, values.dtype.type) for name, values in hot.items()}
        check_saved(arrays, {"blocks": ((n_blocks, at.ROWS * at.BLOCK), np.float32), **each})
        for name in ("hot_pixel", "hot_mean_us", "hot_go_on", "hot_on_share", "hot_start"):
            if not np.array_equal(arrays[name], hot[name]):
                raise ConfigError(
                    f"a saved state must have the hot pixels of its settings and seed, but {name} "
                    "is another. Restore it with the settings and the seed it was saved with."
                )
        sparse = at.Sparse(**{name: arrays[name].copy() for name in SPARSE})
        return cls(size, arrays["blocks"].copy(), sparse)


def check_saved(
    arrays: dict[str, NDArray[Any]],
    expected: "Expected",
) -> None:
    """Refuse a saved state that lacks an array, or has one of another shape or dtype.

    Parameters
    ----------
    arrays : dict of str to ndarray
    expected : dict of str to (shape, dtype)
        None is any integer.

    Raises
    ------
    ConfigError
        Names the first that is wrong.
    """
    for name, (shape, dtype) in expected.items():
        array = np.asarray(arrays[name]) if name in arrays else None
        kind = "an integer type" if dtype is None else np.dtype(dtype).name
        if array is None:
            found = "none"
        elif array.shape != shape:
            found = f"the shape {array.shape}"
        elif array.dtype.kind not in "iu" if dtype is None else array.dtype != dtype:
            found = str(array.dtype)
        else:
            continue
        raise ConfigError(
            f"a saved state must have {name} of {kind} and the shape {shape}, found {found}. Pass "
            "what `save` gave, for the same size, settings and seed."
        )


def first_state(
    settings: PixelSettings,
    seed: int,
    size: SensorSize,
    log_plane: NDArray[np.float32],
    luminance_plane: NDArray[np.float32],
) -> PixelState:
    """The state after the first frame: settled photoreceptor, reference at its output.

    Parameters
    ----------
    settings : PixelSettings
    seed : int
    size : SensorSize
    log_plane : (H * W,) ndarray of float32
        Log luminance of the first frame, ln of DN.
    luminance_plane : (H * W,) ndarray of float32
        Its luminance, DN.

    Raises
    ------
    ConfigError
        If the sensor has more than 2**29 pixels, or more than 32,767 per side.
    """
    n = size.width * size.height
    if not (0 < n < MAX_PIXELS and max(size) <= MAX_SIDE_PX):
        raise ConfigError(
            f"a sensor must have 1 to {MAX_PIXELS - 1} pixels and at most {MAX_SIDE_PX} per side, "
            f"found {size}. Crop or shrink the frames."
        )
    n_blocks = -(-n // at.BLOCK)
    blocks = np.zeros((n_blocks, at.ROWS * at.BLOCK), np.float32)
    for row, plane in (
        (at.LOG, log_plane),
        (at.LUMINANCE, luminance_plane),
        (at.REFERENCE, log_plane),
    ):
        for b in range(n_blocks):
            piece = plane[b * at.BLOCK : (b + 1) * at.BLOCK]
            blocks[b, row : row + piece.size] = piece
    noise = _draw_device(blocks, settings, seed, size)
    shot_factor, shot_on_share, leak_log_s = noise
    sparse = at.Sparse(
        leak_log_s=leak_log_s,
        shot_factor=shot_factor,
        shot_on_share=shot_on_share,
        shot_draws=np.zeros(n, np.uint32),
        leak_draws=np.zeros(n, np.uint32),
        **hot_pixels(settings, seed, size),
    )
    return PixelState(size, blocks, sparse)


def _draw_device(
    blocks: NDArray[np.float32], settings: PixelSettings, seed: int, size: SensorSize
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Fill in thresholds and noise of all pixels; give shot_factor, shot_on_share, leak_log_s."""
    n = size.width * size.height
    own = device_seed_of(settings, seed)
    device = {stream: random.stream_key(own, stream) for stream in Stream}
    key = {stream: random.stream_key(seed, stream) for stream in Stream}
    nominal = settings.contrast_threshold_on, settings.contrast_threshold_off
    kernels().draw_thresholds(
        blocks,
        n,
        nominal,
        float(settings.threshold_mismatch),
        (device[Stream.THRESHOLD_ON], device[Stream.THRESHOLD_OFF]),
        MIN_CONTRAST_THRESHOLD_LOG,
    )
    factor, sigma = np.empty(n), settings.noise_rate_spread_decades * np.log(10.0)
    if settings.device_map:
        known = load_device_map(settings.device_map, size)
        _set_thresholds(blocks, nominal, known)
        factor, sigma = known.noise.copy(), FACTORS_GIVEN
    noise = (np.zeros(n, np.float32), np.zeros(n, np.float32), np.zeros(n, np.float32))
    if settings.shot_noise_rate_hz > 0 or settings.leak_rate_hz > 0:
        kernels().begin_noise(
            blocks,
            n,
            nominal,
            (
                float(settings.shot_noise_rate_hz),
                leak_rate_hz(settings),
                float(settings.leak_jitter),
                float(sigma),
            ),
            (
                device[Stream.RATE_SPREAD],
                *(key[s] for s in (Stream.SHOT_TIME, Stream.LEAK_JITTER, Stream.LEAK_PHASE)),
            ),
            factor,
            noise,
        )
    return noise


def _set_thresholds(
    blocks: NDArray[np.float32], nominal: tuple[float, float], known: DeviceMap
) -> None:
    """Thresholds of a measured device, in the place of those that are drawn."""
    for row, threshold, factors in (
        (at.ON, nominal[0], known.threshold_on),
        (at.OFF, nominal[1], known.threshold_off),
    ):
        values = np.maximum(threshold * factors, MIN_CONTRAST_THRESHOLD_LOG)
        for b in range(len(blocks)):
            piece = values[b * at.BLOCK : (b + 1) * at.BLOCK]
            blocks[b, row : row + piece.size] = piece
