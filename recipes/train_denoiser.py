"""Train a denoiser on simulated streams: every scene, sensor and light is another one.

    eventsim run train_denoiser --out graph
    eventsim run train_denoiser --model mlpf --samples 800 --epochs 12 --out mlpf
    eventsim run train_denoiser --quick

The simulator knows which events are noise. Streams are drawn from `eventsim.denoise_bench`: scenes
of leaves, clouds and disks, sensors of random thresholds, noise and speed, from .1 to 3,000 lux.
`eventsim denoise IN OUT --method "GraphFilter(weights='graph/weights.npz')"` uses the weights; what
is shipped came of the first two commands. If it is interrupted, the same command resumes.
"""

import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from cyclopts import App, Parameter, validators
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from eventsim.denoise import BAF, EBF, MLPF, STCF, Denoiser, GraphFilter
from eventsim.denoise.filter import Filter
from eventsim.denoise.graph import neighborhoods
from eventsim.denoise.mlpf import mlpf_inputs
from eventsim.denoise_bench.situations import training_stream
from eventsim.errors import EventSimError
from eventsim.events import Events, Kind, SensorSize
from eventsim.packets.threads import default_threads
from eventsim.random import Draws
from eventsim.results import write_results

app = App(help=(__doc__ or "").split("\n")[0], result_action="return_value",
          suppress_keyboard_interrupt=False)  # fmt: skip

Count = Annotated[int, Parameter(validator=validators.Number(gte=1))]


@dataclass(frozen=True)
class Settings:
    """What decides the result; a run that is resumed must have the same.

    Attributes
    ----------
    model
        A graph network with attention, or the multilayer perceptron filter.
    streams
        So many are simulated, .6 s of 128x96 px each.
    samples
        Events of each stream to learn from: so many of signal, and so many of noise.
    epochs
        Passes over all samples.
    seed
        Of the streams and of the weights.
    """

    model: Literal["graph", "mlpf"] = "graph"
    streams: Count = 1600
    samples: Count = 180
    epochs: Count = 11
    seed: int = 1


QUICK = Settings(streams=12, samples=300, epochs=6)
SIZE, SECONDS = SensorSize(128, 96), 0.6
HELD_OUT = 10
"""One stream of so many is for the test."""
MOST_EVENTS = 400_000
"""Of a stream are looked at; chosen by eye."""


@app.default
def main(
    *,
    out: Path = Path("denoiser"),
    workers: Annotated[int, Parameter(validator=validators.Number(gte=0))] = 0,
    quick: Annotated[bool, Parameter(negative="")] = False,
    settings: Annotated[Settings, Parameter(name="*")] = Settings(),
) -> int:
    """Train, and compare with filters that learn nothing.

    Parameters
    ----------
    out
        Folder for weights.npz, results.json and the checkpoint.
    workers
        Processes that simulate; 0 is one for each core.
    quick
        A few streams, to see that it works.
    """
    if quick:
        torch.set_num_threads(1)
        settings = QUICK
    return train(settings, out, workers or default_threads(), quick)


try:
    import torch
    import torch.nn.functional as F
    from sklearn.metrics import roc_auc_score
    from torch import Tensor, nn

    from eventsim.training.checkpoint import load_checkpoint, save_checkpoint
    from eventsim.training.graph_denoiser import GraphDenoiser, Neighborhoods
    from eventsim.training.seeding import begin_epoch, shuffled
except ImportError as error:
    if __name__ == "__main__" and {"--help", "-h"} & {*sys.argv}:
        sys.exit(app())
    words = "Install what it needs: pip install 'eventsim-dvs[torch,realism]'"
    sys.exit(f"error: {error}. {words}")

BATCH, RATE = 1024, 6e-3
"""Events, and the highest learning rate; chosen by eye."""


class Perceptron(nn.Module):
    """98 inputs, 20 hidden, one output."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden, self.head = nn.Linear(98, 20), nn.Linear(20, 1)

    def forward(self, inputs: Tensor) -> Tensor:
        """Logits."""
        logits: Tensor = self.head(torch.relu(self.hidden(inputs)))
        return logits[:, 0]


def chosen(events: Events, seed: int, samples: int) -> NDArray[np.int64]:
    """As much signal as noise, as far as there is so much; in order."""
    is_signal = events.kind == Kind.SIGNAL
    picks = []
    for k, group in enumerate((np.flatnonzero(is_signal), np.flatnonzero(~is_signal))):
        order = np.argsort(Draws.of(seed, 1).uniforms(k, len(group)))
        picks.append(group[order[:samples]])
    return np.sort(np.concatenate(picks))


def samples_of(seed: int, *, model: str, samples: int) -> list[NDArray[Any]]:
    """What a network is told of some events of a stream, and which are signal."""
    events = training_stream(seed, SIZE, SECONDS)[:MOST_EVENTS]
    picks = chosen(events, seed, samples)
    is_signal = events.kind[picks] == Kind.SIGNAL
    if model == "mlpf":
        return [mlpf_inputs(events)[picks].astype(np.float16), is_signal]
    neighbors, edges, nodes, found = neighborhoods(events)
    far = np.maximum(neighbors[picks], 0)  # where there are fewer, they are not looked at
    told: list[NDArray[Any]] = [edges, found, nodes]
    small = [a.astype(np.int8 if a.dtype == np.int64 else np.float16) for a in told]
    return [*(a[picks] for a in small), *(a[far] for a in small), is_signal]


def simulated(settings: Settings, workers: int) -> list[Tensor]:
    """Samples of all streams, one after the other."""
    work = partial(samples_of, model=settings.model, samples=settings.samples)
    seeds = [settings.seed * 1_000_000 + k for k in range(settings.streams)]
    console = Console(stderr=True)
    with ProcessPoolExecutor(workers) as pool:
        made = track(pool.map(work, seeds, chunksize=2), "simulating", settings.streams,
                     console=console, transient=True)  # fmt: skip
        columns = list(zip(*made, strict=True))
    return [torch.from_numpy(np.concatenate(column)) for column in columns]


def as_input(model: str, columns: list[Tensor]) -> Any:
    """What the network takes."""
    if model == "mlpf":
        return columns[0].float()
    return Neighborhoods(*(c.int() if c.dtype == torch.int8 else c.float() for c in columns[:-1]))


def weights_of(net: nn.Module) -> dict[str, NDArray[Any]]:
    """Numbers by name; matrices are (in, out)."""
    if isinstance(net, GraphDenoiser):
        return net.weights()
    state = {name.replace(".", "_"): w.detach().numpy() for name, w in net.state_dict().items()}
    return {name.replace("weight", "w").replace("bias", "b"): np.ascontiguousarray(w.T)
            for name, w in state.items()}  # fmt: skip


def train(settings: Settings, out: Path, workers: int, quick: bool) -> int:
    """Simulate, learn, save, and compare."""
    out.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    asked = asdict(settings)
    begin_epoch(settings.seed, 0)
    net = GraphDenoiser() if settings.model == "graph" else Perceptron()
    load_checkpoint(out / "checkpoint.pt", asked, {})  # other settings are refused now, not later
    columns = simulated(settings, workers)
    count = len(columns[-1])
    batches = -(-count // BATCH)
    optimizer = torch.optim.Adam(net.parameters(), RATE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, RATE, total_steps=settings.epochs * batches
    )
    state: dict[str, Any] = {"net": net, "optimizer": optimizer, "schedule": schedule}
    done = load_checkpoint(out / "checkpoint.pt", asked, state) or 0
    for epoch in track(range(done, settings.epochs), "training", console=Console(stderr=True),
                       transient=True):  # fmt: skip
        begin_epoch(settings.seed, epoch)
        for some in torch.split(shuffled(count, settings.seed, epoch), BATCH):
            part = [column[some] for column in columns]
            logits = net(as_input(settings.model, part))
            loss = F.binary_cross_entropy_with_logits(logits, part[-1].float())
            optimizer.zero_grad()
            torch.autograd.backward(loss)
            optimizer.step()
            schedule.step()
        save_checkpoint(out / "checkpoint.pt", asked, state, epoch + 1)
    arrays: dict[str, Any] = weights_of(net)
    np.savez(out / "weights.npz", **arrays)
    table = compare(settings, out)
    for name, auc in table.items():
        print(f"{name:16}{auc:.4f}")
    name = "GraphFilter" if settings.model == "graph" else "MLPF"
    write_results(out / "results.json", "train_denoiser", asked, {"auc": table},
                  score={"AUC": table[name]}, seconds=time.monotonic() - started,
                  quick=quick)  # fmt: skip
    return 0


def compare(settings: Settings, out: Path) -> dict[str, float]:
    """Mean AUC of filters on streams that the training has not seen."""
    file = str((out / "weights.npz").resolve())
    learned = GraphFilter(weights=file) if settings.model == "graph" else MLPF(weights=file)
    filters: list[Filter] = [BAF(), STCF(), EBF(), learned]
    found: dict[str, list[float]] = {type(how).__name__: [] for how in filters}
    for events in held_out(settings):
        for how in filters:
            scores = np.maximum(Denoiser(how, events.size).scores(events), -1e15)
            found[type(how).__name__].append(roc_auc_score(events.kind == Kind.SIGNAL, scores))
    return {name: float(np.mean(values)) for name, values in found.items()}


def held_out(settings: Settings) -> Iterator[Events]:
    """Streams of other seeds than those of the training."""
    for k in range(max(1, settings.streams // HELD_OUT)):
        seed = settings.seed * 1_000_000 + 500_000 + k
        events = training_stream(seed, SIZE, SECONDS)[:MOST_EVENTS]
        if 0 < np.count_nonzero(events.kind == Kind.SIGNAL) < len(events):
            yield events


if __name__ == "__main__":
    try:
        sys.exit(app())
    except EventSimError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("stopped; the same command resumes", file=sys.stderr)
        sys.exit(130)
