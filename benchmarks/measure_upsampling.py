"""Upsampling: events of one frame against those of 64, and what it costs."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from tables import Table, number
from timing import interleave, ratio, seconds

import eventsim
from eventsim.events import Events
from eventsim.sources.opening import open_source
from eventsim.sources.reading import Reading

SIZE = (346, 260)
STEP_US = 40_000
"""Between frames of the slow clip: 25 a second."""
FINER = 64
HIGH_SPEED_HZ = 240.0
EVERY = 8
"""Frame of the high-speed clip that is taken."""

Scene = Callable[[float], NDArray[np.float32]]


def measure_upsampling(clip: Path, high_speed: Path | None, repeats: int) -> list[Table]:
    """Score upsampling on scenes that are known, and time it."""
    tables = [_made(clip)]
    if high_speed is not None:
        tables.append(_real(high_speed))
    return [*tables, _cost(clip, repeats)]


def _scenes(clip: Path) -> dict[str, tuple[Scene, int]]:
    """Scenes by name: luminance (DN) at a time in frames, and how many frames are taken."""
    first = next(iter(open_source(clip)))
    source = open_source(clip)
    photo = source.encoding.luminance(first.values)
    photo = cv2.GaussianBlur(photo, (0, 0), 0.8)
    photo = cv2.copyMakeBorder(photo, 200, 200, 200, 200, cv2.BORDER_REFLECT)
    noise = np.random.default_rng(5).random((140, 120)).astype(np.float32)
    texture = cv2.GaussianBlur(noise, (0, 0), 1.5)
    texture = 10 + 200 * (texture - texture.min()) / np.ptp(texture)
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP

    def view(dx: float, dy: float = 0.0, angle: float = 0.0) -> NDArray[np.float32]:
        middle = np.array(photo.shape[::-1]) / 2
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        start = middle - turn @ (np.array(SIZE) / 2) - (dx, dy)
        there = np.column_stack([turn, start]).astype(np.float32)
        seen = cv2.warpAffine(photo, there, SIZE, flags=flags, borderMode=cv2.BORDER_REFLECT)
        return np.asarray(seen.clip(0.5, 255), np.float32)

    def occluded(t: float) -> NDArray[np.float32]:
        there = np.array([[1, 0, -(40 + 10 * t)], [0, 1, -60]], np.float32)
        front = cv2.warpAffine(texture, there, SIZE, flags=flags)
        linear = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        share = cv2.warpAffine(np.ones_like(texture), there, SIZE, flags=linear)
        return np.asarray(view(-t) * (1 - share) + front.clip(0.5, 255) * share, np.float32)

    return {
        "3 px a frame": (lambda t: view(3 * t - 6, 0.3 * 3 * t), 5),
        "10 px a frame": (lambda t: view(10 * t - 20, 0.3 * 10 * t), 5),
        "30 px a frame": (lambda t: view(30 * t - 60, 0.3 * 30 * t), 4),
        "4 degrees a frame": (lambda t: view(0, 0, np.deg2rad(4) * t), 5),
        "something passes, 10 px a frame": (occluded, 5),
    }


def _made(clip: Path) -> Table:
    """Scenes rendered once and 64 times a frame."""
    rows = []
    for name, (scene, count) in _scenes(clip).items():
        fine = np.arange(FINER * (count - 1) + 1)
        truth = eventsim.simulate(
            (
                np.stack([scene(k / FINER) for k in fine]),
                np.rint(fine * STEP_US / FINER).astype(int),
            ),
            sensor="ideal",
            encoding="linear",
        )
        frames = np.stack([_coded(scene(float(k))) for k in range(count)])
        found = [
            eventsim.simulate((frames, np.arange(count) * STEP_US), sensor="ideal", upsample=how)
            for how in ("none", "flow")
        ]
        rows.append([name, f"{len(truth):,}", *_scores(truth, found, STEP_US // 2)])
    return Table(
        f"A moving photograph, 8 bit, {SIZE[0]}x{SIZE[1]}, against {FINER} frames for each",
        ["scene", "events", *_columns("none"), *_columns("flow")],
        rows,
        [
            "An event counts if one of its own is within 1 px and half a frame, of its polarity.",
        ],
    )


def _real(folder: Path) -> Table:
    """Every eighth frame of a high-speed clip against all of them."""
    frames = [frame.values for frame in open_source(folder, Reading(fps=HIGH_SPEED_HZ, size=SIZE))]
    frames = frames[: (len(frames) - 1) // EVERY * EVERY + 1]
    times = np.rint(np.arange(len(frames)) * 1e6 / HIGH_SPEED_HZ).astype(int)
    every = np.stack(frames[::EVERY]), times[::EVERY]
    truth = {
        how: eventsim.simulate((np.stack(frames), times), sensor="ideal", upsample=how)
        for how in ("none", "flow")
    }
    found = [eventsim.simulate(every, sensor="ideal", upsample=how) for how in ("none", "flow")]
    half_us = round(EVERY * 1e6 / HIGH_SPEED_HZ / 2)
    rows = [
        [f"all frames, {how}", f"{len(events):,}", *_scores(events, found, half_us)]
        for how, events in truth.items()
    ]
    return Table(
        f"High-speed video, every {EVERY}th of {len(frames)} frames, {SIZE[0]}x{SIZE[1]}",
        ["truth", "events", *_columns("none"), *_columns("flow")],
        rows,
    )


def _cost(clip: Path, repeats: int) -> Table:
    """Seconds for the clip, without and with upsampling."""
    rows = []
    for size in (SIZE, (1280, 720)):
        made: dict[str, tuple[int, int]] = {}

        def run(
            how: str, size: tuple[int, int] = size, made: dict[str, tuple[int, int]] = made
        ) -> None:
            reading = {"size": size, "stop_s": 2.0, "upsample": how}
            packets = eventsim.simulator.simulate_packets(clip, sensor="ideal", **reading)
            counts = [(len(p.frame_t_us), len(p.events)) for p in packets]
            made[how] = sum(n for n, _ in counts), sum(n for _, n in counts)

        jobs = {how: seconds(lambda how=how: run(how)) for how in ("none", "flow")}
        for job in jobs.values():
            job()
        took = interleave(jobs, repeats)
        for how in jobs:
            (frames, events), best = made[how], float(np.median(took[how]))
            rows.append(
                [
                    f"{size[0]}x{size[1]}, {how}",
                    number(made["none"][0] / best),
                    str(frames),
                    number(frames / best),
                    f"{events:,}",
                    number(ratio(took[how], took["none"])),
                ]
            )
    return Table(
        f"What upsampling costs: {clip.name}, 2 s, ideal sensor, decoding and all",
        ["size", "frames of the clip/s", "frames seen", "frames seen/s", "events", "time / none"],
        rows,
    )


def _coded(light: NDArray[np.float32]) -> NDArray[np.uint8]:
    """8-bit sRGB numbers of linear light."""
    c = light / 255
    code = np.where(c <= 0.0031308, 12.92 * c, 1.055 * c ** (1 / 2.4) - 0.055)
    return np.rint(255 * code).astype(np.uint8)


def _columns(how: str) -> list[str]:
    return [f"{how}: found", "F1"]


def _scores(truth: Events, found: list[Events], dt_us: int) -> list[str]:
    cells = []
    for events in found:
        n = matched(truth, events, dt_us)
        cells += [f"{n / len(truth):.3f}", f"{2 * n / (len(truth) + len(events)):.3f}"]
    return cells


def matched(truth: Events, found: Events, dt_us: int) -> int:
    """Events of the truth that have one of their own in what was found, of the same polarity.

    Greedily: the nearest in time at the same pixel first, then at its neighbors.
    """
    free: dict[tuple[int, int, bool], list[int]] = defaultdict(list)
    columns = zip(
        found.x.tolist(), found.y.tolist(), found.p.tolist(), found.t.tolist(), strict=True
    )
    for x, y, p, t in columns:
        free[x, y, p].append(t)
    left = list(
        zip(truth.x.tolist(), truth.y.tolist(), truth.p.tolist(), truth.t.tolist(), strict=True)
    )
    count = 0
    around = [(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
    for dx, dy in sorted(around, key=lambda step: abs(step[0]) + abs(step[1])):
        still = []
        for x, y, p, t in left:
            times = free.get((x + dx, y + dy, p), [])
            k = bisect_left(times, t)
            near = [q for q in (k - 1, k) if 0 <= q < len(times) and abs(times[q] - t) <= dt_us]
            if near:
                times.pop(min(near, key=lambda q: abs(times[q] - t)))
                count += 1
            else:
                still.append((x, y, p, t))
        left = still
    return count
