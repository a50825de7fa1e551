"""What can be typed for still images, and which of it belongs to which method."""

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from eventsim.cli.options import STILL, CameraFlags, FrameFlags, parse_size
from eventsim.errors import ConfigError
from eventsim.events import SensorSize

if TYPE_CHECKING:
    from eventsim.pipeline.image_plan import I2EMethod, SaccadeMethod

_OF_I2E = ("ratio", "rate", "directions", "order", "padding")
_OF_SACCADE = ("motion", "variant", "move")
_OF_IMAGES = ("limit",)


@Parameter(name="*", group=STILL)
@dataclass(frozen=True)
class ImageFlags:
    """How still images become events.

    Parameters
    ----------
    method
        How inputs become events. video: they are frames in order of time. i2e: each image becomes
        eight binary planes of events. saccade: each image moves in front of the camera.
    ratio
        For i2e: threshold as a fraction of the range of pixel values. Default: 0.12.
    rate
        For i2e: event density (fraction of ones) to reach, instead of a ratio.
    directions
        For i2e: default, or random for each image.
    order
        For i2e: temporal order of the eight shifts, 0 to 5. Default: 4.
    padding
        For i2e: replicate (default), reflect or zero.
    motion
        For saccade: triangle (default), diamond, square, random-walk, drift-microsaccade, or a .csv
        file with columns t_us,x_px,y_px.
    variant
        For saccade: one of ten recording conditions; `eventsim ls` lists them.
    move
        For saccade: one setting of the motion or the light as name=value, such as amplitude_px=5;
        can be repeated. `eventsim ls` lists them.
    limit
        Use only the first N images of each input.
    """

    method: Literal["video", "i2e", "saccade"] = "video"
    ratio: float | None = None
    rate: float | None = None
    directions: Literal["default", "random"] | None = None
    order: int | None = None
    padding: Literal["replicate", "reflect", "zero"] | None = None
    motion: str | None = None
    variant: str | None = None
    move: Annotated[tuple[str, ...], Parameter(negative="")] = ()
    limit: int | None = None

    def given(self, names: tuple[str, ...]) -> dict[str, Any]:
        """Those of some options that were typed."""
        return {n: getattr(self, n) for n in names if getattr(self, n) not in (None, ())}

    def refuse_all(self) -> None:
        """Say that still images need a method, if an option of theirs was typed.

        Raises
        ------
        ConfigError
            If one was.
        """
        given = self.given((*_OF_I2E, *_OF_SACCADE, *_OF_IMAGES))
        if given:
            raise ConfigError(
                f"--{next(iter(given))} is for still images. Add --method i2e or --method saccade."
            )

    def make_method(self, camera: CameraFlags) -> "I2EMethod | SaccadeMethod":
        """Put what was typed into the pipeline's words.

        Raises
        ------
        ConfigError
            For an option of the other method, or a wrong value.
        """
        from eventsim.pipeline.image_plan import I2EMethod, SaccadeMethod

        if self.method == "i2e":
            self._refuse_other(_OF_SACCADE, "saccade")
            _refuse_camera(camera)
            from eventsim.planes.settings import make_i2e_settings

            if self.ratio is not None and self.rate is not None:
                raise ConfigError("--ratio and --rate exclude each other, found both. Drop one.")
            return I2EMethod(make_i2e_settings(**self.given(_OF_I2E)))
        self._refuse_other(_OF_I2E, "i2e")
        from eventsim.motion.from_settings import make_motion_settings

        values = parse_moves(self.move)
        if self.motion is not None:
            values["path"] = self.motion
        if self.variant is not None:
            values["variant"] = self.variant
        return SaccadeMethod(make_motion_settings(values), camera.camera())

    def _refuse_other(self, names: tuple[str, ...], method: str) -> None:
        given = self.given(names)
        if given:
            raise ConfigError(
                f"--{next(iter(given))} belongs to --method {method}, found --method "
                f"{self.method}. Drop one of the two."
            )


def image_size(
    frames: FrameFlags, method: str
) -> tuple[SensorSize | None, Literal["stretch", "crop"]]:
    """Size and fit of still images; other options of frames are refused.

    Raises
    ------
    ConfigError
        If an option of videos was typed.
    """
    plain = FrameFlags()
    wrong = [
        f.name
        for f in fields(FrameFlags)
        if f.name not in ("size", "fit") and getattr(frames, f.name) != getattr(plain, f.name)
    ]
    if wrong:
        raise ConfigError(f"--{wrong[0]} is for videos, found it with --method {method}. Drop it.")
    if frames.fit == "pad":
        raise ConfigError("--fit of still images must be stretch or crop, found 'pad'.")
    size = parse_size(frames.size)
    # What nobody chose is `crop`, which is right for videos; images are resized as a whole.
    return (size if isinstance(size, SensorSize) else None), (
        "stretch" if frames.fit is None else frames.fit
    )


def parse_moves(pairs: tuple[str, ...]) -> dict[str, Any]:
    """Read settings of the motion such as ``amplitude_px=5`` or ``negative=true``.

    Raises
    ------
    ConfigError
        If one is not name=value.
    """
    values: dict[str, Any] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals or not text:
            raise ConfigError(f"--move must be name=value, such as amplitude_px=5, found {pair!r}.")
        values[name.strip()] = _value(text.strip())
    return values


def _value(text: str) -> Any:
    if text in ("true", "false"):
        return text == "true"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _refuse_camera(camera: CameraFlags) -> None:
    plain = CameraFlags()
    for name, flag in (("sensor", "--sensor"), ("noise", "--noise"), ("set_", "--set"),
                       ("settings", "--settings")):  # fmt: skip
        if getattr(camera, name) != getattr(plain, name):
            raise ConfigError(
                f"{flag} belongs to a camera, which --method i2e does not have. Drop it."
            )
