"""Hold simulated saccade recordings against the real ones of N-MNIST, digit by digit.

    eventsim run compare_with_nmnist RECORDINGS.npz MNIST.npz --out compared
    eventsim run compare_with_nmnist RECORDINGS.npz MNIST.npz --out refitted --fit-steps 1000

RECORDINGS.npz holds real recordings as flat columns t (us), x, y, p with `offsets`, and which
training image of MNIST each one shows (`mnist_index`). MNIST.npz holds `train_images` (or Keras'
`x_train`).

The camera and the path were fitted to the first 100 recordings and are those of the card
n-mnist-sim; `--fit-steps` does that again, from a plain triangle. The figures are those of all
other recordings. N-MNIST was recorded from a display that showed dark digits on white: a pixel of
a white digit that comes gives OFF events. So the images are shown as negatives.
"""

import json
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from cyclopts import App, Parameter
from rich.console import Console
from rich.progress import track

from eventsim.camera import choose_camera
from eventsim.errors import ConfigError, EventSimError, SourceError
from eventsim.events import Events, SensorSize
from eventsim.motion.lighting import Lighting
from eventsim.motion.loops import triangle
from eventsim.motion.moved_image import MovedImage
from eventsim.motion.path_files import read_path
from eventsim.motion.paths import EyePath
from eventsim.representations.event_frames import count_events
from eventsim.shipped import find
from eventsim.simulator import simulate_source

try:
    from eventsim.realism.correlation import correlations
    from eventsim.realism.separation import separate, summary_features
except ImportError as error:
    if not {"--help", "-h"} & {*sys.argv}:
        sys.exit(f"error: {error}. Install what it needs: pip install 'eventsim-dvs[realism]'")

SIZE = SensorSize(34, 34)
END_US = 315_000
"""Three saccades of 105 ms; nearly all recordings are over by then."""
EDGES_US = np.linspace(0, END_US, 10).astype(np.int64)
FIT = 100
KNOTS_MS = (0, 10, 20, 30, 40, 50, 60, 70, 80, 105, 120, 130, 140, 150, 160, 170, 180, 190, 205,
            220, 228, 236, 244, 252, 260, 268, 276, 286, 300, 315)  # fmt: skip
"""Nodes of a fitted path: closer where the image moves. By eye."""
BORDER_PX = 2
"""Rows and columns at the edge where no digit comes: what fires there is noise."""


@dataclass(frozen=True)
class Model:
    """All that is fitted: the path, the display, the camera."""

    x_px: tuple[float, ...]
    y_px: tuple[float, ...]
    t_us: tuple[int, ...]
    blur_px: float
    ambient_dn: float
    camera: dict[str, float]

    def record(self, image: np.ndarray, seed: int) -> Events:
        """Events that the camera makes of one digit, white on black as in MNIST."""
        source = MovedImage(
            255 - image,
            EyePath.of(self.t_us, self.x_px, self.y_px),
            size=SIZE,
            scale=1.0,
            blur_px=self.blur_px,
            lighting=Lighting(ambient_dn=self.ambient_dn),
        )
        camera = choose_camera("ideal", "card", self.camera)
        packets = simulate_source(source, camera, seed=seed, threads=1)
        return Events.concatenate([packet.events for packet in packets], SIZE)

    def histograms(self, images: np.ndarray, words: str = "") -> np.ndarray:
        """Counts of all digits, (N, 9, 2, 34, 34); each has noise of its own."""
        seeds = track(range(len(images)), words, console=Console(stderr=True), transient=True,
                      disable=not words)  # fmt: skip
        return np.stack([count_events(self.record(images[i], i), EDGES_US) for i in seeds])


def shipped_model() -> Model:
    """The model that was fitted, from the card of the data set that is made with it."""
    card = tomllib.loads(find("n-mnist-sim.toml").read_text(encoding="utf-8"))
    path, motion = read_path(find("nmnist_path.csv")), card["motion"]
    camera = choose_camera(card["camera"]["sensor"], "card")
    return Model(
        tuple(path.x_px.tolist()), tuple(path.y_px.tolist()), tuple(path.t_us.tolist()),
        motion["blur_px"], motion["ambient_dn"], camera.values,
    )  # fmt: skip


def first_guess(real: np.ndarray) -> Model:
    """A plain triangle and a camera of 0.2 thresholds, with the noise that the border shows."""
    knots_us = np.array(KNOTS_MS) * 1000
    poses = triangle(amplitude_px=6.0, loop_us=END_US).at(knots_us)
    inside = np.zeros((SIZE.height, SIZE.width), bool)
    inside[BORDER_PX:-BORDER_PX, BORDER_PX:-BORDER_PX] = True
    # The median pixel: a few hot ones would raise the mean.
    on_hz = np.median(real[:, :, 1, ~inside].sum(axis=1).mean(axis=0)) / (END_US * 1e-6)
    camera = {
        "contrast_threshold_on": 0.2,
        "contrast_threshold_off": 0.2,
        "threshold_mismatch": 0.015,  # more lets counts scatter more than the real ones do
        "leak_rate_hz": round(float(on_hz), 3),
        "leak_jitter": 0.2,  # by eye
        "noise_rate_spread_decades": 0.2,  # by eye
        "refractory_period_us": 300,
    }
    return Model(
        tuple(poses[:, 0].tolist()), tuple(poses[:, 1].tolist()), tuple(knots_us.tolist()),
        0.6, 75.0, camera,
    )  # fmt: skip


def loss(model: Model, images: np.ndarray, real: np.ndarray) -> float:
    """What is made small: 1 - correlation, and the error of the counts of bins and of all."""
    simulated = model.histograms(images)
    per_bin = simulated.sum(axis=(0, 3, 4)) / real.sum(axis=(0, 3, 4))
    total = simulated.sum() / real.sum()
    counts = np.corrcoef(simulated.sum(axis=(1, 2, 3, 4)), real.sum(axis=(1, 2, 3, 4)))[0, 1]
    return float(
        1 - np.nanmean(correlations(simulated, real))
        + 0.05 * np.abs(np.log(per_bin + 1e-6)).mean()
        + 0.1 * abs(np.log(total + 1e-6))
        + 0.1 * max(0.0, 0.97 - counts)
    )  # fmt: skip


def fit(images: np.ndarray, real: np.ndarray, steps: int, seed: int) -> Model:
    """Random search, a few numbers at a time; keeps what is better. The same for equal seeds."""
    rng = np.random.default_rng(seed)
    best = first_guess(real)
    lowest = loss(best, images, real)
    for _ in track(range(steps), "fitting", console=Console(stderr=True), transient=True):
        trial = _changed(best, rng)
        found = loss(trial, images, real)
        if found < lowest:
            best, lowest = trial, found
    return best


def _changed(model: Model, rng: np.random.Generator) -> Model:
    """Change one number of the camera or the display, or one to six neighboring nodes."""
    choice = rng.random()
    factor = float(np.exp(0.12 * rng.normal()))
    if choice < 0.1:
        return replace(model, ambient_dn=model.ambient_dn * factor)
    if choice < 0.2:
        return replace(model, blur_px=model.blur_px * factor)
    if choice < 0.4:
        name = ("contrast_threshold_on", "contrast_threshold_off", "refractory_period_us")[
            rng.integers(3)
        ]
        value = model.camera[name] * factor
        value = round(value) if name == "refractory_period_us" else max(value, 0.02)
        return replace(model, camera={**model.camera, name: value})
    first = rng.integers(len(model.t_us))
    some = slice(first, first + (len(model.t_us) if choice > 0.9 else rng.integers(1, 7)))
    axis = "x_px" if rng.random() < 0.5 else "y_px"
    nodes = np.array(getattr(model, axis))
    nodes[some] += rng.normal() * 10 ** rng.uniform(-1.5, 0)
    changed: dict[str, Any] = {axis: tuple(nodes.tolist())}
    return replace(model, **changed)


def compare(real: np.ndarray, simulated: np.ndarray) -> dict[str, Any]:
    """All figures of the comparison."""
    events = [counts.sum(axis=(1, 2, 3, 4)) for counts in (real, simulated)]
    saccades = [
        counts.reshape(len(counts), 3, -1).sum(axis=2).mean(axis=0, dtype=np.float64)
        for counts in (real, simulated)
    ]
    return {
        "recordings": len(real),
        "correlation": round(float(np.nanmean(correlations(real, simulated))), 4),
        "correlation_of_counts": round(float(np.corrcoef(*events)[0, 1]), 4),
        "events_real": round(float(events[0].mean()), 1),
        "events_simulated": round(float(events[1].mean()), 1),
        "saccades_real": saccades[0].round(1).tolist(),
        "saccades_simulated": saccades[1].round(1).tolist(),
        "saccades_ratio": (saccades[1] / saccades[0]).round(3).tolist(),
        "on_share_real": round(float(real[:, :, 1].sum() / real.sum()), 4),
        "on_share_simulated": round(float(simulated[:, :, 1].sum() / simulated.sum()), 4),
        "auc_real_or_simulated": round(
            separate(summary_features(real), summary_features(simulated)), 3
        ),
    }


def draw(real: np.ndarray, simulated: np.ndarray, path: Path, shown: Sequence[int]) -> None:
    """Real and simulated, one above the other: the nine bins of some digits."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(2 * len(shown), 9, figsize=(9.2, 2.12 * len(shown)))
    for row, digit in enumerate(shown):
        for below, counts in enumerate((real[digit], simulated[digit])):
            for k in range(9):
                axis = axes[2 * row + below, k]
                on, off = (np.clip(counts[k, p] / 4, 0, 1) for p in (1, 0))
                picture = np.stack([1 - off, 1 - np.maximum(on, off), 1 - on], axis=-1)
                axis.imshow(picture, interpolation="nearest")
                axis.set_xticks([])
                axis.set_yticks([])
                if row == below == 0:
                    axis.set_title(f"{EDGES_US[k] // 1000} ms", fontsize=8)
            axes[2 * row + below, 0].set_ylabel(("real", "simulated")[below], fontsize=8)
    figure.tight_layout(pad=0.4, h_pad=0.3, w_pad=0.3)
    figure.savefig(path, dpi=110)
    plt.close(figure)


def read_recordings(recordings: Path, mnist: Path) -> tuple[np.ndarray, np.ndarray]:
    """Digits (N, 28, 28) and counts (N, 9, 2, 34, 34) of the recordings of them."""
    with _opened(recordings) as data:
        names = ("t", "x", "y", "p", "offsets", "mnist_index")
        missing = [name for name in names if name not in data]
        if missing:
            raise SourceError(
                f"{recordings} must hold {', '.join(names)}; {missing[0]} is missing."
            )
        t, x, y, p, offsets, index = (data[name] for name in names)
    with _opened(mnist) as data:
        found = [name for name in ("train_images", "x_train") if name in data]
        if not found:
            raise SourceError(f"{mnist} must hold train_images or x_train, found {list(data)}.")
        images = data[found[0]]
    counts = [
        count_events(Events.of(t[a:b], x[a:b], y[a:b], p[a:b], size=SIZE), EDGES_US)
        for a, b in pairwise(offsets.tolist())
    ]
    return images[index], np.stack(counts)


def _opened(path: Path) -> Any:
    try:
        return np.load(path, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise SourceError(f"{path} cannot be read: {error}. Give a .npz.") from error


app = App(help=(__doc__ or "").split("\n")[0], result_action="return_value")


@app.default
def main(
    recordings: Path,
    mnist: Path,
    *,
    out: Path = Path("compared"),
    fit_steps: Annotated[
        int, Parameter(help="Fit again, with so many trials; 0 takes the card.")
    ] = 0,
    fit_recordings: int = FIT,
    seed: int = 1,
) -> int:
    """Simulate the digits of real recordings, and print how alike they are.

    Parameters
    ----------
    recordings, mnist
        Real recordings, and the images that they show.
    out
        Folder for metrics.json, real_and_simulated.png and, if fitted, model.json.
    fit_recordings
        So many at the beginning are for fitting, and none of the figures is of them.
    seed
        Of the search.
    """
    images, real = read_recordings(recordings, mnist)
    if not 0 < fit_recordings <= len(images) - 10:
        raise ConfigError(
            f"fit_recordings must leave ten of {len(images)} recordings, found {fit_recordings}."
        )
    out.mkdir(parents=True, exist_ok=True)
    fitted = slice(0, fit_recordings)
    model = fit(images[fitted], real[fitted], fit_steps, seed) if fit_steps else shipped_model()
    if fit_steps:
        (out / "model.json").write_text(json.dumps(asdict(model), indent=1), encoding="utf-8")
    rest = slice(fit_recordings, None)
    simulated = model.histograms(images[rest], "simulating")
    figures = compare(real[rest], simulated)
    (out / "metrics.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")
    draw(real[rest], simulated, out / "real_and_simulated.png", range(3))
    for name, value in figures.items():
        print(f"{name:<24}{value}")
    print(f"picture                 {out / 'real_and_simulated.png'}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(app())
    except EventSimError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
