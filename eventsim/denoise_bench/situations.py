"""Labeled streams: a scene before a sensor in a light; and random ones, to learn from."""

from dataclasses import dataclass

from eventsim.camera import choose_camera
from eventsim.denoise_bench.scenes import open_scene
from eventsim.events import Events, SensorSize
from eventsim.random import Draws
from eventsim.simulator import simulate, simulate_source

TRAINING = {
    "contrast_threshold_on": "uniform(0.1, 0.4)",
    "contrast_threshold_off": "uniform(0.1, 0.4)",
    "threshold_mismatch": "uniform(0.01, 0.05)",
    "photoreceptor_cutoff_hz": "loguniform(50, 1000)",
    "illuminance_lux": "loguniform(0.1, 3000)",
    "leak_rate_hz": "loguniform(0.01, 5)",
    "leak_jitter": "uniform(0.05, 0.3)",
    "shot_noise_rate_hz": "loguniform(0.003, 0.1)",
    "noise_rate_spread_decades": "uniform(0.1, 0.5)",
    "hot_pixel_fraction": "loguniform(0.001, 0.02)",
    "hot_pixel_rate_hz": "loguniform(2, 200)",
    "refractory_period_us": "loguniform(1, 1000)",
}
"""Settings that each stream of training draws: around those of all bundled cards, and wider.
Thresholds as DAVIS users set them; shot noise from a third to ten times, and leak from a fifth to
a hundred times what was measured (IEBCS: .01 and .05 Hz at 161 lux), as a training with leaks of .5
Hz at most did not know the noise of N-MNIST's ATIS; light from moonlight to an overcast day. The
ranges were chosen by eye."""

_SCENES = ("pan", "pan", "traffic", "lone")
"""To learn from. The film is left for tests: there is one only."""


@dataclass(frozen=True)
class Situation:
    """A scene before a sensor in a light.

    Attributes
    ----------
    scene : str
        Of `eventsim.denoise_bench.scenes.SCENES`.
    sensor : str
        A card, whose pixels see it; of its size, `size` is used.
    lux : float
        Illuminance of the scene.
    seed : int
        Of the scene and of the noise.
    """

    scene: str
    sensor: str
    lux: float
    seed: int = 1

    def events(self, size: SensorSize, seconds: float) -> Events:
        """What the sensor sees, with the kind of each event."""
        source = open_scene(self.scene, size, seconds, self.seed)
        return simulate(source, sensor=self.sensor, seed=self.seed, illuminance_lux=self.lux)


def training_stream(seed: int, size: SensorSize, seconds: float) -> Events:
    """A stream to learn from: every scene, sensor and light is another one, drawn from the seed.

    Parameters
    ----------
    seed : int
    size : SensorSize
    seconds : float
    """
    rng = Draws.of(seed)
    scene = _SCENES[rng.integer(0, 0, len(_SCENES) - 1)]
    source = open_scene(scene, size, seconds, rng.child(1).key)
    camera = choose_camera("ideal", overrides=TRAINING)
    packets = simulate_source(source, camera, seed=rng.child(2).key >> 1)
    return Events.concatenate([packet.events for packet in packets], size)
