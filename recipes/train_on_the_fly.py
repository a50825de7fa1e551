"""Train a spiking network on events that are made of images on the fly.

    eventsim run train_on_the_fly FOLDER --out trained
    eventsim run train_on_the_fly FOLDER --preset i2e_baseline_2
    eventsim run train_on_the_fly REAL.zarr --preset i2e_transfer --start trained/checkpoint.pt
    eventsim run train_on_the_fly --quick

FOLDER is a set of images with a train and a test split: idx files of MNIST or Fashion-MNIST, a
CIFAR folder, or train/CLASS/ and test/CLASS/. No event ever lies on disk: every batch of images
becomes eight planes of events (I2E), with other directions, thresholds, noise, shifts and flips in
each epoch. REAL.zarr is a dataset of recordings with both splits, cut into eight frames of equal
numbers of events: to go on from planes to a camera.

The network is a small one of two spiking convolutions, or the MS-ResNet of I2E's authors. A preset
is a TOML file of settings; `eventsim show i2e_baseline_1` prints one. Images are held in memory. If
it is interrupted, the same command resumes from the last epoch.
"""

import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol

import numpy as np
from cyclopts import App, Parameter, validators
from cyclopts.config import Toml
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn, track

from eventsim.errors import ConfigError, EventSimError
from eventsim.planes.directions import PLANES
from eventsim.planes.i2e import i2e
from eventsim.random import Draws
from eventsim.results import write_results
from eventsim.shipped import find
from eventsim.stills.image_sets import open_image_set
from eventsim.stills.resizing import resize_image
from eventsim.stills.shapes import draw_shapes

Count = Annotated[int, Parameter(validator=validators.Number(gte=1))]
NotNegative = Annotated[float, Parameter(validator=validators.Number(gte=0))]
Share = Annotated[float, Parameter(validator=validators.Number(gte=0, lte=1))]


@dataclass(frozen=True)
class Settings:
    """What decides the result; a run that is resumed must have the same.

    Attributes
    ----------
    network
        Two spiking convolutions, or a membrane-shortcut residual network.
    size
        Images are resized to so many pixels per side...
    enlarge
        ... shifted and flipped, and then made so many times as large.
    ratio
        Threshold of I2E, a share of the range of values of an image.
    directions
        Of the eight movements: the default ones, or others for each image and epoch.
    threshold_spread
        Thresholds of batches lie between 1/(1+s) and 1+s times `ratio`: cameras differ.
    noise
        Up to this share of the zeros of a batch become events.
    shift_px
        Images are shifted by up to so many pixels, before they are made larger.
    flip
        Half of the images are mirrored (not for digits: --no-flip).
    schedule
        One cycle up and down, or half a cosine.
    last_learning_rate
        Of the cosine.
    start
        A checkpoint.pt whose weights are the first ones.
    limit
        Only the first so many images of each split; 0 is all.
    """

    network: Literal["small", "ms-resnet18", "ms-resnet34"] = "small"
    epochs: Count = 6
    batch: Count = 128
    size: Count = 32
    enlarge: Count = 1
    ratio: Share = 0.15
    directions: Literal["default", "random"] = "random"
    threshold_spread: NotNegative = 0.0
    noise: Share = 0.0
    shift_px: Annotated[int, Parameter(validator=validators.Number(gte=0))] = 2
    flip: bool = True
    optimizer: Literal["adamw", "sgd"] = "adamw"
    schedule: Literal["one-cycle", "cosine"] = "one-cycle"
    learning_rate: NotNegative = 5e-3
    last_learning_rate: NotNegative = 0.0
    weight_decay: NotNegative = 1e-4
    label_smoothing: Share = 0.1
    start: str = ""
    seed: int = 1
    limit: Annotated[int, Parameter(validator=validators.Number(gte=0))] = 0


app = App(
    help=(__doc__ or "").split("\n")[0],
    result_action="return_value",
    suppress_keyboard_interrupt=False,
)


@app.default
def main(
    source: Path | None = None,
    *,
    out: Path = Path("trained"),
    quick: Annotated[bool, Parameter(negative="")] = False,
    settings: Annotated[Settings, Parameter(name="*")] = Settings(),
) -> int:
    """Train on the train split, test on the test split after every epoch.

    Parameters
    ----------
    source
        Set of images, or dataset of recordings, with both splits.
    out
        Folder for checkpoint.pt, results.json and confusion.png.
    quick
        Draw shapes and train on these, in some seconds.
    """
    if quick:
        torch.set_num_threads(1)  # so small that more would wait for each other
        source, settings = draw_images(out), QUICK
    if source is None:
        raise ConfigError("expected a set of images, found none. Give one, or --quick.")
    return learn(str(source.resolve()), settings, out)


@app.meta.default
def launch(
    *words: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
    preset: Annotated[str, Parameter(help="Settings from a TOML file; options count more.")] = "",
) -> Any:
    """Take the settings of a preset first, then those of the command line."""
    if preset:
        path = Path(preset)
        path = path if path.is_file() else find(preset)
        app.config = (Toml(path, root_keys=["settings"], must_exist=True, search_parents=False),)
    return app(words)


QUICK = Settings(epochs=4, batch=32, size=20, threshold_spread=0.2, noise=0.002)


def draw_images(out: Path) -> Path:
    """Shapes of four classes, for a quick run."""
    out.mkdir(parents=True, exist_ok=True)
    images, labels = draw_shapes(600, seed=1)
    more, of_more = draw_shapes(200, seed=2)
    np.savez(out / "shapes.npz", x_train=images, y_train=labels, x_test=more, y_test=of_more)
    return out / "shapes.npz"


try:
    import snntorch
    import torch
    import torch.nn.functional as F
    from torch import Tensor, nn

    from eventsim.training.activity import measure_activity
    from eventsim.training.checkpoint import load_checkpoint, load_part, save_checkpoint
    from eventsim.training.epochs import epoch_seed
    from eventsim.training.frame_set import FrameSet, read_frame_set
    from eventsim.training.ms_resnet import BLOCKS, LeakyOverTime, MSResNet
    from eventsim.training.seeding import begin_epoch, shuffled
except ImportError as error:
    if __name__ == "__main__" and {"--help", "-h"} & {*sys.argv}:
        sys.exit(app.meta())
    sys.exit(f"error: {error}. Install what spiking networks need: pip install 'eventsim-dvs[snn]'")

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"


class SmallNet(nn.Module):
    """Two spiking convolutions and a read-out; (B, 8, 2, H, W) to (B, classes)."""

    def __init__(self, classes: int, size: int) -> None:
        super().__init__()
        self.convolutions = nn.ModuleList(
            [nn.Conv2d(2, 32, 5, stride=2, padding=2, bias=False),
             nn.Conv2d(32, 64, 3, stride=2, padding=1, bias=False)]
        )  # fmt: skip
        self.norms = nn.ModuleList([nn.BatchNorm2d(32), nn.BatchNorm2d(64)])
        self.neurons = nn.ModuleList([LeakyOverTime() for _ in range(2)])
        side = (size + 3) // 4  # halved twice, rounded up
        self.readout = nn.Linear(64 * side * side, classes)

    def forward(self, spikes: Tensor) -> Tensor:
        """Scores of the classes, means over the time steps."""
        for convolve, norm, fire in zip(self.convolutions, self.norms, self.neurons, strict=True):
            # All time steps at once where nothing is remembered.
            current = norm(convolve(spikes.flatten(0, 1))).unflatten(0, spikes.shape[:2])
            spikes = fire(current)
        return self.readout(spikes.flatten(2).mean(1))


def make_net(settings: Settings, classes: int, side_px: int) -> nn.Module:
    """New weights, or those of a checkpoint where they fit: all but the read-out of other classes.

    Raises
    ------
    ConfigError
        If the checkpoint is of another network.
    """
    begin_epoch(settings.seed, 0)
    small = settings.network == "small"
    net = SmallNet(classes, side_px) if small else MSResNet(classes, BLOCKS[settings.network])
    if settings.start:
        saved = load_part(Path(settings.start), "net")
        own = net.state_dict()
        fits = {k: v for k, v in saved.items() if k in own and own[k].shape == v.shape}
        if [k for k in own if k not in fits and not k.startswith("readout")]:
            raise ConfigError(f"{settings.start} is of another network than {settings.network}.")
        net.load_state_dict(fits, strict=False)
    return net.to(DEVICE)


class Split(Protocol):
    """What can be trained or tested on: planes (B, 8, 2, H, W) of float32 from numbers."""

    @property
    def labels(self) -> np.ndarray:
        """Class numbers."""

    @property
    def classes(self) -> tuple[str, ...]:
        """Names."""

    def planes(self, index: np.ndarray, epoch: int | None) -> Tensor:
        """As they are seen in an epoch of training, or in a test."""


@dataclass
class Images:
    """Images of a split in memory, (N, C, H, W) uint8, made into events when they are asked for."""

    values: np.ndarray
    labels: np.ndarray
    classes: tuple[str, ...]
    settings: Settings
    seconds: float = 0.0

    def planes(self, index: np.ndarray, epoch: int | None) -> Tensor:
        """Planes of some images; for training, of another camera and another look at each."""
        began, how = time.perf_counter(), self.settings
        values, ratio, options = self.values[index], how.ratio, dict[str, Any]()
        if epoch is not None:
            seed = epoch_seed(how.seed, epoch)
            draws = Draws.of(seed, index=int(index[0]))
            ratio *= (1 + how.threshold_spread) ** draws.between(0, (-1.0, 1.0))
            values = moved(values, how, seed, index)
            options = {"directions": how.directions, "seed": seed, "samples": index}
        planes = i2e(enlarged(values, how.enlarge), min(ratio, 1.0), **options)
        found = torch.from_numpy(planes).float()
        if epoch is not None and how.noise:
            generator = torch.Generator().manual_seed(draws.integer(1, 0, 2**62))
            drawn = torch.rand(found.shape, generator=generator)
            found = torch.maximum(found, drawn < draws.uniform(2) * how.noise)
        self.seconds += time.perf_counter() - began
        return found


@dataclass
class Recordings:
    """Recordings of a split as eight event frames, ones where there are events, as in planes."""

    held: FrameSet
    settings: Settings
    seconds: float = 0.0

    @property
    def labels(self) -> np.ndarray:
        """Class numbers."""
        return self.held.labels.numpy()

    @property
    def classes(self) -> tuple[str, ...]:
        """Names."""
        return self.held.classes

    def planes(self, index: np.ndarray, epoch: int | None) -> Tensor:
        """Planes of some recordings, shifted and flipped for training."""
        values = self.held.frames[index].clamp(max=1).numpy()
        if epoch is not None:
            flat = values.reshape(len(values), -1, *values.shape[-2:])
            seed = epoch_seed(self.settings.seed, epoch)
            values = moved(flat, self.settings, seed, index).reshape(values.shape)
        return torch.from_numpy(values).float()


def moved(values: np.ndarray, settings: Settings, seed: int, index: np.ndarray) -> np.ndarray:
    """Shift and flip each image, (N, C, H, W), as a function of (seed of the epoch, index)."""
    out, reach = np.empty_like(values), settings.shift_px
    height, width = values.shape[-2:]
    padded = np.pad(values, ((0, 0), (0, 0), (reach, reach), (reach, reach)), mode="edge")
    for k, i in enumerate(index.tolist()):
        draws = Draws.of(seed, 1, i)
        dx, dy = (draws.integer(n, 0, 2 * reach) for n in (0, 1))
        image = padded[k, :, dy : dy + height, dx : dx + width]
        out[k] = image[..., ::-1] if settings.flip and draws.uniform(2) < 0.5 else image
    return out


def enlarged(values: np.ndarray, times: int) -> np.ndarray:
    """Images so many times as large."""
    if times == 1:
        return values
    size = (times * values.shape[-1], times * values.shape[-2])
    large = [
        np.stack([resize_image(channel, size, fit="stretch") for channel in image])
        for image in values
    ]
    return np.stack(large)


def read_split(path: str, split: str, settings: Settings) -> Images | Recordings:
    """Read a split into memory, images in the size of training."""
    if Path(path).suffix == ".zarr":
        limit = settings.limit or None
        held = read_frame_set(path, split=split, bins=PLANES, duration_us=None, limit=limit)
        return Recordings(held, settings)
    found = open_image_set(path, split=split)
    if not found.classes:
        raise ConfigError(f"{path} has no labels. Give a set with classes.")
    n = min(len(found), settings.limit or len(found))
    size = (settings.size, settings.size)
    number = {name: k for k, name in enumerate(found.classes)}
    values = []
    console = Console(stderr=True)
    quiet = not console.is_terminal
    for i in track(range(n), f"reading {split}", console=console, transient=True, disable=quiet):
        image = resize_image(found[i].values, size, fit="stretch")
        values.append(image[None] if image.ndim == 2 else image.transpose(2, 0, 1))
    labels = np.array([number[found.label(i)] for i in range(n)])
    return Images(np.stack(values), labels, found.classes, settings)


def train_epoch(
    net: nn.Module, step: Any, data: Split, settings: Settings, epoch: int, progress: Any
) -> None:
    """One pass over the training split."""
    net.train()
    begin_epoch(settings.seed, epoch)
    order = shuffled(len(data.labels), settings.seed, epoch).numpy()
    for start in range(0, len(order), settings.batch):
        index = order[start : start + settings.batch]
        planes = data.planes(index, epoch).to(DEVICE)
        with torch.autocast(DEVICE, torch.bfloat16, enabled=DEVICE == "cuda"):
            scores = net(planes)
        labels = torch.from_numpy(data.labels[index]).to(DEVICE)
        loss = F.cross_entropy(scores.float(), labels, label_smoothing=settings.label_smoothing)
        step(loss)
        progress(len(index), loss.item())


@torch.no_grad()
def confusion_of(net: nn.Module, data: Split, batch: int) -> np.ndarray:
    """Counts (true class, predicted class)."""
    net.eval()
    table = np.zeros((len(data.classes),) * 2, np.int64)
    for start in range(0, len(data.labels), batch):
        index = np.arange(start, min(start + batch, len(data.labels)))
        found = net(data.planes(index, None).to(DEVICE)).argmax(1).cpu().numpy()
        np.add.at(table, (data.labels[index], found), 1)
    return table


def draw_confusion(table: np.ndarray, classes: tuple[str, ...], path: Path) -> None:
    """Picture of the confusion, each row as shares of its class."""
    import matplotlib.pyplot as plt

    shares = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    side = min(10.0, 2 + 0.45 * len(classes))
    figure, axis = plt.subplots(figsize=(side, side))
    axis.imshow(np.sqrt(shares), cmap="Blues", vmin=0, vmax=1)
    if len(classes) <= 20:
        for y, x in np.ndindex(*table.shape):
            if table[y, x]:
                color = "white" if shares[y, x] > 0.4 else "black"
                axis.text(x, y, str(table[y, x]), ha="center", va="center", size=7, color=color)
        axis.set_xticks(range(len(classes)), classes, rotation=90)
        axis.set_yticks(range(len(classes)), classes)
    axis.set_xlabel("predicted")
    axis.set_ylabel("true")
    axis.set_title(f"{np.trace(table) / table.sum():.2%} of {table.sum():,} right")
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)


def make_steps(net: nn.Module, settings: Settings, steps: int) -> tuple[Any, Any]:
    """The optimizer, and the schedule of its learning rate over so many steps."""
    rate, decay = settings.learning_rate, settings.weight_decay
    optimizer: torch.optim.Optimizer
    if settings.optimizer == "sgd":
        optimizer = torch.optim.SGD(net.parameters(), rate, momentum=0.9, weight_decay=decay)
    else:
        optimizer = torch.optim.AdamW(net.parameters(), rate, weight_decay=decay)
    schedules = torch.optim.lr_scheduler
    if settings.schedule == "cosine":
        last = settings.last_learning_rate
        return optimizer, schedules.CosineAnnealingLR(optimizer, steps, eta_min=last)
    return optimizer, schedules.OneCycleLR(optimizer, rate, total_steps=steps)


def learn(source: str, settings: Settings, out: Path) -> int:
    """Train as the settings say, from the last epoch that is kept in a folder."""
    epochs = settings.epochs
    out.mkdir(parents=True, exist_ok=True)
    train, test = (read_split(source, split, settings) for split in ("train", "test"))
    first = test.planes(np.arange(min(settings.batch, len(test.labels))), None)
    net = make_net(settings, len(train.classes), first.shape[-1])
    steps = epochs * -(-len(train.labels) // settings.batch)
    optimizer, schedule = make_steps(net, settings, steps)
    parts: dict[str, Any] = {"net": net, "optimizer": optimizer, "schedule": schedule}
    asked = {"source": source, **asdict(settings)}
    history = load_checkpoint(out / "checkpoint.pt", asked, parts) or []
    if history:
        print(f"resumes after epoch {len(history)} of {epochs}")

    def step(loss: Tensor) -> None:
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()

    table = confusion_of(net, test, settings.batch) if len(history) >= epochs else np.empty(0)
    for epoch in range(len(history), epochs):
        began, train.seconds = time.perf_counter(), 0.0
        run_epoch(net, step, train, settings, epoch)
        seconds = time.perf_counter() - began
        table = confusion_of(net, test, settings.batch)
        history.append({
            "accuracy": float(np.trace(table) / table.sum()),
            "seconds": round(seconds, 2),
            "images_per_s": round(len(train.labels) / seconds, 1),
            "conversion_share": round(train.seconds / seconds, 4),
        })  # fmt: skip
        last = history[-1]
        words = f"epoch {epoch + 1}: {last['accuracy']:.2%} right, {last['images_per_s']:.0f}"
        share = f"{last['conversion_share']:.1%} of the time making events"
        print(f"{words} images/s, {share}", flush=True)
        save_checkpoint(out / "checkpoint.pt", asked, parts, history)
    total = sum(row["seconds"] for row in history)
    activity = measure_activity(net, first.to(DEVICE), (snntorch.Leaky,))
    figures = {"epochs": history, **asdict(activity)}
    write_results(out / "results.json", "train_on_the_fly", asked, figures, seconds=total,
                  score={"accuracy": history[-1]["accuracy"]}, quick=settings == QUICK)  # fmt: skip
    draw_confusion(table, train.classes, out / "confusion.png")
    print(f"{history[-1]['accuracy']:.2%} right after {epochs} epochs and {total / 60:.1f} minutes")
    return 0


def run_epoch(net: nn.Module, step: Any, train: Split, settings: Settings, epoch: int) -> None:
    """One epoch, with a bar."""
    columns = (
        TextColumn(f"epoch {epoch + 1} of {settings.epochs}"),
        BarColumn(),
        TextColumn("{task.fields[rate]:.0f} images/s  loss {task.fields[loss]:.3f}"),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    quiet = not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=quiet) as bar:
        task = bar.add_task("", total=len(train.labels), rate=0.0, loss=0.0)
        started = time.perf_counter()

        def progress(n: int, loss: float) -> None:
            bar.advance(task, n)
            done = bar.tasks[0].completed
            bar.update(task, rate=done / (time.perf_counter() - started), loss=loss)

        train_epoch(net, step, train, settings, epoch, progress)


if __name__ == "__main__":
    try:
        sys.exit(app.meta())
    except EventSimError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("stopped; the same command resumes from the last epoch", file=sys.stderr)
        sys.exit(130)
