"""From what is typed to what the pipeline takes: sizes, numbers, settings files."""

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Group, Parameter

from eventsim.errors import ConfigError
from eventsim.events import MAX_SIDE_PX, SensorSize
from eventsim.sources.checks import Fit
from eventsim.sources.reading import Reading, flag_of

if TYPE_CHECKING:
    from eventsim.camera import Camera

INPUT, CAMERA, STILL, RUN, CARD = (
    Group(name, sort_key=place)
    for place, name in enumerate(("Input", "Camera", "Still images", "Run", "Dataset card"))
)
"""Headings of `--help`, in this order."""

SPLITS = ("train", "val", "test")

DEFAULTS = {"sensor": "davis346", "noise": "card"}
"""A camera that many labs own, with its own noise."""


@Parameter(name="*", group=CAMERA)
@dataclass(frozen=True)
class CameraFlags:
    """The camera that is simulated.

    Parameters
    ----------
    sensor
        Sensor card, such as davis346 (default), dvs128 or imx636; `eventsim ls` lists all. Or the
        path of your own card, such as ./mine.toml; `eventsim cp davis346` makes a copy to edit.
    noise
        Noise of the pixels: card (default) is the sensor's own; v2e-clean and v2e-noisy replace it.
    set_
        One setting of the pixel as name=value, such as contrast_threshold_on=0.3; can be
        repeated. A distribution, such as 'contrast_threshold_on=uniform(0.1, 0.4)', is drawn for
        each recording. `eventsim ls` lists them, `eventsim show NAME` explains one.
    settings
        TOML file with such settings, and with sensor and noise. Flags override it.
    seed
        Seed of noise: equal seeds give equal events. The device has its own, the setting
        device_seed.
    """

    sensor: str | None = None
    noise: str | None = None
    set_: Annotated[tuple[str, ...], Parameter(name="--set", negative="")] = ()
    settings: Path | None = None
    seed: int = 1

    def camera(self) -> "Camera":
        """Choose the camera: flags beat the file, the file the preset, the preset the card."""
        from eventsim.camera import choose_camera

        values = dict(DEFAULTS) | (read_settings(self.settings) if self.settings else {})
        names = {"sensor": self.sensor, "noise": self.noise}
        values |= {key: name for key, name in names.items() if name is not None}
        sensor, noise = str(values.pop("sensor")), str(values.pop("noise"))
        return choose_camera(sensor, noise, values | parse_settings(self.set_))


@Parameter(name="*", group=INPUT, name_transform=flag_of)
@dataclass(frozen=True)
class FrameFlags(Reading):
    """A flag for each field of `Reading`, with its description as help."""

    # These are text until `reading` reads it, and still images are stretched by default.
    size: str = "sensor"  # type: ignore[assignment]
    fit: Fit | None = None  # type: ignore[assignment]
    crop: str | None = None  # type: ignore[assignment]
    times_file: Path | None = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        """Leave the check to `Reading`, when the text has been read."""

    def reading(self) -> Reading:
        """Check what was typed and put it into the pipeline's words."""
        values: dict[str, Any] = asdict(self)
        values |= {"size": parse_size(self.size), "fit": self.fit or "crop"}
        if self.crop is not None:
            values["crop"] = tuple(parse_numbers(self.crop, 4, "--crop", "X,Y,W,H"))
        if self.times_file is not None:
            values["times_file"] = str(self.times_file)
        return Reading(**values)


FrameFlags.__doc__ = Reading.__doc__


@Parameter(name="*", group=RUN)
@dataclass(frozen=True)
class RunFlags:
    """How the conversion runs; changes nothing in the events.

    Parameters
    ----------
    workers
        Number of worker processes.
    threads
        Threads of the simulator in each worker. Default: the cores of the worker, minus one.
    scheduler
        Address of a Dask scheduler whose workers do the work, such as tcp://host:8786.
    memory
        Memory limit of each worker, such as 4GB; a worker that exceeds it is restarted. Default:
        the workers share the memory of the machine.
    overwrite
        Replace an existing dataset. Nothing else is ever deleted.
    strict
        Stop at the first input that fails, instead of recording the failure and continuing.
    quiet
        Print errors only.
    """

    workers: int = 1
    threads: int | None = None
    scheduler: str | None = None
    memory: str | None = None
    overwrite: Annotated[bool, Parameter(negative="")] = False
    strict: Annotated[bool, Parameter(negative="")] = False
    quiet: Annotated[bool, Parameter(negative="", name=["--quiet", "-q"])] = False

    def options(self) -> dict[str, Any]:
        """Arguments that `eventsim.pipeline.run.run` and `extend` share.

        Raises
        ------
        ConfigError
            If the memory is no amount.
        """
        return {
            "workers": self.workers,
            "threads": self.threads,
            "strict": self.strict,
            "client": self.scheduler,
            "memory_bytes": None if self.memory is None else parse_bytes(self.memory),
        }


@Parameter(name="*", group=INPUT)
@dataclass(frozen=True)
class CorpusFlags:
    """What is converted, beside the paths.

    Parameters
    ----------
    manifest
        Table of inputs, .csv or .parquet, with the column path and optionally id, label, split,
        group, start_s, stop_s and settings (of the pixel, as JSON). Paths are relative to the
        table.
    split
        train, val or test: use only the inputs of that split. Or, for videos without a split, the
        shares of the three, such as 0.8/0.1/0.1: all inputs of a group (a source video, a person)
        get the same split, also those added later.
    twin
        Settings as name=value,name=value: each video becomes two recordings, NAME and NAME-twin.
        The second has these settings and the same random numbers.
    append
        Add inputs to a finished dataset that it does not contain yet; all settings must match.
    """

    manifest: Path | None = None
    split: str | None = None
    twin: Annotated[tuple[str, ...], Parameter(negative="")] = ()
    append: Annotated[bool, Parameter(negative="")] = False

    def twin_settings(self) -> dict[str, Any] | None:
        """Settings of the twins, or None if there are none."""
        pairs = [pair for text in self.twin for pair in text.split(",")]
        return parse_settings(pairs, "--twin") if pairs else None


@Parameter(name="*", group=CARD)
@dataclass(frozen=True)
class AboutFlags:
    """What only people know of a dataset, for its card.

    Parameters
    ----------
    title
        Title of the dataset.
    license_
        License of the videos or images: its name or URL.
    source_url
        URL of the videos or images.
    citation
        What users of the dataset should cite.
    not_label_safe
        Transforms that may change a label, such as Flip,TimeReversal: using one gives a warning.
    """

    title: str = ""
    license_: Annotated[str, Parameter(name="--license")] = ""
    source_url: str = ""
    citation: str = ""
    not_label_safe: str = ""

    def given(self) -> dict[str, str]:
        """Those that were typed."""
        values = {
            "title": self.title,
            "license": self.license_,
            "source_url": self.source_url,
            "citation": self.citation,
            "not_label_safe": ", ".join(self._unsafe()),
        }
        return {name: value for name, value in values.items() if value}

    def _unsafe(self) -> tuple[str, ...]:
        if not self.not_label_safe:
            return ()
        from eventsim.transforms.label_safety import parse_names

        return parse_names(self.not_label_safe)


def parse_shares(text: str) -> tuple[float, ...]:
    """Read shares such as 0.8/0.1/0.1.

    Raises
    ------
    ConfigError
        If there are no numbers between slashes.
    """
    try:
        return tuple(float(piece) for piece in text.split("/"))
    except ValueError:
        raise ConfigError(
            f"--split must be train, val, test or three shares such as 0.8/0.1/0.1, found {text!r}."
        ) from None


_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}


def parse_bytes(text: str) -> int:
    """Read an amount of memory such as 4GB or 500MiB.

    Raises
    ------
    ConfigError
        If it is none.
    """
    found = re.fullmatch(r"\s*([0-9]*\.?[0-9]+)\s*([kmgt]?)(i?)b?\s*", text.lower())
    amount = 0.0
    if found:
        number, unit, binary = found.groups()
        power = list(_UNITS).index(unit)
        amount = float(number) * (1024**power if binary else _UNITS[unit])
    if amount < 1:
        raise ConfigError(f"--memory must be an amount such as 4GB or 500MB, found {text!r}.")
    return int(amount)


def parse_size(text: str) -> SensorSize | Literal["sensor", "source"]:
    """Read a size such as 346x260, or one of the two words.

    Raises
    ------
    ConfigError
        For anything else.
    """
    if text == "sensor":
        return "sensor"
    if text == "source":
        return "source"
    width, height = parse_numbers(
        text.lower().replace("x", ","), 2, "--size", "WIDTHxHEIGHT, sensor or source"
    )
    if not (0 < width <= MAX_SIDE_PX and 0 < height <= MAX_SIDE_PX):
        raise ConfigError(f"--size must be 1x1 to {MAX_SIDE_PX}x{MAX_SIDE_PX}, found {text}.")
    return SensorSize(width, height)


def parse_numbers(text: str, count: int, flag: str, form: str) -> list[int]:
    """Read integers with commas between them.

    Raises
    ------
    ConfigError
        If there are others, or more, or fewer.
    """
    try:
        numbers = [int(piece) for piece in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) != count:
        raise ConfigError(f"{flag} must be {form}, found {text!r}.")
    return numbers


def parse_settings(pairs: Sequence[str], flag: str = "--set") -> dict[str, Any]:
    """Read settings such as ``leak_rate_hz=0.2``.

    Raises
    ------
    ConfigError
        If one is not name=number.
    """
    from eventsim.camera import SETTINGS
    from eventsim.distributions import is_distribution

    values: dict[str, Any] = {}
    for pair in pairs:
        name, _, text = pair.partition("=")
        known = SETTINGS.get(name.strip())
        is_word = known is not None and known.annotation not in _NUMBERS
        is_word = is_word or is_distribution(text)
        for kind in (str,) if is_word else _NUMBERS:
            try:
                values[name.strip()] = kind(text)
                break
            except ValueError:
                continue
        else:
            raise ConfigError(
                f"{flag} must be name=number, such as leak_rate_hz=0.2, found {pair!r}."
            )
    return values


_NUMBERS: tuple[Callable[[str], Any], ...] = (int, float)


def read_settings(path: Path) -> dict[str, Any]:
    """Read a file of settings: TOML, flat, with `sensor`, `noise` and names of settings.

    Raises
    ------
    ConfigError
        If it cannot be read, or is not flat.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"--settings {path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError(f"--settings {path} is not a TOML file: {error}.") from error
    tables = [name for name, value in values.items() if isinstance(value, dict)]
    if tables:
        raise ConfigError(
            f"--settings {path} must hold name = value lines without tables, found [{tables[0]}]."
        )
    return values
