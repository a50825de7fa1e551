"""Speed of the pixel alone: frames per second, and what a pixel and an event cost."""

from collections.abc import Callable, Sequence
from functools import partial
from statistics import median

from clips import PIXELS, Clip, Run, push_clip, still
from tables import Table, number
from timing import interleave, ratio

from eventsim.pixel.models import make_settings
from eventsim.pixel.settings import PixelSettings
from eventsim.sensors.cards import load_card

STILL_PIXEL_FRAMES = 16_000_000
"""Of the still clip: 30 ms and more; chosen by eye."""
QUIET = 1e-4
"""Factor on the noise rates of the still clip: all steps of the noise run, and no event falls."""

TIMED = {**PIXELS, "davis346": load_card("davis346").physics}
"""The presets of v2e, and a sensor as `convert` takes it: with a refractory period."""

COLUMNS = (
    "clip",
    "pixel",
    "frames/s, 1 thread",
    "frames/s, 2 threads",
    "2 threads / 1",
    "events per pixel and frame",
    "ns per pixel and frame, no event",
    "ns per event",
    "first frame ms",
)


def measure_pixel(clips: Sequence[Clip], repeats: int) -> list[Table]:
    """Time all clips with all pixels on one and two threads."""
    rows = [row for clip in clips for row in _measure_clip(clip, repeats)]
    lengths = ", ".join(f"{clip.name} {len(clip.frames)}" for clip in clips)
    notes = (
        f"8-bit frames in memory ({lengths}), pushed in batches as long as the simulator would "
        "choose; sorted columns t, x, y, p, kind come out and are dropped. Kernels warm; medians "
        f"of {repeats} interleaved rounds; '2 threads / 1' is the median over pairs of one round.",
        "'First frame' is the construction and the first frame (thresholds and noise are drawn, "
        "one thread) and is no part of frames/s.",
        "'No event': one thread, a still clip, noise rates / 10,000. 'An event': (time - quiet "
        "time) / events, one thread, sorting and unpacking included; a dash where there is no "
        "event, or other load hides the difference.",
    )
    return [Table("Pixel: frames in memory to sorted events", COLUMNS, rows, notes)]


def quiet_settings(preset: str) -> PixelSettings:
    """Give a preset with the same steps to compute but noise too rare to fire."""
    values = dict(TIMED[preset])
    for name in ("leak_rate_hz", "shot_noise_rate_hz", "hot_pixel_rate_hz"):
        values[name] *= QUIET
    return make_settings(values)


def _measure_clip(clip: Clip, repeats: int) -> list[list[str]]:
    a_frame = clip.size.width * clip.size.height
    quiet_clip = still(clip, 2 + STILL_PIXEL_FRAMES // a_frame)
    jobs: dict[str, Callable[[], Run]] = {}
    for preset in TIMED:
        settings = make_settings(TIMED[preset])
        jobs[f"{preset} 1"] = partial(push_clip, clip, settings, threads=1)
        jobs[f"{preset} 2"] = partial(push_clip, clip, settings, threads=2)
        jobs[f"{preset} quiet"] = partial(push_clip, quiet_clip, quiet_settings(preset), threads=1)
    for preset in TIMED:
        push_clip(clip.head(10), make_settings(TIMED[preset]), threads=2)
    runs = interleave(jobs, repeats)
    rows = []
    for preset in TIMED:
        one, two, quiet = (runs[f"{preset} {kind}"] for kind in ("1", "2", "quiet"))
        one_s, two_s = [run.rest_s for run in one], [run.rest_s for run in two]
        quiet_ns = [run.rest_s * 1e9 / quiet_clip.pixel_frames for run in quiet]
        events = one[0].events
        pairs = zip(one_s, quiet_ns, strict=True)
        extra_ns = median(s * 1e9 - ns * clip.pixel_frames for s, ns in pairs)
        intervals = len(clip.frames) - 1
        rows.append(
            [
                clip.name,
                preset,
                number(intervals / median(one_s)),
                number(intervals / median(two_s)),
                number(ratio(one_s, two_s)),
                f"{events / clip.pixel_frames:.3f}",
                number(median(quiet_ns)),
                number(extra_ns / events) if events and extra_ns > 0 else "-",
                number(median(run.first_s for run in one) * 1e3),
            ]
        )
    return rows
