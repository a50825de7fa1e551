"""Fit the path, the camera and the device of N-MNIST to real recordings, and write a dataset card.

    eventsim run fit_nmnist --quick
    eventsim run fit_nmnist RECORDINGS.npz MNIST.npz --out fitted
    eventsim run idx_to_events MNIST/ simulated.zarr --card fitted/card.toml
    eventsim run nmnist RECORDINGS.npz real.zarr
    eventsim compare real.zarr simulated.zarr page.png --split test --paired

RECORDINGS.npz holds real recordings as flat columns t (us), x, y, p with `offsets`, and which
training image of MNIST each one shows (`mnist_index`); MNIST.npz holds `train_images` (or Keras'
`x_train`). Only the first `--recordings-used` are looked at. The card n-mnist-sim is of 1,200 steps
that went on from an earlier fit (`--start`), by version 0.10.0, which did not polish yet.

N-MNIST was recorded from a display that showed dark digits on white: a pixel of a white digit that
comes gives OFF events. So the images are shown as negatives. An interrupted search resumes.
"""

import json
import sys
import time
import tomllib
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from cyclopts import App, Parameter, validators
from rich.console import Console
from rich.progress import track

from eventsim.camera import choose_camera
from eventsim.errors import ConfigError, EventSimError, SourceError
from eventsim.events import Events, SensorSize
from eventsim.motion.from_settings import moved_image
from eventsim.motion.lighting import Lighting
from eventsim.motion.moved_image import MovedImage
from eventsim.motion.paths import EyePath
from eventsim.motion.run_in import with_run_in
from eventsim.pipeline.cards import load_dataset_card
from eventsim.pipeline.image_plan import SaccadeMethod
from eventsim.random import recording_seed
from eventsim.results import results_so_far, write_results
from eventsim.shipped import find
from eventsim.simulator import simulate_source
from eventsim.stills.shapes import draw_shapes

try:
    from scipy.ndimage import maximum_filter, median_filter
except ImportError as error:
    if not {"--help", "-h"} & {*sys.argv}:
        sys.exit(f"error: {error}. Install what it needs: pip install 'eventsim-dvs[realism]'")

SIDE, DIGIT, BORDER = 34, 28, 3
"""Of a recording and a digit, px, and where the digit begins."""
TILE, COLUMNS = 44, 10
"""Many digits are simulated side by side, with room for the motion between them."""
END_US, STEP_US = 315_000, 2_500
"""Three saccades of 105 ms, and the nodes of the path."""
NODES = END_US // STEP_US
LEGS = ((0, 95_000, 0.0, 6.2), (95_000, 222_000, 3.0, -6.5), (222_000, END_US, -3.0, 0.3))
"""Begin, end (us) and displacement (px) of the saccades: where the images of warped events of 150
recordings are sharpest, closed to a triangle."""
SEARCHED = 100
"""Recordings that the search looks at; speeds and the device are measured on all."""
QUANTILES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9)
POLISHED = 6
"""Rounds in which the whole dataset is made; the error of the rate falls from 5 to 1.7 %."""
TOLD_EVERY = 50
"""Steps of the search, after which it can be resumed: a quarter of a minute."""
TRIED_RUN_IN_US = 60_000
"""Of the search: a fifth of a loop does what a whole one does, in less time."""

Columns = tuple[np.ndarray, ...]
"""Which recording, t (us), x, y, p of many events."""


@dataclass(frozen=True)
class Model:
    """All that is fitted but for the device."""

    x_px: tuple[float, ...]
    y_px: tuple[float, ...]
    blur_px: float
    ambient_dn: float
    camera: dict[str, float]

    def path(self, run_in_us: int) -> EyePath:
        """The closed path, and what comes before it."""
        nodes = [np.append(axis, axis[0]) for axis in (self.x_px, self.y_px)]
        return with_run_in(EyePath.of(np.arange(NODES + 1) * STEP_US, *nodes), run_in_us)

    def record(self, images: np.ndarray, run_in_us: int, *, noise: bool = True) -> Columns:
        """Events of all images, (N, 28, 28) with white digits, side by side."""
        mosaic = np.full((-(-len(images) // COLUMNS) * TILE, COLUMNS * TILE), 255, np.uint8)
        inside = (TILE - SIDE) // 2 + BORDER
        for k, image in enumerate(images):
            row, column = (TILE * n + inside for n in divmod(k, COLUMNS))
            mosaic[row : row + DIGIT, column : column + DIGIT] = 255 - image
        size = SensorSize(mosaic.shape[1], mosaic.shape[0])
        source = MovedImage(
            mosaic, self.path(run_in_us), size=size, scale=1.0, blur_px=self.blur_px,
            lighting=Lighting(ambient_dn=self.ambient_dn), run_in_us=run_in_us,
        )  # fmt: skip
        quiet: dict[str, float] = {"threshold_mismatch": 0, "leak_rate_hz": 0}
        camera = choose_camera("ideal", "card", self.camera | ({} if noise else quiet))
        packets = simulate_source(source, camera)
        events = Events.concatenate([packet.events for packet in packets], size)
        margin = (TILE - SIDE) // 2
        tile_y, tile_x = events.y.astype(np.int64) // TILE, events.x.astype(np.int64) // TILE
        x, y = events.x - TILE * tile_x - margin, events.y - TILE * tile_y - margin
        tile = tile_y * COLUMNS + tile_x
        seen = (x >= 0) & (x < SIDE) & (y >= 0) & (y < SIDE) & (tile < len(images))
        seen &= events.t < END_US
        return tuple(column[seen] for column in (tile, events.t, x, y, events.p.astype(np.int64)))


def counts(columns: Columns, n: int, bins: int = 1) -> np.ndarray:
    """Counts, (n, bins, 2, 34, 34)."""
    k, t, x, y, p = columns
    code = (((k * bins + t * bins // END_US) * 2 + p) * SIDE + y) * SIDE + x
    return np.bincount(code, minlength=n * bins * 2 * SIDE**2).reshape(n, bins, 2, SIDE, SIDE)


def course(columns: Columns, n: int) -> np.ndarray:
    """Events of a recording in each step of 5 ms."""
    return np.histogram(columns[1], np.arange(0, END_US + 1, 2 * STEP_US))[0] / n


def intervals(columns: Columns) -> np.ndarray:
    """Log quantiles of a pixel's intervals from 1 ms on, for each polarity before and after."""
    k, t, x, y, p = columns
    pixel = (k * SIDE + y) * SIDE + x
    order = np.argsort(pixel, kind="stable")
    pixel, t, p = pixel[order], t[order], p[order]
    dt = np.diff(t)
    long = (pixel[1:] == pixel[:-1]) & (dt >= 1000)
    four = [dt[long & (p[:-1] == a) & (p[1:] == b)] for a in (0, 1) for b in (0, 1)]
    none = np.ones(len(QUANTILES))
    return np.log([np.quantile(some, QUANTILES) if some.size else none for some in four])


def on_shares(columns: Columns) -> np.ndarray:
    """Share of ON in each ninth of the time."""
    ninth = columns[1] * 9 // END_US
    return np.bincount(ninth, columns[4], 9) / np.maximum(np.bincount(ninth, minlength=9), 1)


class Target:
    """What a model should make of some recordings, and how far it is from it."""

    def __init__(self, some: Columns, n: int) -> None:
        self.n, self.counts = n, counts(some, n, 21).reshape(n, -1).astype(np.float32)
        self.course, self.few = course(some, n), self._few(self.counts)
        self.intervals, self.on_shares = intervals(some), on_shares(some)

    def _few(self, found: np.ndarray) -> np.ndarray:
        per_pixel = found.reshape(self.n, 21, -1).sum(axis=1)
        return np.array([(per_pixel == k).mean() for k in range(3)])

    def distance(self, columns: Columns) -> float:
        """One minus the correlation, and errors of what does not depend on the place."""
        found = counts(columns, self.n, 21).reshape(self.n, -1).astype(np.float32)
        a, b = (c - c.mean(axis=1, keepdims=True) for c in (found, self.counts))
        scale = np.sqrt((a**2).sum(axis=1) * (b**2).sum(axis=1))
        rate = course(columns, self.n)
        return float(
            1 - np.mean((a * b).sum(axis=1) / np.maximum(scale, 1e-9))
            + 0.4 * np.abs(rate - self.course).sum() / self.course.sum()
            + 0.3 * abs(np.log((rate.sum() + 1e-6) / self.course.sum()))
            + 3.0 * np.abs(on_shares(columns) - self.on_shares).mean()
            + 1.5 * np.abs(intervals(columns) - self.intervals).mean()
            + 0.3 * np.abs(self._few(found) - self.few).sum()
        )  # fmt: skip


CAMERA: dict[str, float] = {
    "contrast_threshold_on": 0.35, "contrast_threshold_off": 0.31, "threshold_mismatch": 0,
    "leak_rate_hz": 0.33, "leak_jitter": 0.12, "noise_rate_spread_decades": 0.2,
    "refractory_period_us": 250,
}  # fmt: skip
"""Where the search begins, by eye. By what pixels differ is measured afterwards."""


def straight(rate: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Straight saccades, as fast as a rate says: x and y at the nodes, px."""
    speed = np.zeros((2, NODES))
    for start, stop, dx, dy in LEGS:
        leg = slice(start // STEP_US, stop // STEP_US)
        speed[:, leg] = np.outer((dx, dy), rate[leg] / rate[leg].sum())
    x, y = np.cumsum(speed, axis=1) - speed
    return x - 2.7, y - 1.9


def first_guess(real: Columns) -> Model:
    """Straight saccades, as fast as there are events."""
    rate = np.histogram(real[1], np.arange(0, END_US + 1, STEP_US))[0].astype(np.float64)
    x, y = straight(rate - np.quantile(rate, 0.03))
    return Model(tuple(x.tolist()), tuple(y.tolist()), 0.6, 25.0, CAMERA)


def changed(model: Model, rng: np.random.Generator) -> Model:
    """Change a stretch of the path, all of it, or some numbers of camera and display."""
    choice = rng.random()
    if choice < 0.6:
        axis = "x_px" if rng.random() < 0.5 else "y_px"
        values = np.array(getattr(model, axis))
        if choice < 0.5:
            away = np.abs(np.arange(NODES) - rng.integers(NODES))
            width = 10 ** rng.uniform(0.3, 1.3)
            bump = np.exp(-0.5 * (np.minimum(away, NODES - away) / width) ** 2)
            values += rng.normal() * 10 ** rng.uniform(-2.3, -0.2) * bump
        elif choice < 0.55:
            values += rng.normal() * 10 ** rng.uniform(-2, -0.3)
        else:
            values *= np.exp(0.05 * rng.normal())
        new: dict[str, Any] = {axis: tuple(values.tolist())}
        return replace(model, **new)
    camera = dict(model.camera)
    for _ in range(rng.integers(1, 4)):
        factor = float(np.exp(rng.normal() * 10 ** rng.uniform(-2, -0.5)))
        kind = rng.integers(6)
        if kind == 0:
            model = replace(model, blur_px=model.blur_px * factor)
        elif kind == 1:
            model = replace(model, ambient_dn=model.ambient_dn * factor)
        elif kind == 2:
            period = camera["refractory_period_us"] * factor**3
            camera["refractory_period_us"] = int(np.clip(round(period), 1, 5000))
        on, off = "contrast_threshold_on", "contrast_threshold_off"
        for name in {3: (on,), 4: (off,), 5: (on, off)}.get(int(kind), ()):
            camera[name] = float(np.clip(camera[name] * factor, 0.05, 2))
    return replace(model, camera=camera)


def search(
    model: Model, images: np.ndarray, target: Target, steps: range, seed: int,
    tell: Callable[[int, Model, float], None] = lambda done, best, low: None,
) -> Model:  # fmt: skip
    """Random search; keeps what is better. What a step tries depends on (seed, step) alone."""
    best, low = model, target.distance(model.record(images, TRIED_RUN_IN_US))
    console = Console(stderr=True)
    quiet = not console.is_terminal
    for n in track(steps, "searching", console=console, transient=True, disable=quiet):
        trial = changed(best, np.random.default_rng((seed, n)))
        found = target.distance(trial.record(images, TRIED_RUN_IN_US))
        if found < low:
            best, low = trial, found
        if (n + 1) % TOLD_EVERY == 0:
            tell(n + 1, best, low)
    return best


def nearer_speed(
    model: Model, found: Columns, real: Columns, n: int, strength: float = 0.8
) -> Model:
    """Go faster where too few events came, and slower where too many did."""
    wanted, came = (np.maximum(course(some, n) - 1, 0.3) for some in (real, found))
    middles = (np.arange(wanted.size) + 0.5) * 2 * STEP_US
    factor = np.interp((np.arange(NODES) + 0.5) * STEP_US, middles,
                       np.clip((wanted / came) ** strength, 0.3, 3))  # fmt: skip
    axes = []
    for values in (np.array(model.x_px), np.array(model.y_px)):
        speed = np.diff(np.append(values, values[0]))
        moved = speed * factor
        for start, stop, *_ in LEGS:
            leg = slice(start // STEP_US, stop // STEP_US)
            way, made = speed[leg].sum(), moved[leg].sum()
            half = slice(start // STEP_US // 2, stop // STEP_US // 2)
            if abs(made) > 0.5:
                more = (came[half].sum() / wanted[half].sum()) ** -0.6
                moved[leg] *= np.clip(way * more / made, 0.7, 1.4)
        moved -= moved.sum() * np.abs(moved) / np.abs(moved).sum()
        new = np.cumsum(moved) - moved
        axes.append(tuple((new - new.mean() + values.mean()).tolist()))
    return replace(model, x_px=axes[0], y_px=axes[1])


def even_speed(model: Model, images: np.ndarray, real: Columns, rounds: int = 8) -> Model:
    """The speed at which as many events come as in reality, at any time."""
    for _ in range(rounds):
        model = nearer_speed(model, model.record(images, TRIED_RUN_IN_US), real, len(images))
    return model


def as_dataset(images: np.ndarray, card: Path) -> Columns:
    """Events of all images as a dataset of a card has them: with device, aim and readout."""
    method = load_dataset_card(card).make_method()
    if not isinstance(method, SaccadeMethod):
        raise ConfigError(f"{card} is no card of moved images.")
    size, rows = SensorSize(SIDE, SIDE), []
    for k, image in enumerate(images):
        seed = recording_seed(1, k)
        source = moved_image(image, method.motion, size=size, seed=seed)
        packets = simulate_source(source, method.camera, seed=seed)
        events = Events.concatenate([packet.events for packet in packets], size)
        events = events[events.t < END_US]
        number = np.full(len(events), k)
        rows.append(
            (number, events.t, *(c.astype(np.int64) for c in (events.x, events.y, events.p)))
        )
    return tuple(np.concatenate(columns) for columns in zip(*rows, strict=True))


def polish(model: Model, device: np.ndarray, images: np.ndarray, real: Columns, out: Path) -> Model:
    """Speeds and thresholds once more, in the dataset as it will be."""
    for _ in range(POLISHED):
        write_card(model, device, out)
        found = as_dataset(images, out / "card.toml")
        camera = dict(model.camera)
        for name, on in (("contrast_threshold_on", 1), ("contrast_threshold_off", 0)):
            # A threshold so much higher makes so many events fewer; half of it, with the speeds.
            camera[name] *= float((found[4] == on).sum() / (real[4] == on).sum()) ** 0.5
        model = nearer_speed(model, found, real, len(images), strength=0.3)
        model = replace(model, camera=camera)
    return model


def measure_device(model: Model, images: np.ndarray, real: Columns) -> tuple[np.ndarray, float]:
    """What is peculiar to each pixel of the camera, and its mean leak rate.

    Where nothing of an image comes near a pixel, its events are noise: ON at about one rate is
    leak, more is a hot pixel, and so is OFF. Elsewhere, how many events it makes compared with the
    model says its thresholds.

    Returns
    -------
    (34, 34, 6) ndarray
        As the columns of a device map, from threshold_on on.
    float
        Hz.
    """
    n, seconds = len(images), END_US * 1e-6
    clean = np.concatenate([
        counts(model.record(some, END_US, noise=False), len(some))
        for some in np.array_split(images, -(-n // 100))
    ])[:, 0]  # fmt: skip
    seen = counts(real, n)[:, 0]
    quiet = maximum_filter(clean.sum(axis=1), size=(1, 5, 5)) == 0
    watched_s = quiet.sum(axis=0) * seconds
    noise = (seen * quiet[:, None]).sum(axis=0)
    rate_hz = noise / np.maximum(watched_s, 1e-9)
    # Chosen by eye: five times the leak, or OFF as often as leak, seen often enough.
    hot = (quiet.sum(axis=0) > 30) & (
        ((rate_hz[0] > 0.1) & (noise[0] >= 5)) | ((rate_hz[1] > 1.6) & (noise[1] >= 5))
    )
    mean = seen.mean(axis=0)
    around = np.stack([median_filter(mean[p], 5) for p in (0, 1)])
    # Far more of both signs than all around: its light jumps.
    jumps = ((mean - around) > 1.9).all(axis=0)
    hot |= jumps
    leak_hz = float(noise[1][~hot].sum() / watched_s[~hot].sum())
    leak = np.where(hot, 1.0, (noise[1] + 5) / (watched_s * leak_hz + 5))  # 5: drawn to the mean
    hot_hz = np.where(hot, np.maximum(rate_hz - np.array([0, leak_hz])[:, None, None], 0), 0)
    hot_hz = np.where(jumps, np.maximum(mean - around, 0) / seconds, hot_hz)
    expected = clean.mean(axis=0)
    own = mean - np.stack([np.zeros_like(leak), leak_hz * seconds * leak])
    gain = np.clip((np.maximum(own, 0) * n + 8) / (expected * n + 8), 0.4, 2.5)
    gain[(expected < 0.2) | hot] = 1.0
    # By what pixels differ, and not what all do: that is in the thresholds of the model.
    gain /= ((gain * expected).sum(axis=(1, 2)) / expected.sum(axis=(1, 2)))[:, None, None]
    table = np.stack([
        1 / gain[1], 1 / gain[0], leak, hot_hz.sum(axis=0),
        np.where(hot_hz.sum(axis=0) > 0, hot_hz[1] / np.maximum(hot_hz.sum(axis=0), 1e-9), 1),
        np.where(jumps & (hot_hz.sum(axis=0) > 20), 2.5, 1.0),
    ], axis=-1)  # fmt: skip
    return table, leak_hz


def write_card(model: Model, device: np.ndarray, out: Path) -> None:
    """A dataset card that is like n-mnist-sim, with its path and its device map."""
    path = model.path(0)
    rows = zip(path.t_us.tolist(), path.x_px.tolist(), path.y_px.tolist(), strict=True)
    lines = ["t_us,x_px,y_px", *(f"{t},{x:.3f},{y:.3f}" for t, x, y in rows)]
    (out / "nmnist_path.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    lines = ["x,y,threshold_on,threshold_off,noise,hot_hz,hot_on_share,hot_burst"]
    for y, x in np.ndindex(SIDE, SIDE):
        on, off, leak, hot, share, burst = device[y, x].tolist()
        lines.append(f"{x},{y},{on:.3f},{off:.3f},{leak:.2f},{hot:.2f},{share:.2f},{burst:g}")
    (out / "nmnist_device.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    text = find("n-mnist-sim.toml").read_text(encoding="utf-8")
    old = tomllib.loads(text)
    values = {"blur_px": f"{model.blur_px:.3f}", "ambient_dn": f"{model.ambient_dn:.1f}"}
    values |= {name: f"{model.camera[name]:.4g}" for name in old["camera"]["settings"]
               if name in model.camera}  # fmt: skip
    kept = []
    for line in text.split("\n"):
        name, equals, rest = line.partition(" = ")
        comment = rest.partition("#")[2]
        if equals and name.strip() in values:
            line = f"{name} = {values[name.strip()]}" + (f"  #{comment}" if comment else "")
        kept.append(line)
    (out / "card.toml").write_text("\n".join(kept), encoding="utf-8")


def read_recordings(recordings: Path, mnist: Path, most: int) -> tuple[np.ndarray, Columns]:
    """Digits (N, 28, 28), and the events of the recordings of them."""
    with _opened(recordings) as data:
        names = ("t", "x", "y", "p", "offsets", "mnist_index")
        missing = [name for name in names if name not in data]
        if missing:
            raise SourceError(
                f"{recordings} must hold {', '.join(names)}; {missing[0]} is missing."
            )
        *columns, offsets, index = (data[name].astype(np.int64) for name in names)
    with _opened(mnist) as data:
        found = [name for name in ("train_images", "x_train") if name in data]
        if not found:
            raise SourceError(f"{mnist} must hold train_images or x_train, found {list(data)}.")
        images = data[found[0]]
    if not 20 <= most <= len(index):
        raise ConfigError(f"recordings must be 20 to {len(index)}, found {most}.")
    stop = int(offsets[most])
    number = np.repeat(np.arange(most), np.diff(offsets[: most + 1]))
    inside = columns[0][:stop] < END_US
    columns = [number, *(column[:stop] for column in columns)]
    return images[index[:most]], tuple(column[inside] for column in columns)


def model_of(values: dict[str, Any]) -> Model:
    """A model as it was written."""
    axes = {name: tuple(values[name]) for name in ("x_px", "y_px")}
    return Model(**(values | axes))


def read_model(path: Path) -> Model:
    """The model of a model.json."""
    try:
        return model_of(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise SourceError(f"{path} cannot be read: {error}. Give a model.json.") from error


def quick_files(out: Path) -> tuple[Path, Path]:
    """Recordings of shapes by a camera with some blur and light, as .npz, and their images."""
    out.mkdir(parents=True, exist_ok=True)
    images, _ = draw_shapes(QUICK.recordings_used, side_px=DIGIT, seed=1)
    way_x, way_y = straight(np.ones(NODES))
    model = Model(tuple(way_x.tolist()), tuple(way_y.tolist()), 0.9, 40.0, CAMERA)
    k, t, x, y, p = model.record(images, TRIED_RUN_IN_US)
    order = np.lexsort((t, k))
    columns: dict[str, Any]
    columns = {"t": t[order], "x": x[order], "y": y[order], "p": p[order].astype(bool)}
    number = np.arange(len(images))
    offsets = np.searchsorted(k[order], np.append(number, len(images)))
    np.savez(out / "real.npz", **columns, offsets=offsets, mnist_index=number)
    np.savez(out / "shapes.npz", x_train=images)
    return out / "real.npz", out / "shapes.npz"


def _opened(path: Path) -> Any:
    try:
        return np.load(path, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise SourceError(f"{path} cannot be read: {error}. Give a .npz.") from error


@dataclass(frozen=True)
class Settings:
    """What decides the fit.

    Attributes
    ----------
    recordings_used
        So many at the beginning are for fitting; nothing is known of the others.
    steps
        Of the search; three a second on one core.
    start
        A model.json to go on from.
    seed
        Of the search.
    """

    recordings_used: int = 500
    steps: Annotated[int, Parameter(validator=validators.Number(gte=0))] = 2000
    start: Path | None = None
    seed: int = 1


QUICK = Settings(recordings_used=40, steps=100)

app = App(help=(__doc__ or "").split("\n")[0], result_action="return_value",
          suppress_keyboard_interrupt=False)  # fmt: skip


@app.default
def main(
    recordings: Path | None = None,
    mnist: Path | None = None,
    *,
    out: Path = Path("fitted"),
    quick: Annotated[bool, Parameter(negative="")] = False,
    settings: Annotated[Settings, Parameter(name="*")] = Settings(),
) -> int:
    """Fit everything; write card.toml, nmnist_path.csv, nmnist_device.csv and model.json.

    Parameters
    ----------
    recordings, mnist
        Real recordings, and the images that they show.
    out
        Folder to write to.
    quick
        Fit a few recordings of shapes that are simulated first, in some seconds.
    """
    if quick:
        settings, (recordings, mnist) = QUICK, quick_files(out)
    if recordings is None or mnist is None:
        raise ConfigError("expected RECORDINGS.npz and MNIST.npz, found less. Or give --quick.")
    images, real = read_recordings(recordings, mnist, settings.recordings_used)
    out.mkdir(parents=True, exist_ok=True)
    few, some = min(SEARCHED, len(images)), min(200, len(images))
    target = Target(tuple(c[real[0] < few] for c in real), few)
    first = tuple(c[real[0] < some] for c in real)
    files = {"recordings": str(recordings.resolve()), "mnist": str(mnist.resolve())}
    asked = files | asdict(settings) | {"start": str(settings.start or "")}
    results, recipe, started = out / "results.json", "fit_nmnist", time.monotonic()
    before = results_so_far(results, recipe, asked)
    if before:
        done, model = before["figures"]["steps"], model_of(before["figures"]["model"])
        started -= before["seconds"]
    else:
        done, model = 0, first_guess(real)
        if settings.start is not None:
            model = read_model(settings.start)
        model = even_speed(model, images[:some], first)

    def distance(some: Model) -> float:
        return target.distance(some.record(images[:few], TRIED_RUN_IN_US))

    curve = before["figures"]["curve"] if before else [(0, distance(model))]

    def tell(done: int, best: Model, low: float, score: dict[str, float] | None = None) -> None:
        if done > curve[-1][0]:
            curve.append((done, low))
        figures = {"steps": done, "model": asdict(best), "curve": curve}
        write_results(results, recipe, asked, figures, score=score,
                      seconds=time.monotonic() - started, quick=quick)  # fmt: skip

    model = search(model, images[:few], target, range(done, settings.steps), settings.seed, tell)
    low = distance(model)
    print(f"distance {curve[0][1]:.4f}, and {low:.4f} after the search", flush=True)
    tell(settings.steps, model, low, {"distance": low})
    model = even_speed(model, images[:some], first)
    device, leak_hz = measure_device(model, images, real)
    model = replace(model, camera=model.camera | {"leak_rate_hz": round(leak_hz, 3)})
    model = polish(model, device, images, real, out)
    (out / "model.json").write_text(json.dumps(asdict(model), indent=1), encoding="utf-8")
    write_card(model, device, out)
    print(f"wrote {out / 'card.toml'}, and beside it the path, the device map and model.json")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(app())
    except EventSimError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("stopped; the same command resumes", file=sys.stderr)
        sys.exit(130)
