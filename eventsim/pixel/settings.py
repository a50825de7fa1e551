"""What can be set on a pixel: each field with its unit, range, default and meaning.

Beside them stand their names in other simulators: v2e's `EventEmulator`, ESIM's settings, the
`EventSimulator` of Metavision's SDK and EventCV's `simulate`.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

MIN_CONTRAST_THRESHOLD_LOG = 0.01
"""Smallest threshold that a pixel can be drawn with (v2e clamps at the same value)."""


BURST_US = 900.0
"""Between the events of a burst: .9 ms were measured at a hot pixel of N-MNIST's ATIS, in 700
recordings, whose bursts have one sign each, three or four events, and alternate."""


def _unit(unit: str, **elsewhere: str) -> dict[str, JsonValue]:
    """Unit of a setting, and its names in other simulators."""
    return {"unit": unit, "elsewhere": dict(elsewhere)}


class PixelSettings(BaseModel):
    """Physics of the pixel. All contrast thresholds are in natural-log units of luminance."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    model: Literal["closed-form"] = Field(
        "closed-form",
        description="Pixel model: closed-form has all effects, linear has thresholds alone.",
        json_schema_extra={"unit": ""},
    )
    contrast_threshold_on: float = Field(
        0.2,
        ge=MIN_CONTRAST_THRESHOLD_LOG,
        le=5,
        description="Rise of log luminance that makes an ON event.",
        json_schema_extra=_unit(
            "ln",
            v2e="pos_thres",
            ESIM="contrast_threshold_pos",
            Metavision="Cp",
            EventCV="pos_thres",
        ),
    )
    contrast_threshold_off: float = Field(
        0.2,
        ge=MIN_CONTRAST_THRESHOLD_LOG,
        le=5,
        description="Fall of log luminance that makes an OFF event.",
        json_schema_extra=_unit(
            "ln",
            v2e="neg_thres",
            ESIM="contrast_threshold_neg",
            Metavision="Cn",
            EventCV="neg_thres",
        ),
    )
    threshold_mismatch: float = Field(
        0.0,
        ge=0,
        le=1,
        description="Standard deviation of the thresholds from pixel to pixel.",
        json_schema_extra=_unit(
            "ln",
            v2e="sigma_thres",
            ESIM="contrast_threshold_sigma_pos",
            Metavision="sigma_threshold",
            EventCV="sigma_thres",
        ),
    )
    photoreceptor_cutoff_hz: float = Field(
        0.0,
        ge=0,
        le=1e6,
        description="3 dB cutoff of the photoreceptor at white, lower in the dark; 0 = no limit.",
        json_schema_extra=_unit("Hz", v2e="cutoff_hz", Metavision="cutoff_hz", EventCV="cutoff_hz"),
    )
    illuminance_lux: float = Field(
        0.0,
        ge=0,
        le=1e6,
        description="Illuminance of the scene: a white surface has so much. Shot noise and a slow "
        "photoreceptor come with the dark, leakage with light; 0 = as the card says, at 161 lux.",
        json_schema_extra=_unit("lux"),
    )
    leak_rate_hz: float = Field(
        0.0,
        ge=0,
        le=1e4,
        description="Rate of the ON events that leakage causes in a pixel at rest.",
        json_schema_extra=_unit(
            "Hz", v2e="leak_rate_hz", Metavision="leak_rate_hz", EventCV="leak_rate_hz"
        ),
    )
    leak_jitter: float = Field(
        0.0,
        ge=0,
        le=1,
        description="Standard deviation of a leak interval, as a fraction of its mean.",
        json_schema_extra=_unit("1", v2e="leak_jitter_fraction"),
    )
    noise_rate_spread_decades: float = Field(
        0.0,
        ge=0,
        le=1,
        description="Spread (log10 standard deviation) of leak and shot rates over the pixels.",
        json_schema_extra=_unit("decades", v2e="noise_rate_cov_decades"),
    )
    shot_noise_rate_hz: float = Field(
        0.0,
        ge=0,
        le=1e4,
        description="Rate of shot noise events (ON and OFF) in the dark; a quarter of it at white.",
        json_schema_extra=_unit(
            "Hz",
            v2e="shot_noise_rate_hz",
            Metavision="shot_noise_rate_hz",
            EventCV="shot_noise_rate_hz",
        ),
    )
    refractory_period_us: int = Field(
        0,
        ge=0,
        le=10_000_000,
        description="Dead time of a pixel after an event, at whose end it takes a new reference.",
        json_schema_extra=_unit(
            "us",
            v2e="refractory_period_s",
            ESIM="refractory_period_ns",
            Metavision="refractory_period",
            EventCV="refractory_us",
        ),
    )
    hot_pixel_fraction: float = Field(
        0.0,
        ge=0,
        le=1,
        description="Share of pixels that fire ON events without a cause.",
        json_schema_extra={"unit": "1"},
    )
    hot_pixel_rate_hz: float = Field(
        0.0,
        ge=0,
        le=1e5,
        description="Rate of the events of a hot pixel.",
        json_schema_extra={"unit": "Hz"},
    )
    hot_pixel_on_share: float = Field(
        1.0,
        ge=0,
        le=1,
        description="Share of ON among the events of a hot pixel.",
        json_schema_extra={"unit": "1"},
    )
    hot_pixel_burst: float = Field(
        1.0,
        ge=1,
        le=1000,
        description="Mean number of events of a burst of a hot pixel, of one sign and 0.9 ms apart:"
        " its light jumps between two levels.",
        json_schema_extra={"unit": "1"},
    )
    device_seed: int = Field(
        1,
        ge=0,
        le=(1 << 63) - 1,
        description="Seed of what is peculiar to a device, such as the mismatch of its pixels and "
        "which are hot; 0 = each recording has a device of its own.",
        json_schema_extra={"unit": ""},
    )
    device_map: str = Field(
        "",
        description="A .csv of a measured device, with thresholds, noise and hot pixels, in place "
        "of those that are drawn.",
        json_schema_extra={"unit": ""},
    )

    @model_validator(mode="after")
    def _consistent(self) -> "PixelSettings":
        lowest = min(self.contrast_threshold_on, self.contrast_threshold_off)
        if self.threshold_mismatch > lowest:
            raise ValueError(
                f"threshold_mismatch must not exceed the contrast thresholds (the smaller is "
                f"{lowest:g}), found {self.threshold_mismatch:g}"
            )
        if self.hot_pixel_fraction > 0 and self.hot_pixel_rate_hz == 0:
            raise ValueError(
                f"a hot_pixel_fraction of {self.hot_pixel_fraction:g} needs a hot_pixel_rate_hz "
                "above 0 (or set hot_pixel_fraction to 0)"
            )
        if self.hot_pixel_burst > 1 and self.hot_pixel_rate_hz * BURST_US * 1e-6 >= 1:
            raise ValueError(
                f"a hot pixel that fires in bursts must fire below {1e6 / BURST_US:.0f} Hz, found "
                f"a hot_pixel_rate_hz of {self.hot_pixel_rate_hz:g}"
            )
        if self.hot_pixel_rate_hz * self.refractory_period_us * 1e-6 > 1:
            raise ValueError(
                f"a hot pixel cannot fire at {self.hot_pixel_rate_hz:g} Hz with a "
                f"refractory_period_us of {self.refractory_period_us}"
            )
        return self


CARD_NOISE = "card"
"""Word for the noise that the sensor card has, in place of that of a preset."""

PRESETS: dict[str, dict[str, float]] = {
    "v2e-clean": {
        "threshold_mismatch": 0.02,
        "leak_rate_hz": 0,
        "leak_jitter": 0,
        "noise_rate_spread_decades": 0,
        "shot_noise_rate_hz": 0,
        "hot_pixel_fraction": 0,
        "hot_pixel_rate_hz": 0,
    },
    "v2e-noisy": {
        "threshold_mismatch": 0.05,
        "leak_rate_hz": 0.1,
        "leak_jitter": 0.1,
        "noise_rate_spread_decades": 0.1,
        "shot_noise_rate_hz": 5,
        "hot_pixel_fraction": 0,
        "hot_pixel_rate_hz": 0,
    },
}
"""Noise presets, with the numbers of v2e's ``--dvs_params clean`` and ``noisy``
(SensorsINI/v2e, ``v2ecore/emulator.py: set_dvs_params``, commit cac6384).

Only noise and mismatch: the 3 dB cutoff of the photoreceptor (v2e: none in ``clean``, 30 Hz in
``noisy``) and the refractory period are no noise, and stay those of the sensor."""
