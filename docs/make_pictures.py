"""Make the pictures of the README again, from eventsim itself.

Run from the checkout: ``python docs/make_pictures.py``. Takes about 15 s.
"""

import tempfile
from itertools import pairwise
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray
from PIL import Image

from eventsim import Events, Kind, MovedImage, i2e, simulate
from eventsim.cli.demo import demo
from eventsim.motion.loops import square, triangle
from eventsim.motion.wandering import drift_microsaccade
from eventsim.pixel.circuit import lag_at, photoreceptor_tau_s
from eventsim.representations.event_frames import count_events
from eventsim.shipped import find
from eventsim.sources.opening import open_source
from eventsim.sources.reading import Reading
from eventsim.view.gray import gray_of

HERE = Path(__file__).parent
CREDIT = "Big Buck Bunny, (c) 2008 Blender Foundation, www.bigbuckbunny.org, CC BY 3.0"

# The colors of `eventsim view`: Okabe and Ito, safe for color blindness.
ON, OFF, INK, FAINT = "#d55e00", "#0072b2", "#222226", "#969698"
KIND_COLORS = {Kind.SHOT: "#cc4c9c", Kind.SIGNAL: "#6f7681", Kind.LEAK: "#008a3e"}

# One pixel, four frames at 25 Hz; the numbers are chosen by eye, so that it shows everything.
FRAME_US = np.array([0, 40_000, 80_000, 120_000])
FRAME_LOG = np.array([3.6, 4.35, 4.3, 3.65])
CUTOFF_HZ, THRESHOLD = 60.0, 0.2

STILL_PX = 128  # of a DVS128
STILL_WINDOW_US = (42_000, 54_000)  # in the middle of a move; chosen by eye

# Of the events in one picture, and the part of it that is shown; chosen by eye.
WINDOW_US = 40_000
X0, Y0, X1, Y1 = 0, 60, 200, 210


def photoreceptor(t_us: NDArray[np.float64]) -> NDArray[np.float64]:
    """Photoreceptor output of the pixel at any moments, by the equation that the solver uses."""
    output = np.empty_like(t_us)
    lag = np.float32(0)
    for i, (t0, t1) in enumerate(pairwise(FRAME_US)):
        first, last = FRAME_LOG[i : i + 2]
        tau_us = 1e6 * photoreceptor_tau_s(float(np.exp([first, last]).mean()), CUTOFF_HZ)
        x, rise = np.float32((t1 - t0) / tau_us), np.float32(last - first)
        for k in np.flatnonzero((t_us >= t0) & (t_us <= t1)):
            z = np.float32((t_us[k] - t0) / (t1 - t0))
            output[k] = first + rise * z + lag_at(lag, rise, x, z)
        lag = lag_at(lag, rise, x, np.float32(1))
    return output


def draw_pixel(path: Path) -> None:
    """Draw how one pixel makes events in closed form."""
    events = simulate(
        (FRAME_LOG.astype(np.float32)[:, None, None], FRAME_US),
        sensor="ideal",
        encoding="log",
        photoreceptor_cutoff_hz=CUTOFF_HZ,
        contrast_threshold_on=THRESHOLD,
        contrast_threshold_off=THRESHOLD,
    )
    t_us = np.linspace(0, FRAME_US[-1], 1201)
    sign = np.where(events.p, 1, -1)
    memory = FRAME_LOG[0] + THRESHOLD * np.concatenate([[0], np.cumsum(sign)])
    edges = np.concatenate([[0], events.t, [FRAME_US[-1]]]) / 1000

    figure = Figure(figsize=(10.5, 5.4), dpi=100)
    axes = figure.add_axes((0.075, 0.24, 0.9, 0.72))
    axes.fill_between(
        np.repeat(edges, 2)[1:-1],
        np.repeat(memory - THRESHOLD, 2),
        np.repeat(memory + THRESHOLD, 2),
        color=FAINT,
        alpha=0.17,
        linewidth=0,
        label="reference ± threshold",
    )
    axes.stairs(
        memory,
        edges,
        color=FAINT,
        linewidth=1.2,
        baseline=None,
        label="reference (memorized) log intensity",
    )
    axes.plot(FRAME_US / 1000, FRAME_LOG, color=INK, linewidth=1.2, linestyle=(0, (5, 3)))
    axes.plot(FRAME_US / 1000, FRAME_LOG, "o", color=INK, markersize=7)
    axes.plot(t_us / 1000, photoreceptor(t_us), color="#7a3e9d", linewidth=2.2)
    lines = [
        Line2D([], [], color=INK, marker="o", linestyle=(0, (5, 3)), label="frames, and between"),
        Line2D([], [], color="#7a3e9d", linewidth=2.2, label="photoreceptor output"),
        Line2D([], [], color=FAINT, label="reference (memorized) log intensity, ± a threshold"),
        Line2D([], [], color=ON, marker="^", linestyle="", label="ON event"),
        Line2D([], [], color=OFF, marker="v", linestyle="", label="OFF event"),
    ]
    axes.legend(
        handles=lines, frameon=False, loc="lower right", fontsize=10, bbox_to_anchor=(0.84, 0)
    )
    _mark_events(figure, axes, events, photoreceptor(events.t.astype(np.float64)))
    axes.set_ylabel("log luminance (ln)")
    axes.set_xlim(-2, FRAME_US[-1] / 1000 + 2)
    axes.set_ylim(3.3, 4.55)
    axes.tick_params(labelbottom=False)
    axes.spines[["top", "right"]].set_visible(False)
    _save(figure, path)


def _mark_events(
    figure: Figure, axes: Axes, events: Events, height_log: NDArray[np.float64]
) -> None:
    row = figure.add_axes((0.075, 0.1, 0.9, 0.12), sharex=axes)
    for t, brighter, height in zip(events.t / 1000, events.p, height_log, strict=True):
        color, marker = (ON, "^") if brighter else (OFF, "v")
        axes.plot(t, height, marker, color=color, markersize=9, zorder=4)
        axes.vlines(t, 3.3, height, color=color, linewidth=0.8, linestyle=":")
        row.vlines(t, 0, 0.55, color=color, linewidth=2.2)
        row.text(t, 0.62, f"{t:.3f}", ha="center", size=9, color=color)
    row.axhline(0, color=FAINT, linewidth=0.8)
    row.set_ylim(0, 1)
    row.set_yticks([])
    row.set_ylabel("events", rotation=0, ha="right", va="center")
    row.set_xlabel("time (ms)")
    row.set_xticks(np.arange(0, 121, 20))
    row.tick_params(labelbottom=True)
    row.spines[["top", "right", "left"]].set_visible(False)


def draw_kinds(path: Path) -> None:
    """Draw the same moment of the clip, clean and noisy, each event colored by its kind."""
    clip = find("bigbuckbunny.mp4")
    stop_us = 208_333  # a frame of the clip, early: leak shows before all pixels have moved
    stop_s = stop_us * 1e-6 + 0.001
    figure = Figure(figsize=(12, 3.85), dpi=100)
    titles, images = [], []
    slow = {"noise": "v2e-noisy", "photoreceptor_cutoff_hz": 30}  # what v2e calls noisy
    for title, pixel in (("thresholds alone", {}), ("v2e-noisy, cutoff 30 Hz", slow)):
        events = simulate(clip, sensor="ideal", size=(346, 260), stop_s=stop_s, **pixel)
        events = events.window(stop_us - WINDOW_US, stop_us).region(X0, Y0, X1, Y1)
        noise = float(np.mean(events.kind != Kind.SIGNAL))
        titles.append(f"{title}: {len(events):,} events, {noise:.0%} noise")
        images.append(kind_image(events))
    source = open_source(clip, Reading(size=(346, 260), stop_s=stop_s))
    frame = gray_of([frame.values for frame in source][-1], source.encoding)
    titles.insert(0, f"source frame at {stop_us / 1e6:.3f} s")
    images.insert(0, np.repeat(frame[Y0:Y1, X0:X1, None], 3, axis=2))
    for i, (title, image) in enumerate(zip(titles, images, strict=True)):
        axes = figure.add_axes((0.008 + 0.331 * i, 0.115, 0.322, 0.815))
        axes.imshow(image, interpolation="nearest")
        axes.set_title(title, size=10.5, color=INK, loc="left")
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_color(FAINT)
    words = [(f"events of {WINDOW_US / 1000:g} ms, by kind:", INK, 0.34)]
    words += [
        (f"\u25a0 {kind.name.lower()}", color, 0.505 + 0.07 * i)
        for i, (kind, color) in enumerate(sorted(KIND_COLORS.items()))
    ]
    for word, color, x in words:
        figure.text(x, 0.055, word, color=color, size=10.5, va="center")
    figure.text(0.008, 0.055, CREDIT, color=FAINT, size=6.3, va="center")
    _save(figure, path)


def kind_image(events: Events) -> NDArray[np.float64]:
    """Color each pixel by the kind of its events, signal over shot noise; white where none is."""
    image = np.ones((events.size.height, events.size.width, 3))
    for kind, color in KIND_COLORS.items():
        chosen = events[events.kind == kind]
        image[chosen.y, chosen.x] = to_rgb(color)
    return image


def draw_demo(path: Path) -> None:
    """Run `eventsim demo`, and keep its picture at a size for reading beside text."""
    with tempfile.TemporaryDirectory() as folder:
        demo(Path(folder))
        picture = Image.open(Path(folder) / "demo.png").convert("RGB")
    small = picture.resize(
        (1000, round(1000 * picture.height / picture.width)), Image.Resampling.LANCZOS
    )
    small.quantize(256, method=Image.Quantize.MAXCOVERAGE, kmeans=1).save(path, optimize=True)


def _save(figure: Figure, path: Path) -> None:
    figure.savefig(path, metadata={"Software": None})


def draw_still(path: Path) -> None:
    """Draw a frame of the clip as a still image, its eight planes, and three eye movements."""
    frames = open_source(find("bigbuckbunny.mp4"), Reading(size=(STILL_PX, STILL_PX), start_s=1.0))
    image = next(iter(frames)).values
    planes = i2e(image[None], ratio=0.12)[0]
    figure = Figure(figsize=(9.6, 2.9), dpi=110)
    axes = figure.subplots(2, 8)
    for k, axis in enumerate(axes[0]):
        axis.imshow(_colored(planes[k, 0], planes[k, 1]), interpolation="nearest")
        axis.set_title(f"plane {k}", fontsize=8)
    axes[1, 0].imshow(image, cmap="gray")
    axes[1, 0].set_title("image", fontsize=8)
    moves = {"triangle": triangle(), "square": square(loops=1),
             "drift-microsaccade": drift_microsaccade(2, duration_us=300_000)}  # fmt: skip
    for k, (name, movement) in enumerate(moves.items()):
        way, seen = axes[1, 2 * k + 1], axes[1, 2 * k + 2]
        way.plot(movement.x_px, movement.y_px, color=INK, linewidth=0.8)
        way.set(xlim=(-7, 7), ylim=(7, -7), aspect="equal")
        way.set_title(name, fontsize=8)
        moved = MovedImage(image, movement, encoding=frames.encoding, blur_px=0.7)
        counts = count_events(simulate(moved, sensor="dvs128"), STILL_WINDOW_US)[0]
        seen.imshow(_colored(*np.clip(counts, 0, 1)), interpolation="nearest")
        seen.set_title("its events", fontsize=8)
    axes[1, 7].set_axis_off()
    for axis in axes.flat:
        axis.set_xticks([])
        axis.set_yticks([])
    figure.tight_layout(pad=0.4)
    figure.savefig(path)


def _colored(off: NDArray[np.generic], on: NDArray[np.generic]) -> NDArray[np.float64]:
    """White, with ON and OFF in their colors, (H, W, 3)."""
    amounts = np.asarray(off, float)[..., None], np.asarray(on, float)[..., None]
    colors = np.array(to_rgb(OFF)), np.array(to_rgb(ON))
    light = np.ones((*np.shape(off), 3))
    for amount, color in zip(amounts, colors, strict=True):
        light *= 1 - amount * (1 - color)
    return light


if __name__ == "__main__":
    draw_still(HERE / "still.png")
    draw_pixel(HERE / "pixel.png")
    draw_kinds(HERE / "kinds.png")
    draw_demo(HERE / "demo.png")
