"""What is chosen on the page, and the command line that says the same."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eventsim.camera import Camera, choose_camera
from eventsim.errors import ConfigError
from eventsim.pixel.settings import CARD_NOISE
from eventsim.sources.reading import Reading

STEPS: dict[str, tuple[float, ...]] = {
    "contrast_threshold_on": tuple(round(0.05 + 0.01 * k, 2) for k in range(96)),
    "contrast_threshold_off": tuple(round(0.05 + 0.01 * k, 2) for k in range(96)),
    "threshold_mismatch": tuple(round(0.005 * k, 3) for k in range(41)),
    "photoreceptor_cutoff_hz": (0, 1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500,
                                1000, 3000),
    "refractory_period_us": (0, 50, 100, 200, 300, 500, 700, 1000, 2000, 3000, 5000, 10_000, 20_000,
                             50_000),
    "leak_rate_hz": (0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20),
    "shot_noise_rate_hz": (0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50),
    "hot_pixel_fraction": (0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1),
    "hot_pixel_rate_hz": (0, 1, 2, 5, 10, 20, 50, 100, 200),
}  # fmt: skip
"""What sliders offer, by setting; chosen by eye. What a card says is among it, too."""


@dataclass(frozen=True)
class Choice:
    """A sensor, a noise preset, and single settings.

    Attributes
    ----------
    sensor, noise : str
        As in `eventsim.camera.choose_camera`.
    settings : mapping
        What differs from what they say; an empty one is the sensor as it is.
    """

    sensor: str = "davis346"
    noise: str = CARD_NOISE
    settings: Mapping[str, Any] = field(default_factory=dict)

    def camera(self) -> Camera:
        """The camera.

        Raises
        ------
        ConfigError
            If settings contradict each other.
        """
        return choose_camera(self.sensor, self.noise, dict(self.settings))

    def with_values(self, values: Mapping[str, Any]) -> "Choice":
        """The same sensor and noise, with values in place of its own; equal ones are left out."""
        own = choose_camera(self.sensor, self.noise).values
        kept = {n: v for n, v in self.settings.items() if n not in values}
        return Choice(self.sensor, self.noise, {**kept, **different(values, own)})

    def command(self, path: str | Path, reading: Reading, seed: int = 1) -> str:
        """The command line that makes the same events.

        Parameters
        ----------
        path : path
            Of the clip.
        reading : Reading
            How it is read.
        seed : int
        """
        words = ["eventsim", "convert", str(path), f"{Path(path).stem}.zarr", "--sensor"]
        words.append(self.sensor)
        if self.noise != CARD_NOISE:
            words += ["--noise", self.noise]
        for name, value in self.settings.items():
            words += ["--set", f"{name}={value}"]
        if seed != 1:
            words += ["--seed", str(seed)]
        return shlex.join([*words, *reading.flags()])


def different(values: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Those values that are not what a camera has by itself.

    Raises
    ------
    ConfigError
        For a setting that it does not have.
    """
    for name in values:
        if name not in own:
            raise ConfigError(f"this pixel model has no setting {name!r}. Choose another sensor.")
    return {name: value for name, value in values.items() if value != own[name]}


def offered(name: str, value: float) -> list[float]:
    """What the slider of a setting offers, with the present value among it, in order."""
    return sorted({*STEPS[name], value})
