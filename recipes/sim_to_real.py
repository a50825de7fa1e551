"""Learn from simulated recordings, go on with a few real ones, and be tested on others.

    eventsim run sim_to_real SIMULATED.zarr REAL.zarr --out transfer
    eventsim run sim_to_real --quick

Both datasets have the same classes; REAL.zarr has a split train and a split test. For k real
recordings a class, networks that have learned from simulated ones, and ones that have not, go on
with these; all are tested on the split test. There are two bodies: a spiking one, whose synapses
reach back in time and whose neurons leak, and the same layers with ReLUs. For N-MNIST,
`eventsim run nmnist` makes REAL.zarr, `eventsim run idx_to_events --card n-mnist-sim` the other.
If it is interrupted, the same command resumes.
"""

import copy
import itertools
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from cyclopts import App, Parameter, validators
from rich.console import Console
from rich.progress import track

from eventsim.errors import ConfigError, EventSimError
from eventsim.events import SensorSize
from eventsim.results import write_results

app = App(help=(__doc__ or "").split("\n")[0], result_action="return_value",
          suppress_keyboard_interrupt=False)  # fmt: skip


Count = Annotated[int, Parameter(validator=validators.Number(gte=1))]


def check_shots(_: Any, value: str) -> None:
    """Numbers, and the word all."""
    if not all(part == "all" or part.isdecimal() for part in value.split(",")):
        raise ValueError('expected numbers, or all, such as "0,1,5,all"')


@dataclass(frozen=True)
class Settings:
    """What decides the result; a run that is resumed must have the same.

    Attributes
    ----------
    shots
        Real recordings a class to train on, a curve.
    seeds
        So many times, with other weights and other real recordings.
    epochs
        On simulated recordings.
    steps
        Batches of real recordings.
    limit
        Only the first so many simulated recordings.
    bins, duration_us
        A recording's first so many microseconds become so many event frames.
    paired
        Sample numbers mean the same in both: leave out simulated ones of what the test shows.
    """

    shots: Annotated[str, Parameter(validator=check_shots)] = "0,1,5,20,all"
    seeds: Count = 3
    epochs: Count = 6
    steps: Count = 300
    limit: Count = 10_000
    bins: Count = 12
    duration_us: Count = 315_000
    paired: bool = False


QUICK = Settings(shots="0,2", seeds=1, epochs=10, steps=30, bins=6, duration_us=200_000, limit=400)
QUICK_SIZE = SensorSize(20, 20)


@app.default
def main(
    simulated: Path | None = None,
    real: Path | None = None,
    *,
    out: Path = Path("transfer"),
    quick: Annotated[bool, Parameter(negative="")] = False,
    settings: Annotated[Settings, Parameter(name="*")] = Settings(),
) -> int:
    """Measure accuracy on real recordings over k.

    Parameters
    ----------
    simulated, real
        Datasets of `eventsim convert` or of a converter.
    out
        Folder for results.json, curve.png and the checkpoints.
    quick
        Make two small datasets of shapes, one by a noisy camera that stands for the real one.
    """
    if quick:
        torch.set_num_threads(1)  # so small that more would wait for each other
        settings, simulated, real = QUICK, *quick_datasets(out)
    if simulated is None or real is None:
        raise ConfigError("expected SIMULATED.zarr and REAL.zarr, found less. Or give --quick.")
    return measure(str(simulated.resolve()), str(real.resolve()), settings, out)


try:
    import snntorch
    import torch
    import torch.nn.functional as F
    from torch import Tensor, nn

    from eventsim.training.activity import measure_activity
    from eventsim.training.checkpoint import load_checkpoint, save_checkpoint
    from eventsim.training.frame_set import FrameSet, read_frame_set
    from eventsim.training.seeding import begin_epoch, shuffled
except ImportError as error:
    if __name__ == "__main__" and {"--help", "-h"} & {*sys.argv}:
        sys.exit(app())
    sys.exit(f"error: {error}. Install what spiking networks need: pip install 'eventsim-dvs[snn]'")

BATCH, WIDTHS, DELAYS = 64, (24, 48), 3
"""Recordings, channels, and time steps that synapses reach back; chosen by eye, as the rates."""
RATES = {"simulated": 3e-3, "tuned": 2e-4, "real": 3e-3}
SHIFT_PX = 1
"""Batches are shifted by up to so many pixels: no two cameras aim at the very same place."""
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"


class Net(nn.Module):
    """Two convolutions over space and past time; (B, T, 2, H, W) to (B, classes)."""

    def __init__(self, classes: int, height: int, width: int, *, spiking: bool) -> None:
        super().__init__()
        self.spiking = spiking
        a, b = WIDTHS
        self.convolutions = nn.ModuleList(
            [nn.Conv3d(2, a, (DELAYS, 5, 5), (1, 2, 2), (0, 2, 2), bias=False),
             nn.Conv3d(a, b, (DELAYS, 3, 3), (1, 2, 2), (0, 1, 1), bias=False)]
        )  # fmt: skip
        self.norms = nn.ModuleList([nn.BatchNorm3d(a), nn.BatchNorm3d(b)])
        gradient = snntorch.surrogate.atan()
        self.neurons = nn.ModuleList([snntorch.Leaky(0.5, spike_grad=gradient) for _ in WIDTHS])
        self.readout = nn.Linear(b * ((height + 3) // 4) * ((width + 3) // 4), classes)

    def forward(self, frames: Tensor) -> Tensor:
        """Scores of the classes."""
        x, neuron = frames.transpose(1, 2), None
        for convolve, norm, neuron in zip(self.convolutions, self.norms, self.neurons, strict=True):
            x = norm(convolve(F.pad(x, (0, 0, 0, 0, DELAYS - 1, 0))))
            x = self.fire(x, neuron) if self.spiking else F.relu(x)
        return self.readout(F.dropout(x.mean(2).flatten(1), 0.3, self.training))

    @staticmethod
    def fire(current: Tensor, neuron: Any) -> Tensor:
        """Spikes of leaky neurons, step by step."""
        membrane, fired = neuron.reset_mem(), []
        for now in current.unbind(2):
            spikes, membrane = neuron(now, membrane)
            fired.append(spikes)
        return torch.stack(fired, 2)


def as_input(frames: Tensor) -> Tensor:
    """Roots of the counts: bright edges make many events, and are no surer for it."""
    return frames.to(DEVICE).float().sqrt()


def train(net: Net, data: FrameSet, kind: str, epochs: int, seed: int, file: Path) -> None:
    """Train a network, from its checkpoint on if there is one."""
    rate = RATES[kind]
    optimizer = torch.optim.AdamW(net.parameters(), rate, weight_decay=1e-3)
    batches = -(-len(data) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=epochs * batches)
    asked: dict[str, Any] = {"epochs": epochs}
    state: dict[str, Any] = {"net": net, "optimizer": optimizer, "schedule": schedule}
    done = load_checkpoint(file, asked, state) or 0
    net.train()
    if kind == "tuned":
        net.norms.eval()  # a few recordings say less of means and spreads than all before
    words, console = f"{file.stem}", Console(stderr=True)
    for epoch in track(range(done, epochs), words, console=console, transient=True):
        begin_epoch(seed, epoch)
        for some in shuffled(len(data), seed, epoch).split(BATCH):
            shift = torch.randint(-SHIFT_PX, SHIFT_PX + 1, (2,)).tolist()
            frames = as_input(data.frames[some]).roll(shift, (-2, -1))
            with torch.autocast(DEVICE, torch.bfloat16, enabled=DEVICE == "cuda"):
                scores = net(frames)
            loss = F.cross_entropy(scores.float(), data.labels[some].to(DEVICE),
                                   label_smoothing=0.05)  # fmt: skip
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
        save_checkpoint(file, asked, state, epoch + 1)


@torch.no_grad()
def accuracy(net: Net, test: FrameSet) -> float:
    """Share of recordings whose class is found."""
    net.eval()
    scores = torch.cat([net(as_input(frames)).cpu() for frames in test.frames.split(100)])
    return float((scores.argmax(1) == test.labels).float().mean())


def measure(simulated: str, real: str, settings: Settings, out: Path) -> int:
    """Fill in all rows that are missing, and draw the curve."""
    out.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    how: Any = {"bins": settings.bins, "duration_us": settings.duration_us}
    tuning, test = (read_frame_set(real, split=split, **how) for split in ("train", "test"))
    shown = test.samples if settings.paired else ()
    source = read_frame_set(simulated, limit=settings.limit, without=shown, **how)
    if source.classes != test.classes or source.frames.shape[1:] != test.frames.shape[1:]:
        raise ConfigError(f"{simulated} and {real} must have the same classes, and one size.")
    asked = {"simulated": simulated, "real": real, **asdict(settings)}
    rows: list[dict[str, Any]] = load_checkpoint(out / "rows.pt", asked, {}) or []
    # Also before the first row: or a pretraining would be resumed with other settings.
    save_checkpoint(out / "rows.pt", asked, {}, rows)
    for seed, body in itertools.product(range(1, settings.seeds + 1), ("spiking", "relu")):
        begin_epoch(seed, 0)
        net = Net(len(test.classes), *test.frames.shape[-2:], spiking=body == "spiking").to(DEVICE)
        starts = {"real": copy.deepcopy(net.state_dict())}
        file = out / f"{body}_{seed}.pt"
        train(net, source, "simulated", settings.epochs, seed, file)
        starts["tuned"] = copy.deepcopy(net.state_dict())
        for shots, kind in itertools.product(settings.shots.split(","), starts):
            row = {"seed": seed, "body": body, "training": kind, "shots": shots}
            known = any(row.items() <= found.items() for found in rows)
            if known or (kind == "real" and shots == "0"):
                continue
            net.load_state_dict(starts[kind])
            if shots != "0":
                few = tuning if shots == "all" else tuning.some_of_each(int(shots), seed)
                epochs = -(-settings.steps // -(-len(few) // BATCH))
                train(net, few, kind, epochs, seed, out / "few.pt")
                (out / "few.pt").unlink()
            activity = measure_activity(net, as_input(test.frames[:100]), (snntorch.Leaky,))
            rows.append({**row, "accuracy": accuracy(net, test), **asdict(activity)})
            save_checkpoint(out / "rows.pt", asked, {}, rows)
            print(f"{body}, seed {seed}, {kind}, k = {shots}: {rows[-1]['accuracy']:.2%}",
                  flush=True)  # fmt: skip
    first = settings.shots.split(",")[0]
    wanted = {"body": "spiking", "training": "tuned", "shots": first}.items()
    of_simulated = [row for row in rows if wanted <= row.items()]
    mean = {name: float(np.mean([row[name] for row in of_simulated]))
            for name in ("accuracy", "spikes", "synaptic_operations")}  # fmt: skip
    score = {f"accuracy, k = {first}": mean.pop("accuracy")}
    write_results(out / "results.json", "sim_to_real", asked, {**mean, "rows": rows}, score=score,
                  seconds=time.monotonic() - started, quick=settings == QUICK)  # fmt: skip
    draw(rows, len(test), out / "curve.png")
    return 0


def draw(rows: list[dict[str, Any]], count: int, path: Path) -> None:
    """Mean and spread of the accuracy over k, a line each for body and training."""
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(6.4, 4.0))
    all_shots = list(dict.fromkeys(row["shots"] for row in rows))
    for (body, style), (kind, color) in itertools.product(
        (("spiking", "-"), ("relu", "--")), (("tuned", "C0"), ("real", "C1"))
    ):
        groups = {k: [100 * row["accuracy"] for row in rows if (row["body"], row["training"],
                  row["shots"]) == (body, kind, k)] for k in all_shots}  # fmt: skip
        at = [k for k, group in enumerate(groups.values()) if group]
        found = [groups[all_shots[k]] for k in at]
        words = "simulated, then k real" if kind == "tuned" else "k real alone"
        axis.errorbar(at, [np.mean(g) for g in found], [np.std(g) for g in found], fmt=f"{style}o",
                      color=color, label=f"{body}: {words}", capsize=3, ms=4)  # fmt: skip
        for k, group in zip(all_shots, groups.values(), strict=True):
            if group:
                print(f"{body:8}{words:24}k = {k:4}{np.mean(group):7.2f} +- {np.std(group):.2f} %")
    axis.set(xlabel="k: real recordings a class", ylabel=f"% right of {count} real ones")
    axis.set_xticks(range(len(all_shots)), all_shots)
    axis.legend(frameon=False, fontsize=8)
    figure.savefig(path, dpi=130, bbox_inches="tight")
    plt.close(figure)


def quick_datasets(out: Path) -> tuple[Path, Path]:
    """Moved shapes before two cameras: an ideal one, and a noisy one that stands for a real one."""
    from eventsim.camera import choose_camera
    from eventsim.motion.settings import MotionSettings
    from eventsim.pipeline.image_plan import ImageInput, SaccadeMethod, plan_images
    from eventsim.pipeline.run import run
    from eventsim.stills.shapes import draw_shapes

    motion = MotionSettings(amplitude_px=5, duration_us=200_000, blur_px=0.6)
    out.mkdir(parents=True, exist_ok=True)
    for name, sensor, count in (("simulated", "ideal", 400), ("real", "dvs128", 40)):
        images, labels = draw_shapes(count, seed=count)
        more, of_more = draw_shapes(100, seed=1)
        np.savez(out / "shapes.npz", x_train=images, y_train=labels, x_test=more, y_test=of_more)
        sets = [ImageInput(str(out / "shapes.npz"), split=s) for s in ("train", "test")]
        plan = plan_images(sets, SaccadeMethod(motion, choose_camera(sensor)), size=QUICK_SIZE)
        run(plan, out / f"{name}.zarr", overwrite=True)
    return out / "simulated.zarr", out / "real.zarr"


if __name__ == "__main__":
    try:
        sys.exit(app())
    except EventSimError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("stopped; the same command resumes", file=sys.stderr)
        sys.exit(130)
