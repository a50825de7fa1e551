"""Settings of a camera from a recording of it: the simulation that has the same statistics.

Method of simulated moments (McFadden 1989): statistics of the recording are compared with those of
a simulation of the same frames, and the settings are those with the least weighted squares of
differences. The random numbers of the simulation stay the same, so that its statistics are smooth
in the settings; their weights, and how far the settings can be trusted, come from how much the
statistics differ from one part of the array to the other.

Source: D. McFadden, "A method of simulated moments for estimation of discrete response models
without numerical integration", Econometrica 57(5), 1989.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from eventsim.camera import Camera
from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.frames import FrameSource
from eventsim.realism.moments import (
    Light,
    Moments,
    motion_moments,
    noise_moments,
    parts_of,
    without_hot,
)
from eventsim.simulator import simulate_source

Numbers = NDArray[np.float64]

NOISE = ("leak_rate_hz", "shot_noise_rate_hz", "noise_rate_spread_decades")
"""What a still scene tells."""
ALL = (
    "contrast_threshold_on", "contrast_threshold_off", "refractory_period_us",
    "photoreceptor_cutoff_hz", *NOISE,
)  # fmt: skip
"""What frames and events tell together."""
LIMITS = {
    "contrast_threshold_on": (0.03, 3.0), "contrast_threshold_off": (0.03, 3.0),
    "refractory_period_us": (1.0, 1e5), "photoreceptor_cutoff_hz": (1.0, 1e5),
    "leak_rate_hz": (1e-3, 100.0), "shot_noise_rate_hz": (1e-3, 100.0),
    "noise_rate_spread_decades": (0.01, 1.0),
}  # fmt: skip
"""Between which a setting is looked for. Chosen by eye: wider than all sensor cards."""
FIRST = {"refractory_period_us": 300.0, "photoreceptor_cutoff_hz": 300.0, "leak_rate_hz": 0.1,
         "shot_noise_rate_hz": 0.1, "noise_rate_spread_decades": 0.2}  # fmt: skip
"""Where the search begins for what the card has switched off."""
STEPS = (0.2, 0.2, 0.15, 0.1, 0.1)
"""Of the logarithms of the settings, for derivatives: coarse first, and always above what single
events make rough."""
TRIED = 4
"""Simulations that are tried for each of these, but for those of derivatives; weights are found
anew for each."""
LEAST_SD = 0.005
"""Of a statistic: nothing is known better than half a percent."""


@dataclass(frozen=True)
class Setting:
    """A setting that was fitted.

    Attributes
    ----------
    value : float
    low, high : float
        Its 95 % interval, from how much parts of the array differ.
    at_limit : bool
        Whether the fit went to where it is looked for no further: then the recording says only
        that the effect is small or large.
    """

    value: float
    low: float
    high: float
    at_limit: bool


@dataclass(frozen=True)
class Calibration:
    """What a calibration found.

    Attributes
    ----------
    camera : Camera
    settings : dict of str to Setting
    before, after : float
        Root mean square of the differences in statistics, in standard deviations, of the camera it
        began with and of that which was found; 1 is as good as chance allows.
    simulations : int
    """

    camera: Camera
    settings: dict[str, Setting]
    before: float
    after: float
    simulations: int


def calibrate(  # noqa: PLR0913 - what a fit needs
    events: Events,
    light: Light,
    source: Callable[[], FrameSource],
    start: Camera,
    names: Sequence[str] = ALL,
    *,
    seed: int = 1,
    threads: int | None = None,
    step: Callable[[int, float], None] | None = None,
) -> Calibration:
    """Find the settings with which the frames make such events.

    Parameters
    ----------
    events : Events
        Recorded, on the time line of the frames.
    light : Light
        From `look_at`, or `still`.
    source : callable
        Gives the frames anew each time.
    start : Camera
        Where to begin; what is not fitted stays as it is.
    names : sequence of str
        Settings to fit, of `ALL`.
    seed : int
        Of the simulations.
    threads : int, optional
        Of the pixel kernels.
    step : callable, optional
        Called now and then with the number of simulations and the present difference.

    Returns
    -------
    Calibration

    Raises
    ------
    ConfigError
        For an unknown name, too few events, or no pixels that could tell.
    """
    _check(events, light, names)
    events, hot = without_hot(events, light)
    start = start.changed({"hot_pixel_fraction": 0.0, "hot_pixel_rate_hz": 0.0})
    values = {n: float(start.values[n]) or FIRST[n] for n in names}
    first = np.log([np.clip(values[n], *LIMITS[n]) for n in names])
    parts = parts_of(light, seed)
    low, high = np.log([LIMITS[n] for n in names]).T
    best = np.clip(first, low + 1e-3, high - 1e-3)
    done = 0

    def make(logs: Numbers) -> Events:
        nonlocal done
        camera = start.changed(_settings(names, logs))
        packets = simulate_source(source(), camera, seed=seed, threads=threads)
        done += 1
        return Events.concatenate([packet.events for packet in packets], events.size)

    # What quiet pixels do tells of the noise, and what others do of the rest.
    quiet = np.array([name in NOISE for name in names])
    halves = [
        _Half(of, np.flatnonzero(chosen), events, light, parts)
        for of, chosen in ((noise_moments, quiet), (motion_moments, ~quiet))
        if chosen.any()
    ]
    before = _apart(halves, make(best))
    path = [best]
    for h in STEPS:
        for half in halves:
            best = half.improve(make, best, (low, high), h)
            if step:
                step(done, _apart(halves, make(best)))
        path.append(best)
    made = make(best)
    sd = np.zeros(len(names))
    for half in halves:
        sd[half.places] = half.uncertainty(made)
    # And what the last stages still moved.
    sd = np.hypot(sd, np.std(path[-3:], axis=0, ddof=1))
    after = _apart(halves, made)
    settings = {}
    for k, name in enumerate(names):
        value, reach = float(np.exp(best[k])), float(np.exp(min(1.96 * sd[k], 20.0)))
        edge = bool(min(best[k] - low[k], high[k] - best[k]) < 0.05)
        settings[name] = Setting(value, value / reach, value * reach, edge)
    camera = start.changed({**_settings(names, best), **hot})
    return Calibration(camera, settings, before, after, done)


def _settings(names: Sequence[str], logs: Numbers) -> dict[str, float]:
    values = dict(zip(names, np.exp(logs).tolist(), strict=True))
    if "refractory_period_us" in values:
        values["refractory_period_us"] = round(values["refractory_period_us"])
    return values


class _Half:
    """Some settings, and the statistics that tell of them."""

    def __init__(
        self,
        of: Moments,
        places: NDArray[np.int64],
        events: Events,
        light: Light,
        parts: Sequence[NDArray[np.bool_]],
    ) -> None:
        self.places, self._of, self._light, self._parts = places, of, light, parts
        self._whole = np.logical_or.reduce(parts)
        self._wanted = of(events, light, self._whole)
        self._of_parts = np.array([of(events, light, part) for part in parts])
        self._scale = _scale(self._of_parts)
        self._slopes = np.zeros((self._wanted.size, places.size))

    def apart(self, made: Events) -> Numbers:
        """Differences of the statistics of a simulation, in standard deviations."""
        found: Numbers = (self._of(made, self._light, self._whole) - self._wanted) / self._scale
        return found

    def improve(
        self,
        make: Callable[[Numbers], Events],
        logs: Numbers,
        limits: tuple[Numbers, Numbers],
        h: float,
    ) -> Numbers:
        """Logarithms of all settings, with those of this half nearer to the recording."""
        # What both have in common by the scene does not scatter: the weight is that of the rest.
        self._scale = _scale(self._parts_apart(make(logs)))
        low, high = (limit[self.places] for limit in limits)
        begin = np.clip(logs[self.places], low + 1e-3, high - 1e-3)

        def differences(moved: Numbers) -> Numbers:
            changed = logs.copy()
            changed[self.places] = begin + moved
            return self.apart(make(changed))

        def slopes(moved: Numbers) -> Numbers:
            units = np.eye(moved.size) * h
            here = np.minimum(moved, high - begin - h)
            rows = [differences(here + u) - differences(here - u) for u in units]
            self._slopes = np.array(rows).T / (2 * h)
            return self._slopes

        # It begins at zero, so that its first step may be a factor of e.
        fit = least_squares(
            differences, np.zeros(begin.size), slopes, bounds=(low - begin, high - begin),
            max_nfev=TRIED,
        )  # fmt: skip
        better = logs.copy()
        better[self.places] = begin + fit.x
        return better

    def uncertainty(self, made: Events) -> Numbers:
        """Standard deviations of the logarithms of the settings."""
        # What each part of the array alone would change: statistics scatter together.
        apart = self._parts_apart(made) / self._scale
        pulls = apart @ np.linalg.pinv(self._slopes).T
        sd: Numbers = pulls.std(axis=0, ddof=1) / np.sqrt(len(self._parts))
        return sd

    def _parts_apart(self, made: Events) -> Numbers:
        rows = [self._of(made, self._light, part) for part in self._parts]
        found: Numbers = np.array(rows) - self._of_parts
        return found


def _scale(of_parts: Numbers) -> Numbers:
    """Standard deviation of each statistic of the whole array."""
    sd: Numbers = of_parts.std(axis=0, ddof=1) / np.sqrt(len(of_parts))
    least: Numbers = np.maximum(sd, LEAST_SD)
    return least


def _apart(halves: Sequence[_Half], made: Events) -> float:
    """Root mean square of all differences, in standard deviations."""
    return float(np.sqrt(np.mean(np.concatenate([half.apart(made) for half in halves]) ** 2)))


def _check(events: Events, light: Light, names: Sequence[str]) -> None:
    unknown = [name for name in names if name not in ALL]
    if unknown or not names:
        raise ConfigError(f"calibrated can be {', '.join(ALL)}, found {unknown or 'none'}.")
    inside = (events.t > light.start_us) & (events.t <= light.stop_us)
    if inside.sum() < 1000:
        raise ConfigError(
            f"a calibration needs 1,000 events at the times of the frames or more, found "
            f"{int(inside.sum())}. Check that both have one time line."
        )
    for asked, some, words in (
        ([name for name in names if name in NOISE], light.quiet, "rest"),
        ([name for name in names if name not in NOISE], light.active, "see motion"),
    ):
        if asked and not some.any():
            raise ConfigError(
                f"a calibration of {', '.join(asked)} needs pixels that {words}, found none. Give "
                "a longer recording, or fit less."
            )
