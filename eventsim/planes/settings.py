"""What can be set on I2E: each field with its unit, range, default and meaning."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from eventsim.errors import ConfigError, first_complaint, nearest
from eventsim.planes.directions import DEFAULT_ORDER, ORDERS, Directions

Padding = Literal["replicate", "reflect", "zero"]


class I2ESettings(BaseModel):
    """How an image becomes eight planes of events; defaults as in the authors' code."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    ratio: float = Field(
        0.12,
        gt=0,
        le=1,
        description="Threshold, as a share of the range of values in the image.",
        json_schema_extra={"unit": "1"},
    )
    rate: float | None = Field(
        None,
        gt=0,
        le=0.5,
        description="Share of ones wanted; the threshold of each image is solved for it.",
        json_schema_extra={"unit": "1"},
    )
    directions: Directions = Field(
        "default",
        description="default: the same eight shifts for all; random: drawn for each sample.",
        json_schema_extra={"unit": ""},
    )
    order: int = Field(
        DEFAULT_ORDER,
        ge=0,
        lt=len(ORDERS),
        description="Order of the eight shifts in time.",
        json_schema_extra={"unit": ""},
    )
    padding: Padding = Field(
        "replicate",
        description="What lies around the image: its edge, its mirror, or zeros.",
        json_schema_extra={"unit": ""},
    )

    def most_ones(self, height: int, width: int) -> int:
        """Ones that an image may have at most where a rate is wanted, or -1."""
        return -1 if self.rate is None else int(self.rate * 16 * height * width)


def make_i2e_settings(**values: Any) -> I2ESettings:
    """Settings from names and values, with errors a person can act on.

    Raises
    ------
    ConfigError
        For an unknown name or a value out of range.
    """
    known = list(I2ESettings.model_fields)
    for name in values:
        if name not in known:
            raise ConfigError(f"I2E has no setting {name!r}. {nearest(name, known)}")
    try:
        return I2ESettings(**values)
    except ValidationError as error:
        raise ConfigError(f"{first_complaint(error)}.") from error
