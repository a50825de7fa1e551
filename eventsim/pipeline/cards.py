"""Dataset cards: what a dataset is, whose images it shows, how it is made, what must come out."""

import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from eventsim.camera import choose_camera
from eventsim.errors import ConfigError, first_complaint
from eventsim.events import SensorSize
from eventsim.motion.from_settings import PATHS, make_motion_settings
from eventsim.pipeline.image_plan import I2EMethod, SaccadeMethod
from eventsim.planes.settings import make_i2e_settings
from eventsim.shipped import find
from eventsim.stills.resizing import StillFit
from eventsim.transforms.label_safety import parse_names

_STRICT = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class License(BaseModel):
    """Of the images."""

    model_config = _STRICT

    name: str = Field(min_length=2, description="Its name, or that there is none.")
    url: str = Field(description="Where it stands.")
    note: str = Field("", description="Who owns them; what may not be done.")


class CameraChoice(BaseModel):
    """The camera of a dataset of moved images."""

    model_config = _STRICT

    sensor: str = Field(description="Name of a sensor card.")
    noise: str = Field("card", description="card, v2e-clean or v2e-noisy.")
    settings: dict[str, float | str] = Field({}, description="Single settings of the camera.")


class Expectation(BaseModel):
    """What a split must look like when it is made."""

    model_config = _STRICT

    samples: int = Field(gt=0, description="Number of images.")
    rate_percent: float | None = Field(
        None, gt=0, lt=100, description="Share of ones in all planes, in percent."
    )
    events_per_recording: float | None = Field(None, gt=0, description="Mean number of events.")
    tolerance: float = Field(gt=0, description="How far off the one or the other may be.")
    source: str = Field(min_length=3, description="Where the numbers are from.")

    @model_validator(mode="after")
    def _one_of_two(self) -> "Expectation":
        if (self.rate_percent is None) == (self.events_per_recording is None):
            raise ValueError("give rate_percent or events_per_recording, and not both")
        return self


class DatasetCard(BaseModel):
    """A dataset that can be built from images."""

    model_config = _STRICT

    title: str = Field(min_length=3, description="In a few words.")
    description: str = Field(min_length=10, description="What it is, and what it is for.")
    license: License
    citation: str = Field(min_length=10, description="Papers of the images and of the method.")
    images: str = Field(min_length=10, description="Where to get the images, in words.")
    converter: str = Field(description="Program that builds it.")
    method: Literal["i2e", "saccade"]
    size: tuple[int, int] = Field(description="Width and height, px.")
    fit: StillFit = Field("stretch", description="How images are brought to the size of planes.")
    seed: int = 1
    i2e: dict[str, Any] = Field({}, description="Settings of I2E.")
    motion: dict[str, Any] = Field({}, description="How the image moves.")
    camera: CameraChoice | None = None
    folder: str = Field("", exclude=True, description="Where the card lies; not to be given.")
    not_label_safe: tuple[str, ...] = Field(
        (), description="Transforms that may change a label, such as Flip."
    )
    expect: dict[Literal["train", "val", "test"], Expectation]

    @field_validator("not_label_safe")
    @classmethod
    def _known(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return parse_names(",".join(names))

    @model_validator(mode="after")
    def _one_method(self) -> "DatasetCard":
        moved = self.method == "saccade"
        if moved != (self.camera is not None) or (self.i2e if moved else self.motion):
            raise ValueError("i2e has [i2e] alone, saccade has [motion] and [camera]")
        return self

    @property
    def sensor_size(self) -> SensorSize:
        """Width and height of planes or sensor, px."""
        return SensorSize(*self.size)

    def make_method(self) -> I2EMethod | SaccadeMethod:
        """Settings as the pipeline takes them.

        Raises
        ------
        ConfigError
            If one is wrong.
        """
        if self.camera is None:
            return I2EMethod(make_i2e_settings(**self.i2e))
        motion = dict(self.motion)
        path = motion.get("path")
        if isinstance(path, str) and path not in PATHS:
            motion["path"] = self._beside(path)
        settings = dict(self.camera.settings)
        if "device_map" in settings:
            settings["device_map"] = self._beside(str(settings["device_map"]))
        camera = choose_camera(self.camera.sensor, self.camera.noise, settings)
        return SaccadeMethod(make_motion_settings(motion), camera)

    def _beside(self, name: str) -> str:
        """A file beside the card, wherever the user stands; a bundled card has its own."""
        beside = Path(self.folder) / name
        return str(beside if self.folder and beside.is_file() else find(name))


def load_dataset_card(name: str | Path) -> DatasetCard:
    """Card by the name of a bundled one, or by the path of one of your own.

    Parameters
    ----------
    name : str or path
        Such as ``i2e-mnist``, or ``my-card.toml``.

    Returns
    -------
    DatasetCard

    Raises
    ------
    ConfigError
        If there is none, or something in it is wrong.
    """
    path = Path(name)
    # A bare name is that of a bundled card, whatever lies in the working directory.
    own = path.is_file() and (path.suffix == ".toml" or len(path.parts) > 1)
    if not own:
        path = find(f"{name}.toml" if not str(name).endswith(".toml") else str(name))
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        return DatasetCard(**{**content, "folder": str(path.parent)})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError(f"{path} is not a TOML file: {error}.") from error
    except ValidationError as error:
        raise ConfigError(
            f"{path.name} is not a dataset card: {first_complaint(error)}. "
            "`eventsim show i2e-mnist` prints one that is right."
        ) from error
