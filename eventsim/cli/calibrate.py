"""`eventsim calibrate`: a sensor card from a recording."""

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
from cyclopts import Parameter
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from eventsim.cli.options import FrameFlags
from eventsim.cli.printing import make_console
from eventsim.cli.report import line
from eventsim.errors import ConfigError

if TYPE_CHECKING:
    from eventsim.camera import Camera
    from eventsim.events import SensorSize
    from eventsim.frames import FrameSource
    from eventsim.realism.calibration import Calibration
    from eventsim.store.reader import Recording

GRAY_DN = 128.0
"""Of a still scene, of which nothing is known; shot noise depends on it."""
STILL_STEP_US = 100_000


def calibrate(  # noqa: PLR0913 - its options
    recording: Path,
    card: Path,
    *,
    frames: Path | None = None,
    sensor: str = "davis346",
    setting: Annotated[list[str] | None, Parameter(negative="")] = None,
    number: int = 0,
    seed: int = 1,
    read: FrameFlags | None = None,
    overwrite: Annotated[bool, Parameter(negative="")] = False,
    quiet: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Fit a sensor card to a recording: thresholds, dead time, bandwidth, noise, hot pixels.

    With frames of what was recorded, on the time line of the events, the settings are found with
    which they make events of the same statistics. Without frames the scene must have been still,
    and only the noise is fitted. Needs the extra realism.

    Parameters
    ----------
    recording
        Dataset that holds the recording.
    card
        Card to write, a .toml; give it as `--sensor` afterwards.
    frames
        Video, folder of images or multi-page TIFF of the same scene, through the same lens.
    sensor
        Sensor card to begin with; what is not fitted stays as it says.
    setting
        Setting to fit; can be repeated. Default: all that can be told.
    number
        Which recording of the dataset.
    seed
        Seed of the simulations.
    overwrite
        Replace a card that is there.
    quiet
        Print nothing.

    Returns
    -------
    int
        0
    """
    try:
        from eventsim.realism.calibration import ALL, NOISE
        from eventsim.realism.calibration import calibrate as fit_settings
        from eventsim.realism.moments import look_at, still
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"calibrate needs {error.name}: pip install 'eventsim-dvs[realism]'."
        ) from None
    from eventsim.camera import choose_camera, without_draws

    _check(card, overwrite)
    real = _recording(recording, number)
    begin = without_draws(choose_camera(sensor), "a calibration")
    source_of = _Frames(frames, real, begin, read or FrameFlags())
    if frames is None:
        light = still(real.size, real.start_us, real.start_us + real.duration_us)
    else:
        light = look_at(source_of())
    console = make_console(quiet=quiet)
    started = time.monotonic()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("fitting", total=None)

        def step(done: int, apart: float) -> None:
            bar.update(task, description=f"simulation {done}, {apart:.2f} sd from the recording")

        found = fit_settings(
            real.events, light, source_of, begin, setting or (NOISE if frames is None else ALL),
            seed=seed, step=step,
        )  # fmt: skip
    _write(card, found, sensor, real.size, recording.name)
    _print(console, found, time.monotonic() - started)
    line(console, "wrote", str(card))
    return 0


def _check(card: Path, overwrite: bool) -> None:
    if card.suffix != ".toml":
        raise ConfigError(f"a card must end with .toml, found {card}.")
    if card.exists() and not overwrite:
        raise ConfigError(f"{card} is there already. Give another name, or --overwrite.")
    if not card.absolute().parent.is_dir():
        raise ConfigError(f"there is no folder {card.parent} for {card.name}. Make it.")


def _recording(path: Path, number: int) -> "Recording":
    from eventsim.store.reader import Dataset, open_dataset

    dataset = open_dataset(path)
    if not isinstance(dataset, Dataset):
        raise ConfigError(f"{path} holds planes of still images, and must hold recordings.")
    if not 0 <= number < len(dataset):
        raise ConfigError(f"{path} has {len(dataset)} recordings from 0, and no number {number}.")
    return dataset[number]


class _Frames:
    """Whatever makes frames anew each time."""

    def __init__(
        self, path: Path | None, real: "Recording", camera: "Camera", flags: FrameFlags
    ) -> None:
        self._path, self._camera, self._flags = path, camera, flags
        self._size, self._start_us = real.size, real.start_us
        self._stop_us = real.start_us + real.duration_us

    def __call__(self) -> "FrameSource":
        """A source from its first frame on."""
        if self._path is None:
            return self._still()
        from eventsim.sources.opening import open_source

        reading = self._flags.reading()
        if reading.size == "sensor":
            reading = replace(reading, size=(self._size.width, self._size.height))
        seen = reading.seen_by(self._size, self._camera.transfer)
        source = open_source(self._path, seen)
        if tuple(source.size) != tuple(self._size):
            raise ConfigError(
                f"the frames are {source.size} and the recording is {self._size}: they must show "
                "the same. Give --size or --crop."
            )
        return source

    def _still(self) -> "FrameSource":
        from eventsim.sources.arrays import ArraySource

        t_us = np.arange(self._start_us, self._stop_us + STILL_STEP_US, STILL_STEP_US)
        t_us[-1] = self._stop_us
        gray = np.full((self._size.height, self._size.width), GRAY_DN, np.float32)
        frames = np.broadcast_to(gray, (t_us.size, *gray.shape))
        return ArraySource(frames, np.unique(t_us), transfer="linear")


def _write(path: Path, found: "Calibration", sensor: str, size: "SensorSize", name: str) -> None:
    from eventsim.sensors.cards import SensorCard, card_text, load_card

    before = load_card(sensor)
    physics, sources = dict(before.physics), dict(before.sources)
    sources["size"] = f"of the recording {name}"
    for key, setting in found.settings.items():
        value = round(setting.value) if key.endswith("_us") else float(f"{setting.value:.4g}")
        physics[key] = value
        edge = "; no smaller or larger was tried" if setting.at_limit else ""
        sources[key] = (
            f"fitted to {name} with eventsim calibrate: 95 % interval {setting.low:.4g} to "
            f"{setting.high:.4g}{edge}"
        )
    for key in ("hot_pixel_fraction", "hot_pixel_rate_hz", "hot_pixel_on_share"):
        physics[key] = float(f"{found.camera.values[key]:.4g}")
        sources[key] = f"counted in {name} with eventsim calibrate"
    title = f"{before.title}, calibrated to {name}"
    card = SensorCard(path.name, title, size, before.transfer, physics, sources)
    path.write_text(card_text(card), encoding="utf-8")


def _print(console: Console, found: "Calibration", seconds: float) -> None:
    table = Table(box=None, pad_edge=False)
    for name in ("setting", "value", "95 % interval", ""):
        table.add_column(name, justify="left" if name in ("setting", "") else "right")
    for name, s in found.settings.items():
        words = "at the end of its range: not told by this recording" if s.at_limit else ""
        table.add_row(name, f"{s.value:.4g}", f"{s.low:.4g} - {s.high:.4g}", words)
    console.print(table)
    hot = found.camera.values
    line(console, "hot", f"{hot['hot_pixel_fraction']:.2%} of the pixels, "
         f"{hot['hot_pixel_rate_hz']:.3g} Hz")  # fmt: skip
    line(console, "fit", f"{found.before:.2f} sd from the recording before, {found.after:.2f} "
         f"after; {found.simulations} simulations, {seconds:.0f} s")  # fmt: skip
