"""What can be set on a moved image: each field with its unit, range, default and meaning."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from eventsim.errors import ConfigError, first_complaint, nearest
from eventsim.motion.moved_image import FINEST_PX, MOST_BLUR_PX, STEP_PX, Outside
from eventsim.motion.profiles import Profile
from eventsim.motion.variants import VARIANTS

_OF_LOOPS = ("amplitude_px", "duration_us", "loops", "profile")
SETTINGS_OF = {
    "triangle": _OF_LOOPS,
    "diamond": _OF_LOOPS,
    "square": _OF_LOOPS,
    "random-walk": ("duration_us", "speed_px_s"),
    "drift-microsaccade": ("duration_us", "drift_px2_s", "microsaccade_px", "microsaccade_hz"),
}
"""All paths by name, and which settings each knows; a file knows none."""
PATHS = tuple(SETTINGS_OF)
_OF_PATHS = tuple(dict.fromkeys(name for names in SETTINGS_OF.values() for name in names))


class MotionSettings(BaseModel):
    """How a still image is moved and lit. A field that is None has the number of its path."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    path: str = Field(
        "triangle",
        description=f"{', '.join(PATHS)}, or a .csv file with t_us,x_px,y_px.",
        json_schema_extra={"unit": ""},
    )
    amplitude_px: float | None = Field(
        None,
        gt=0,
        le=10_000,
        description="Width of a triangle, diamond or square.",
        json_schema_extra={"unit": "px"},
    )
    duration_us: int | None = Field(
        None,
        ge=1,
        le=10**12,
        description="Time of one loop of a triangle, diamond or square, or of all of a drawn path.",
        json_schema_extra={"unit": "us"},
    )
    loops: int | None = Field(
        None,
        ge=1,
        le=1_000_000,
        description="How often a triangle, diamond or square is gone through.",
        json_schema_extra={"unit": "1"},
    )
    profile: Profile | None = Field(
        None,
        description="Speed of a triangle, diamond or square: minimum-jerk (a bell) or constant.",
        json_schema_extra={"unit": ""},
    )
    speed_px_s: float | None = Field(
        None,
        gt=0,
        le=1e6,
        description="Middle speed of a random walk.",
        json_schema_extra={"unit": "px/s"},
    )
    drift_px2_s: float | None = Field(
        None,
        ge=0,
        le=1e6,
        description="Diffusion of the drift between microsaccades.",
        json_schema_extra={"unit": "px^2/s"},
    )
    microsaccade_px: float | None = Field(
        None,
        gt=0,
        le=10_000,
        description="Mean length of a microsaccade.",
        json_schema_extra={"unit": "px"},
    )
    microsaccade_hz: float | None = Field(
        None,
        ge=0,
        le=6.6,
        description="Mean rate of microsaccades.",
        json_schema_extra={"unit": "Hz"},
    )
    run_in_us: int = Field(
        0,
        ge=0,
        le=10**12,
        description="The image moves for so long before the recording begins: a closed path is "
        "repeated, an open one gone through backwards.",
        json_schema_extra={"unit": "us"},
    )
    aim_spread_px: float = Field(
        0.0,
        ge=0,
        le=1000,
        description="Standard deviation of where the camera aims, along each axis; drawn for each "
        "recording.",
        json_schema_extra={"unit": "px"},
    )
    scale: float | None = Field(
        None,
        gt=0,
        le=1000,
        description="Sensor pixels per image pixel; by default the image covers the sensor.",
        json_schema_extra={"unit": "1"},
    )
    blur_px: float = Field(
        0.0,
        ge=0,
        le=MOST_BLUR_PX,
        description="Standard deviation of the blur of the optics.",
        json_schema_extra={"unit": "px"},
    )
    step_px: float = Field(
        STEP_PX,
        ge=FINEST_PX,
        le=100,
        description="Largest displacement between two frames.",
        json_schema_extra={"unit": "px"},
    )
    outside: Outside = Field(
        "edge",
        description="What lies beyond the image: edge (it goes on), black, or refuse (an error).",
        json_schema_extra={"unit": ""},
    )
    negative: bool = Field(
        False,
        description="Show the image with black and white swapped.",
        json_schema_extra={"unit": ""},
    )
    brightness: float = Field(
        1.0,
        gt=0,
        le=1000,
        description="Factor on the luminance of the image.",
        json_schema_extra={"unit": "1"},
    )
    ambient_dn: float = Field(
        0.0,
        ge=0,
        le=100_000,
        description="Luminance of room light over the image, white is 255.",
        json_schema_extra={"unit": "DN"},
    )
    flicker_hz: float = Field(
        0.0,
        ge=0,
        le=10_000,
        description="Frequency of the flicker of the light.",
        json_schema_extra={"unit": "Hz"},
    )
    flicker_depth: float = Field(
        0.0,
        ge=0,
        lt=1,
        description="Amplitude of the flicker, as a share of the mean.",
        json_schema_extra={"unit": "1"},
    )
    variant: str | None = Field(
        None,
        description=f"Path and light by name: {', '.join(VARIANTS)}. Other settings beat it.",
        json_schema_extra={"unit": ""},
    )

    @model_validator(mode="before")
    @classmethod
    def _with_variant(cls, values: Any) -> Any:
        """Put what the variant says below what is given."""
        variant = values.get("variant") if isinstance(values, dict) else None
        if variant is None:
            return values
        if variant not in VARIANTS:
            raise ValueError(
                f"there is no variant {variant!r}. {nearest(str(variant), list(VARIANTS))}"
            )
        return {**VARIANTS[variant], **values}

    @model_validator(mode="after")
    def _consistent(self) -> "MotionSettings":
        if self.path not in PATHS and not self.path.lower().endswith(".csv"):
            hint = nearest(self.path, list(PATHS))
            raise ValueError(f"there is no path {self.path!r}, and it is no .csv file. {hint}")
        known = SETTINGS_OF.get(self.path, ())
        for name in _OF_PATHS:
            if getattr(self, name) is not None and name not in known:
                takes = f"takes {', '.join(known)}" if known else "has numbers of its own"
                raise ValueError(f"{name} is no setting of the path {self.path!r}, which {takes}")
        if (self.flicker_hz > 0) != (self.flicker_depth > 0):
            raise ValueError(
                "flicker_hz and flicker_depth must both be zero or both be positive, found "
                f"{self.flicker_hz:g} and {self.flicker_depth:g}"
            )
        return self


def make_motion_settings(values: Mapping[str, Any]) -> MotionSettings:
    """Settings from names and values, with errors a person can act on.

    Parameters
    ----------
    values : mapping of str to value
        Names as in `MotionSettings`; what is left out keeps its default.

    Raises
    ------
    ConfigError
        For an unknown name, a value out of range, or values that contradict each other.
    """
    known = list(MotionSettings.model_fields)
    for name in values:
        if name not in known:
            raise ConfigError(f"there is no setting {name!r} of a path. {nearest(name, known)}")
    try:
        return MotionSettings(**values)
    except ValidationError as error:
        raise ConfigError(f"{first_complaint(error)}.") from error
