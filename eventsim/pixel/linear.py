"""The plainest pixel: contrast thresholds on straight ramps of log luminance, and nothing else.

What ESIM solves (Rebecq, Gehrig and Scaramuzza, "ESIM: an open event camera simulator", CoRL 2018,
section 3), without noise. It is written to be read: no kernel, no tricks, float64; the events
of the closed form are tested against it, and a faster model of few effects may begin here.
"""

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from eventsim.errors import ConfigError
from eventsim.events import Events, Kind, Packet, SensorSize
from eventsim.pixel.light import Light
from eventsim.pixel.look import Look

NEAR_LOG = 2e-6
"""A threshold that is missed by less counts, ln, so that a step of k thresholds makes k events:
four times the spacing of float32 numbers near ln 255. The rule of `circuit.tolerance`, written
again on purpose: this model shares nothing with the one that is tested against it."""
NEAR_SHARE = 1e-4
"""... but by at most this share of the rise in the interval, so that nothing fires early."""

Plane = NDArray[np.float32]


class LinearSettings(BaseModel):
    """Thresholds, in natural-log units of luminance."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    model: Literal["linear"] = Field(
        "linear", description="Pixel model.", json_schema_extra={"unit": ""}
    )
    contrast_threshold_on: float = Field(
        0.2,
        gt=0,
        le=5,
        description="Rise of log luminance that makes an ON event.",
        json_schema_extra={"unit": "ln"},
    )
    contrast_threshold_off: float = Field(
        0.2,
        gt=0,
        le=5,
        description="Fall of log luminance that makes an OFF event.",
        json_schema_extra={"unit": "ln"},
    )


class LinearPixels:
    """Pixels that remember a reference; a `eventsim.pixel.models.PixelModel`.

    Parameters
    ----------
    size : SensorSize
    settings : LinearSettings
    seed, threads : int
        Not used: nothing is drawn, and numpy is one thread.

    Notes
    -----
    With L(z) on a line from the last frame (z = 0) to this one (z = 1), and R the reference, the
    k-th event of the interval is where ``L(z) - R = k threshold``. R moves by each threshold.
    """

    def __init__(self, size: SensorSize, settings: LinearSettings, seed: int, threads: int) -> None:
        self._size, self._settings = size, settings
        self._last_us: int | None = None
        self._log = self._luminance = np.zeros(0, np.float32)
        self._reference = np.zeros(0)

    @property
    def last_us(self) -> int | None:
        """Time of the last frame, microseconds; None before the first."""
        return self._last_us

    def seen(self) -> tuple[Plane, Plane]:
        """Log luminance and luminance of the last frame, (P,) each."""
        return self._log, self._luminance

    def push(self, light: Light, t_us: NDArray[np.int64]) -> Packet:
        """Let the pixels see some more frames; the very first sets the reference."""
        pieces = [Events.empty(self._size)]
        stops = np.zeros(t_us.size, np.int64)
        for f, end_us in enumerate(t_us.tolist()):
            log, luminance = light.planes_of(f)
            if self._last_us is None:
                self._reference = log.astype(np.float64)
            else:
                pieces.append(self._cross(log, self._last_us, end_us))
            self._log, self._luminance, self._last_us = log, luminance, end_us
            stops[f] = sum(len(piece) for piece in pieces)
        return Packet(Events.concatenate(pieces, self._size), t_us, stops)

    def look(self, pixels: NDArray[np.int64]) -> Look:
        """What some pixels have inside at the last frame; there is no noise, and nothing lags."""
        log, none = self._log[pixels].astype(np.float64), np.zeros(pixels.size)
        on, off = self._settings.contrast_threshold_on, self._settings.contrast_threshold_off
        return Look(log, log, self._reference[pixels], none + on, none + off, none, none)

    def exchange(self, light: Light) -> None:
        """See another light as if it had been there at the last frame already."""
        log, luminance = light.planes_of(0)
        self._reference = self._reference + (log.astype(np.float64) - self._log)
        self._log, self._luminance = log, luminance

    def _cross(self, log: Plane, start_us: int, end_us: int) -> Events:
        """Events of one interval."""
        start = self._log - self._reference
        rise = log.astype(np.float64) - self._log
        end = start + rise
        sign = np.where(end > 0, 1.0, -1.0)
        on, off = self._settings.contrast_threshold_on, self._settings.contrast_threshold_off
        threshold = np.where(end > 0, on, off)
        near = np.minimum(np.abs(rise) * NEAR_SHARE, NEAR_LOG)
        count = np.floor((np.abs(end) + near) / threshold).astype(np.int64)
        self._reference = self._reference + sign * count * threshold
        pixel = np.repeat(np.arange(log.size), count)
        # 1, 2, ... for each pixel
        level = np.arange(pixel.size) - np.repeat(np.cumsum(count) - count, count) + 1
        reached = sign[pixel] * level * threshold[pixel]
        z = np.clip((reached - start[pixel]) / rise[pixel], 0.0, 1.0)
        dt_us = end_us - start_us
        t = start_us + np.clip(np.floor(z * dt_us + 0.5), 1, dt_us).astype(np.int64)
        order = np.lexsort((pixel, t))
        pixel = pixel[order]
        y, x = np.divmod(pixel, self._size.width)
        kind = np.full(pixel.size, Kind.SIGNAL, np.uint8)
        return Events.of(t[order], x, y, sign[pixel] > 0, kind=kind, size=self._size)

    def save(self) -> dict[str, NDArray[Any]]:
        """Everything needed to go on later or elsewhere, as arrays by name; see `restore`."""
        if self._last_us is None:
            return {}
        clock = np.array([self._last_us], np.int64)
        return {
            "clock": clock,
            "log": self._log,
            "luminance": self._luminance,
            "reference": self._reference,
        }

    def restore(self, saved: dict[str, NDArray[Any]]) -> None:
        """Go on from what `save` gave; size and settings must be the same.

        Raises
        ------
        ConfigError
            If the arrays are not those that `save` gives.
        """
        if not saved:
            self._last_us = None
            return
        pixels = (self._size.width * self._size.height,)
        shapes = {"clock": (1,), "log": pixels, "luminance": pixels, "reference": pixels}
        found = {name: saved[name].shape for name in shapes if name in saved}
        if found != shapes:
            raise ConfigError(
                f"a saved state must have {shapes}, found {found}. Pass what `save` gave, for the "
                "same size and settings."
            )
        self._last_us = int(saved["clock"][0])
        self._log, self._luminance = saved["log"], saved["luminance"]
        self._reference = saved["reference"]
