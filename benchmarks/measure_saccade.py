"""Speed of moved images: recordings per second, and where their time goes."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from statistics import median
from time import perf_counter

import numpy as np
from tables import Table, number
from timing import interleave

from eventsim.camera import Camera, choose_camera
from eventsim.events import SensorSize
from eventsim.motion.from_settings import PATHS, MotionSettings, moved_image
from eventsim.pixel.light import make_light
from eventsim.simulator import simulate_source

SIZE = SensorSize(34, 34)
"""Of N-MNIST (Orchard et al. 2015)."""
AMBIENT_DN = 60.0
"""A monitor in a lit room: with it a digit makes some thousand events, as in N-MNIST; by eye."""
IMAGES = 20
"""Recordings of one round."""

COLUMNS = (
    "path",
    "sensor",
    "frames",
    "events",
    "recordings/s, 1 thread",
    "of it rendering %",
    "of it light %",
    "ns per pixel and frame",
)


@dataclass(frozen=True)
class Round:
    """Seconds of some recordings, in all and of two of its parts alone."""

    total_s: float
    render_s: float
    light_s: float
    frames: int
    events: int


def digit(n: int) -> np.ndarray:
    """Draw something like a digit, 28x28: a soft white ring of its own size and place."""
    y, x = np.mgrid[:28, :28]
    away = np.hypot((x - 13.5 - n % 3) / (4 + n % 4), (y - 13.5 + n % 2) / (6 + n % 3)) - 1
    return np.rint(255 * np.exp(-((away / 0.3) ** 2))).astype(np.uint8)


def run_round(settings: MotionSettings, camera: Camera, images: int = IMAGES) -> Round:
    """Simulate some digits, from the image to sorted events, one thread."""
    digits = [digit(n) for n in range(images)]
    events = 0
    started = perf_counter()
    for seed, image in enumerate(digits):
        source = moved_image(image, settings, size=SIZE, seed=seed)
        packets = simulate_source(source, camera, seed=seed, threads=1)
        events += sum(len(packet.events) for packet in packets)
    total_s = perf_counter() - started
    started = perf_counter()
    rendered = [
        list(moved_image(image, settings, size=SIZE, seed=seed))
        for seed, image in enumerate(digits)
    ]
    render_s = perf_counter() - started
    light_s = 0.0
    for frames in rendered:
        values = np.stack([frame.values for frame in frames]).reshape(len(frames), -1)
        started = perf_counter()
        make_light(values, source.encoding)
        light_s += perf_counter() - started
    return Round(total_s, render_s, light_s, sum(map(len, rendered)), events)


def measure_saccade(repeats: int, images: int = IMAGES) -> list[Table]:
    """Time all paths with thresholds alone and with a sensor as `convert` takes it."""
    jobs: dict[str, Callable[[], Round]] = {}
    for path in PATHS:
        settings = MotionSettings(path=path, scale=1.0, blur_px=0.6, ambient_dn=AMBIENT_DN)
        for sensor in ("ideal", "davis346"):
            camera = choose_camera(sensor)
            jobs[f"{path} {sensor}"] = partial(run_round, settings, camera, images)
            run_round(settings, camera, 1)  # compiled now
    rows = []
    for name, rounds in interleave(jobs, repeats).items():
        total_s = median(r.total_s for r in rounds)
        frames = rounds[0].frames
        rows.append(
            [
                *name.split(" "),
                number(frames / images),
                number(rounds[0].events / images),
                number(images / total_s),
                f"{median(r.render_s / r.total_s for r in rounds):.0%}"[:-1],
                f"{median(r.light_s / r.total_s for r in rounds):.0%}"[:-1],
                number(total_s * 1e9 / (frames * SIZE.width * SIZE.height)),
            ]
        )
    notes = (
        f"{images} soft rings of 28x28 on {SIZE}, from the image to sorted events; ambient "
        f"{AMBIENT_DN:g} DN, blur 0.6 px, steps of 0.25 px. Kernels warm; medians of {repeats} "
        "interleaved rounds.",
        "Frames and events are means of a recording. 'Rendering' is the construction of the source "
        "and all its frames, 'light' the logarithm of them, each run again alone.",
    )
    return [Table("Moved images: a still image to sorted events", COLUMNS, rows, notes)]
