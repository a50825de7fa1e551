"""v2e beside eventsim: frames per second. Its checkout is given by path, and is none of ours."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

from clips import PIXELS, Clip, push_clip
from tables import Table, number
from timing import interleave, ratio, seconds

from eventsim.frames import Encoding
from eventsim.pixel.models import make_settings

PIXEL_FRAMES = 2_000_000
"""Of each clip: v2e takes a tenth of a second and more for a million; chosen by eye."""
COLUMNS = (
    "clip",
    "preset",
    "eventsim frames/s",
    "v2e frames/s",
    "ratio",
    "events, v2e / eventsim",
)


def measure_v2e(clips: Sequence[Clip], folder: Path | None, repeats: int) -> list[Table]:
    """Time both on the beginning of each clip; without a checkout, say how to give one."""
    if folder is None:
        note = "No checkout of v2e was given: --v2e FOLDER (github.com/SensorsINI/v2e)"
        return [Table("v2e", ("",), [], [note])]
    with importable(folder):
        emulator = import_module("v2ecore.emulator").EventEmulator
    rows = []
    for clip in clips:
        short = clip.head(2 + PIXEL_FRAMES // (clip.size.width * clip.size.height))
        rows += [_compare(emulator, short, preset, repeats) for preset in PIXELS]
    notes = (
        "v2e's EventEmulator on the CPU, with as many threads as PyTorch takes, and eventsim with "
        "one; the same frames, taken as linear, as v2e does; the numbers of v2e's own presets, but "
        "no refractory period. Whole calls, construction included; the first "
        f"{PIXEL_FRAMES // 1_000_000} million pixel-frames, {repeats} interleaved rounds.",
    )
    return [Table("v2e beside eventsim: speed", COLUMNS, rows, notes)]


@contextmanager
def importable(folder: Path) -> Iterator[None]:
    """Let a folder be searched for modules, for a moment."""
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))


def emulate(emulator: Callable[..., Any], clip: Clip, preset: str) -> int:
    """Push a clip through v2e's emulator; gives the number of events."""
    values = make_settings(PIXELS[preset])
    pixels = emulator(
        pos_thres=values.contrast_threshold_on,
        neg_thres=values.contrast_threshold_off,
        sigma_thres=values.threshold_mismatch,
        cutoff_hz=values.photoreceptor_cutoff_hz,
        leak_rate_hz=values.leak_rate_hz,
        leak_jitter_fraction=values.leak_jitter,
        noise_rate_cov_decades=values.noise_rate_spread_decades,
        shot_noise_rate_hz=values.shot_noise_rate_hz,
        refractory_period_s=0,
        seed=1,
        device="cpu",
    )
    count = 0
    for frame, t_us in zip(clip.frames, clip.t_us.tolist(), strict=True):
        events = pixels.generate_events(frame, t_us * 1e-6)
        count += 0 if events is None else len(events)
    return count


def _compare(emulator: Callable[..., Any], clip: Clip, preset: str, repeats: int) -> list[str]:
    settings, counts = make_settings(PIXELS[preset]), {"ours": 0, "theirs": 0}

    def ours() -> None:
        run = push_clip(clip, settings, threads=1, encoding=Encoding("linear"))
        counts["ours"] = run.events

    def theirs() -> None:
        counts["theirs"] = emulate(emulator, clip, preset)

    ours()
    times = interleave({"ours": seconds(ours), "theirs": seconds(theirs)}, repeats)
    intervals = len(clip.frames) - 1
    return [
        clip.name,
        preset,
        number(intervals / median(times["ours"])),
        number(intervals / median(times["theirs"])),
        number(ratio(times["theirs"], times["ours"])),
        number(counts["theirs"] / counts["ours"]) if counts["ours"] else "-",
    ]
