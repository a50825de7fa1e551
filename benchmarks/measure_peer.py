"""The same clips and numbers through EventCV (Rust), in the same run, on one thread each."""

import os
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.metadata import version
from statistics import median
from typing import Any

import numpy as np
from clips import PIXELS, Clip, make_clip, push_clip
from numpy.typing import NDArray
from tables import Table, number
from timing import interleave, ratio, seconds

from eventsim.events import SensorSize
from eventsim.frames import WHITE_DN, Encoding
from eventsim.pixel.array import PixelArray
from eventsim.pixel.models import make_settings

OFF_PIXEL_FRAMES = 20_000_000
"""Of a clip for the peer without upsampling: a second or two; chosen by eye."""
ADAPTIVE_PIXEL_FRAMES = 4_000_000
"""With its adaptive upsampling, which is many times slower; chosen by eye."""
ADAPTIVE_REPEATS = 3

SINE_HZ, SINE_FPS, SINE_S = 8.0, 240.0, 1.025
SINE_LOW_DN, SINE_HALF_DN = 20.0, 100.0
"""Stays above 20 DN, where the peer's lin-log curve is a logarithm as ours is."""
THRESHOLD_LOG = 0.2


def measure_peer(clips: Sequence[Clip], repeats: int) -> list[Table]:
    """Compare speed and exactness; one line if EventCV is not there."""
    # Read when its thread pool starts, which is at the first call.
    os.environ["RAYON_NUM_THREADS"] = "1"
    try:
        eventcv = import_module("eventcv")
    except ImportError:
        note = "EventCV is not installed. Compare with it after: pip install eventcv"
        return [Table("EventCV", ("",), [], [note])]
    simulate: Callable[..., Any] = eventcv.simulate
    return [_speed(simulate, clips, repeats), _exactness(simulate)]


def _speed(simulate: Callable[..., Any], clips: Sequence[Clip], repeats: int) -> Table:
    rows = []
    for clip in clips:
        for preset in PIXELS:
            off = _compare(simulate, _head(clip, OFF_PIXEL_FRAMES), preset, repeats, "off")
            few = min(repeats, ADAPTIVE_REPEATS)
            short = _head(clip, ADAPTIVE_PIXEL_FRAMES)
            rows.append(
                [clip.name, preset, *off, *_compare(simulate, short, preset, few, None)[1:]]
            )
    columns = (
        "clip",
        "preset",
        "eventsim frames/s",
        "EventCV frames/s, no upsampling",
        "ratio",
        "events, EventCV / eventsim",
        "EventCV frames/s, adaptive (its default)",
        "ratio",
        "events, EventCV / eventsim",
    )
    notes = (
        f"EventCV {version('eventcv')}; one thread each, the same frames, thresholds, mismatch, "
        "cutoff, leak and shot noise, no refractory period; whole calls, warm, construction "
        "included. A ratio above 1 means that eventsim is faster.",
        f"The first {OFF_PIXEL_FRAMES // 1_000_000} million pixel-frames of each clip without "
        f"upsampling ({repeats} interleaved rounds), {ADAPTIVE_PIXEL_FRAMES // 1_000_000} million "
        f"with it ({min(repeats, ADAPTIVE_REPEATS)} rounds).",
    )
    return Table("EventCV beside eventsim: speed", columns, rows, notes)


def _head(clip: Clip, pixel_frames: int) -> Clip:
    return clip.head(2 + pixel_frames // (clip.size.width * clip.size.height))


def _compare(
    simulate: Callable[..., Any], clip: Clip, preset: str, repeats: int, upsample: str | None
) -> list[str]:
    settings = make_settings(PIXELS[preset])
    counts: dict[str, int] = {}

    def ours() -> None:
        counts["ours"] = push_clip(clip, settings, threads=1).events

    def theirs() -> None:
        made = simulate(clip.frames, fps=clip.fps, upsample=upsample, **peer_numbers(preset))
        counts["theirs"] = len(made)

    push_clip(clip.head(3), settings, threads=1)
    simulate(clip.frames[:3], fps=clip.fps, upsample="off", **peer_numbers(preset))
    times = interleave({"ours": seconds(ours), "theirs": seconds(theirs)}, repeats)
    intervals = len(clip.frames) - 1
    return [
        number(intervals / median(times["ours"])),
        number(intervals / median(times["theirs"])),
        number(ratio(times["theirs"], times["ours"])),
        number(counts["theirs"] / counts["ours"]) if counts["ours"] else "-",
    ]


def peer_numbers(preset: str) -> dict[str, float]:
    """Give a preset in the peer's words."""
    settings = make_settings(PIXELS[preset])
    return {
        "pos_thres": settings.contrast_threshold_on,
        "neg_thres": settings.contrast_threshold_off,
        "sigma_thres": settings.threshold_mismatch,
        "cutoff_hz": settings.photoreceptor_cutoff_hz,
        "leak_rate_hz": settings.leak_rate_hz,
        "shot_noise_rate_hz": settings.shot_noise_rate_hz,
        "refractory_us": settings.refractory_period_us,
    }


def _exactness(simulate: Callable[..., Any]) -> Table:
    clip = sine_clip()
    truth_us, truth_on = sine_truth()
    settings = make_settings({f"contrast_threshold_{p}": THRESHOLD_LOG for p in ("on", "off")})
    ours = PixelArray(clip.size, settings, Encoding("srgb")).push(clip.frames, clip.t_us).events
    results = {"eventsim": (ours.t, ours.p)}
    quiet = dict.fromkeys(peer_numbers("v2e-clean"), 0.0)
    quiet |= {"pos_thres": THRESHOLD_LOG, "neg_thres": THRESHOLD_LOG, "refractory_us": 0}
    for name, upsample in (("EventCV, no upsampling", "off"), ("EventCV, adaptive", None)):
        made = simulate(clip.frames, fps=clip.fps, upsample=upsample, **quiet).numpy()
        results[name] = (made[:, 2].astype(np.int64), made[:, 3] > 0)
    pixels = clip.size.width * clip.size.height
    rows = []
    for name, (t_us, on) in results.items():
        error_us = time_errors(t_us, on, truth_us, truth_on)
        rows.append(
            [
                name,
                number(len(t_us) / pixels),
                number(float(np.median(error_us))),
                number(float(np.quantile(error_us, 0.95))),
            ]
        )
    rows.append(["exact", str(len(truth_us)), "0", "0"])
    notes = (
        f"A full field of {SINE_LOW_DN:g} + {SINE_HALF_DN:g} (1 + sin(2 pi {SINE_HZ:g} t)) DN for "
        f"{SINE_S:g} s in 8-bit sRGB frames, {SINE_FPS:g} per second; thresholds "
        f"{THRESHOLD_LOG:g}, no filter, no noise. Exact: the logarithm followed in steps of 1 us. "
        "Errors are to the "
        "nearest exact event of the same polarity; those of 8-bit rounding are in all of them.",
    )
    columns = ("simulator", "events per pixel", "median |time error|, us", "95 % below, us")
    return Table("EventCV beside eventsim: exactness of times", columns, rows, notes)


def sine_dn(t_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Luminance of the field, linear DN."""
    return SINE_LOW_DN + SINE_HALF_DN * (1 + np.sin(2 * np.pi * SINE_HZ * t_s))


def sine_clip() -> Clip:
    """Sample the field as an 8-bit sRGB camera would (IEC 61966-2-1)."""
    t_s = np.linspace(0.0, SINE_S, round(SINE_S * SINE_FPS) + 1, dtype=np.float64)
    linear = sine_dn(t_s) / WHITE_DN
    coded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    codes = np.round(coded * 255).astype(np.uint8)
    size = SensorSize(16, 16)
    frames = np.broadcast_to(codes[:, None, None], (len(codes), size.height, size.width))
    return make_clip("sine", np.ascontiguousarray(frames), SINE_FPS)


def sine_truth() -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Follow the logarithm in steps of 1 us; the reference moves by one threshold an event."""
    t_us = np.arange(round(SINE_S * 1e6) + 1, dtype=np.float64)
    level = np.log(sine_dn(t_us * 1e-6)).tolist()
    reference = level[0]
    times, on = [], []
    for t, value in enumerate(level):
        while abs(value - reference) >= THRESHOLD_LOG:
            rose = value > reference
            reference += THRESHOLD_LOG if rose else -THRESHOLD_LOG
            times.append(t)
            on.append(rose)
    return np.array(times, np.int64), np.array(on, np.bool_)


def time_errors(
    t_us: NDArray[np.int64],
    on: NDArray[np.bool_],
    truth_us: NDArray[np.int64],
    truth_on: NDArray[np.bool_],
) -> NDArray[np.int64]:
    """Distance of each event from the nearest true one of its polarity, microseconds."""
    errors = []
    for polarity in (False, True):
        wanted, found = truth_us[truth_on == polarity], t_us[on == polarity]
        after = np.clip(np.searchsorted(wanted, found), 1, len(wanted) - 1)
        near = np.minimum(np.abs(found - wanted[after]), np.abs(found - wanted[after - 1]))
        errors.append(near)
    return np.concatenate(errors)
