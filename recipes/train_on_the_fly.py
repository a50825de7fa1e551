"""Train a small spiking network on events that are made of images on the fly.

    eventsim run train_on_the_fly FOLDER --out trained
    eventsim run train_on_the_fly --quick

FOLDER is a set of images with a train and a test split: idx files of MNIST or Fashion-MNIST, a
CIFAR folder, or train/CLASS/ and test/CLASS/. No event ever lies on disk: every batch of images
becomes eight planes of events (I2E), with other directions, shifts and flips in each epoch.

The network: two convolutions with leaky integrate-and-fire neurons, and a read-out that adds up
over the eight time steps. If it is interrupted, the same command resumes from the last epoch.
"""

import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from cyclopts import App, Parameter
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn, track

from eventsim.errors import ConfigError, EventSimError
from eventsim.planes.i2e import i2e
from eventsim.random import stream_key
from eventsim.stills.image_sets import open_image_set
from eventsim.stills.resizing import resize_image
from eventsim.stills.shapes import draw_shapes


@dataclass(frozen=True)
class Settings:
    """All that decides the result; a run that is continued must have the same."""

    images: str
    epochs: int = 6
    batch: int = 128
    ratio: float = 0.15
    size: int = 32
    flip: bool = True
    learning_rate: float = 5e-3
    seed: int = 1
    limit: int = 0


app = App(
    help=(__doc__ or "").split("\n")[0],
    result_action="return_value",
    suppress_keyboard_interrupt=False,
)


@app.default
def main(  # noqa: PLR0913 - its options
    images: Path | None = None,
    *,
    out: Path = Path("trained"),
    quick: Annotated[bool, Parameter(negative="")] = False,
    epochs: int = 6,
    batch: int = 128,
    ratio: float = 0.15,
    size: int = 32,
    flip: bool = True,
    learning_rate: float = 5e-3,
    seed: int = 1,
    limit: int = 0,
) -> int:
    """Train on the train split, test on the test split after every epoch.

    Parameters
    ----------
    images
        Set of images with both splits.
    out
        Folder for checkpoint.pt, metrics.json and confusion.png.
    quick
        Draw shapes and train on these, in some seconds.
    ratio
        Threshold of I2E, a share of the range of values of an image.
    size
        Images are resized to so many pixels per side.
    flip
        Half of the images are mirrored (not for digits: --no-flip).
    limit
        Only the first so many images of each split; 0 is all.
    """
    if quick:
        images, epochs, batch, size = draw_images(out), 4, 32, 20
    if images is None:
        raise ConfigError("expected a set of images, found none. Give one, or --quick.")
    settings = Settings(
        str(images.resolve()), epochs, batch, ratio, size, flip, learning_rate, seed, limit
    )
    return learn(settings, out)


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
    from torch import nn

    from eventsim.training.checkpoint import load_checkpoint, save_checkpoint
    from eventsim.training.epochs import epoch_seed
    from eventsim.training.results import write_results
    from eventsim.training.seeding import begin_epoch, shuffled
except ImportError as error:
    if __name__ == "__main__" and {"--help", "-h"} & {*sys.argv}:
        sys.exit(app())
    sys.exit(f"error: {error}. Install what spiking networks need: pip install 'eventsim-dvs[snn]'")


SHIFT_PX = 2
"""Images are shifted by up to so many pixels; chosen by eye."""


class SpikingNet(nn.Module):
    """Two spiking convolutions and a read-out; (B, 8, 2, H, W) to (B, classes)."""

    def __init__(self, classes: int, size: int) -> None:
        super().__init__()
        surrogate = snntorch.surrogate.atan()
        self.convolutions = nn.ModuleList(
            [nn.Conv2d(2, 32, 5, stride=2, padding=2, bias=False),
             nn.Conv2d(32, 64, 3, stride=2, padding=1, bias=False)]
        )  # fmt: skip
        self.norms = nn.ModuleList([nn.BatchNorm2d(32), nn.BatchNorm2d(64)])
        # A membrane that halves in each step: tau = 2 steps, as in I2E's paper.
        self.neurons = nn.ModuleList(
            [snntorch.Leaky(beta=0.5, spike_grad=surrogate) for _ in range(2)]
        )
        side = (size + 3) // 4  # halved twice, rounded up
        self.readout = nn.Linear(64 * side * side, classes)

    def forward(self, planes: torch.Tensor) -> torch.Tensor:
        """Scores of the classes, means over the time steps."""
        steps = planes.shape[1]
        spikes = planes
        neuron: Any
        for convolution, norm, neuron in zip(
            self.convolutions, self.norms, self.neurons, strict=True
        ):
            # All time steps at once where nothing is remembered, one by one where something is.
            current = norm(convolution(spikes.flatten(0, 1))).unflatten(0, (-1, steps))
            membrane = neuron.reset_mem()
            fired = []
            for t in range(steps):
                spike, membrane = neuron(current[:, t], membrane)
                fired.append(spike)
            spikes = torch.stack(fired, 1)
        return self.readout(spikes.flatten(2).mean(1))


@dataclass
class Images:
    """Images of a split in memory, (N, C, H, W) uint8, and their classes."""

    values: np.ndarray
    labels: np.ndarray
    classes: tuple[str, ...]


def read_images(path: str, split: str, settings: Settings) -> Images:
    """Read and resize all images of a split."""
    found = open_image_set(path, split=split)
    if not found.classes:
        raise ConfigError(f"{path} has no labels. Give a set with classes.")
    n = min(len(found), settings.limit or len(found))
    size = (settings.size, settings.size)
    number = {name: k for k, name in enumerate(found.classes)}
    values = []
    for i in track(range(n), f"reading {split}", console=Console(stderr=True), transient=True):
        image = resize_image(found[i].values, size, fit="stretch")
        values.append(image[None] if image.ndim == 2 else image.transpose(2, 0, 1))
    labels = np.array([number[found.label(i)] for i in range(n)])
    return Images(np.stack(values), labels, found.classes)


def augment(values: np.ndarray, settings: Settings, epoch: int, index: np.ndarray) -> np.ndarray:
    """Shift and flip each image, as a function of (seed, epoch, index)."""
    moved = np.empty_like(values)
    side = values.shape[-1]
    padded = np.pad(values, ((0, 0), (0, 0), (SHIFT_PX, SHIFT_PX), (SHIFT_PX, SHIFT_PX)))
    seed = epoch_seed(settings.seed, epoch)
    for k, i in enumerate(index.tolist()):
        bits = int(stream_key(seed, (1 << 40) + i))
        dx, dy = bits % (2 * SHIFT_PX + 1), (bits >> 8) % (2 * SHIFT_PX + 1)
        image = padded[k, :, dy : dy + side, dx : dx + side]
        moved[k] = image[..., ::-1] if settings.flip and (bits >> 16) & 1 else image
    return moved


class Clock:
    """Seconds spent on making events, and in all."""

    def __init__(self) -> None:
        self.started, self.conversion_s = time.perf_counter(), 0.0

    def convert(self, values: np.ndarray, ratio: float, **options: Any) -> torch.Tensor:
        """Events of a batch of images."""
        started = time.perf_counter()
        planes = torch.from_numpy(i2e(values, ratio, **options)).float()
        self.conversion_s += time.perf_counter() - started
        return planes


def train_epoch(
    net: SpikingNet, step: Any, images: Images, settings: Settings, epoch: int, progress: Any
) -> Clock:
    """One pass over the training images."""
    clock = Clock()
    net.train()
    order = shuffled(len(images.labels), settings.seed, epoch).numpy()
    for start in range(0, len(order), settings.batch):
        index = order[start : start + settings.batch]
        values = augment(images.values[index], settings, epoch, index)
        planes = clock.convert(values, settings.ratio, directions="random",
                               seed=epoch_seed(settings.seed, epoch), samples=index)  # fmt: skip
        loss = F.cross_entropy(
            net(planes), torch.from_numpy(images.labels[index]), label_smoothing=0.1
        )
        step(loss)
        progress(len(index), loss.item())
    return clock


@torch.no_grad()
def confusion_of(net: SpikingNet, images: Images, settings: Settings) -> np.ndarray:
    """Counts (true class, predicted class); default directions."""
    net.eval()
    table = np.zeros((len(images.classes),) * 2, np.int64)
    for start in range(0, len(images.labels), 500):
        some = slice(start, start + 500)
        planes = torch.from_numpy(i2e(images.values[some], settings.ratio)).float()
        np.add.at(table, (images.labels[some], net(planes).argmax(1).numpy()), 1)
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


def learn(settings: Settings, out: Path) -> int:
    """Train as the settings say, from the last epoch that is kept in a folder."""
    epochs = settings.epochs
    out.mkdir(parents=True, exist_ok=True)
    train, test = (read_images(settings.images, split, settings) for split in ("train", "test"))
    begin_epoch(settings.seed, 0)
    net = SpikingNet(len(train.classes), settings.size)
    optimizer = torch.optim.AdamW(net.parameters(), lr=settings.learning_rate, weight_decay=1e-4)
    steps = epochs * -(-len(train.labels) // settings.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, settings.learning_rate, total_steps=steps
    )
    parts: dict[str, Any] = {"net": net, "optimizer": optimizer, "schedule": schedule}
    asked = asdict(settings)
    history = load_checkpoint(out / "checkpoint.pt", asked, parts) or []
    if history:
        print(f"resumes after epoch {len(history)} of {epochs}")

    def step(loss: torch.Tensor) -> None:
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()

    table = np.zeros((len(train.classes),) * 2, np.int64)
    if len(history) >= epochs:
        table = confusion_of(net, test, settings)
    for epoch in range(len(history), epochs):
        clock = run_epoch(net, step, train, settings, epoch)
        seconds = time.perf_counter() - clock.started
        table = confusion_of(net, test, settings)
        history.append({
            "accuracy": float(np.trace(table) / table.sum()),
            "seconds": round(seconds, 2),
            "images_per_s": round(len(train.labels) / seconds, 1),
            "conversion_share": round(clock.conversion_s / seconds, 4),
        })  # fmt: skip
        last = history[-1]
        print(f"epoch {epoch + 1}: {last['accuracy']:.2%} right, {last['images_per_s']:.0f} "
              f"images/s, {last['conversion_share']:.1%} of the time making events")  # fmt: skip
        save_checkpoint(out / "checkpoint.pt", asked, parts, history)
        write_results(out / "metrics.json", "train_on_the_fly", asked, {"epochs": history})
    draw_confusion(table, train.classes, out / "confusion.png")
    total = sum(row["seconds"] for row in history)
    print(f"{history[-1]['accuracy']:.2%} right after {epochs} epochs and {total / 60:.1f} minutes")
    return 0


def run_epoch(net: SpikingNet, step: Any, train: Images, settings: Settings, epoch: int) -> Clock:
    """One epoch, with a bar."""
    columns = (
        TextColumn(f"epoch {epoch + 1} of {settings.epochs}"),
        BarColumn(),
        TextColumn("{task.fields[rate]:.0f} images/s  loss {task.fields[loss]:.3f}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=len(train.labels), rate=0.0, loss=0.0)
        started = time.perf_counter()

        def progress(n: int, loss: float) -> None:
            bar.advance(task, n)
            done = bar.tasks[0].completed
            bar.update(task, rate=done / (time.perf_counter() - started), loss=loss)

        return train_epoch(net, step, train, settings, epoch, progress)


if __name__ == "__main__":
    try:
        sys.exit(app())
    except EventSimError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("stopped; the same command resumes from the last epoch", file=sys.stderr)
        sys.exit(130)
