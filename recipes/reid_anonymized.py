"""Learn to anonymize: keep a gesture, hide the face, and let fresh attackers try.

    eventsim run reid_anonymized
    eventsim run reid_anonymized --quick
    eventsim run reid_anonymized --people 20 --sessions 120 --rounds 3000

Faces make gestures before a simulated camera (as in `eventsim privacy-report`). An encoder
(`eventsim.training.EventAnonymizer`) is trained together with a network that tells the gesture from
its codes, and against two that learn, at the same time, to draw the face and to tell who it is.
Then the encoder stays as it is, and **fresh** attackers learn from its codes with the truth beside
them; they count. Raw voxel grids are measured with the same networks. The folder of --out holds
results.json and the last encoder; an interrupted run resumes after the last seed. Needs the extra
privacy.
"""

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


def at_least(least: int) -> Callable[[str], int]:
    """A whole number from the command line that is no smaller."""

    def number(text: str) -> int:
        if int(text) < least:
            raise argparse.ArgumentTypeError(f"must be {least} or more, found {text}")
        return int(text)

    return number


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Read the command line; before the imports, so that --help needs no extra."""
    parser = argparse.ArgumentParser(
        "reid_anonymized", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=at_least(2), default=12)
    parser.add_argument("--sessions", type=at_least(4), default=48, help="clips of each person")
    parser.add_argument("--rounds", type=at_least(1), default=400, help="steps of each training")
    parser.add_argument(
        "--attack-rounds", type=at_least(1), default=800, help="steps of the fresh attackers"
    )
    parser.add_argument("--hide", type=float, default=1.0, help="weight of the attackers")
    parser.add_argument("--seeds", type=at_least(1), default=3)
    parser.add_argument("--out", type=Path, default=Path("reid"))
    parser.add_argument("--quick", action="store_true", help="small, to see that it works")
    words = parser.parse_args(arguments)
    if words.quick:
        words.people, words.sessions, words.seeds = 2, 24, 1
        words.rounds, words.attack_rounds = 20, 100
    return words


try:
    import numpy as np
    import torch
    import torch.nn.functional as F
    from torch import Tensor, nn

    from eventsim.errors import EventSimError
    from eventsim.privacy.clips import Clip, halves
    from eventsim.privacy.decoders import likeness
    from eventsim.privacy.faces import GESTURES, package_faces, record
    from eventsim.representations import VoxelGrid
    from eventsim.results import results_so_far, write_results
    from eventsim.training import EventAnonymizer
except ImportError as error:
    if __name__ == "__main__":
        parse(None)  # --help ends here
    sys.exit(f"error: {error}. Install what it needs: pip install 'eventsim-dvs[privacy]'")

BINS = 10
SIDE = 32
"""Of the voxel grids: the sensor's 64 px, two by two. Both chosen by eye."""
BATCH = 64
WIDE = 32
"""Channels of the layers; chosen by eye."""


@dataclass(frozen=True)
class Batch:
    """Clips as tensors: grids (N, T, H, W), pictures (N, H, W), people and gestures (N,)."""

    grids: Tensor
    pictures: Tensor
    people: Tensor
    gestures: Tensor


def as_tensors(clips: list[Clip]) -> Batch:
    """Voxel grids of clips, the root of the counts with their sign, and their truths."""
    grid = VoxelGrid(BINS, polarity="signed")
    rows = np.array([grid(clip.events, 0, clip.duration_us) for clip in clips])
    rows = rows.reshape(len(rows), BINS, SIDE, 2, SIDE, 2).sum(axis=(3, 5))
    rows = np.sign(rows) * np.sqrt(np.abs(rows))
    truths = np.array([clip.truth for clip in clips])
    pictures = truths.reshape(len(clips), SIDE, 2, SIDE, 2).mean(axis=(2, 4))
    return Batch(
        torch.from_numpy(rows.astype(np.float32)),
        torch.from_numpy(pictures.astype(np.float32)),
        torch.tensor([clip.person for clip in clips]),
        torch.tensor([clip.task for clip in clips]),
    )


class Reader(nn.Module):
    """Tells a class from codes: of the whole clip, so it may see movement."""

    def __init__(self, channels: int, side: int, classes: int) -> None:
        super().__init__()
        strides = (1, 2 if side > 8 else 1, 2)
        layers: list[nn.Module] = []
        for stride in strides:
            layers += [nn.Conv2d(channels, WIDE, 3, padding=1, stride=stride),
                       nn.BatchNorm2d(WIDE), nn.ReLU()]  # fmt: skip
            channels = WIDE
        layers += [nn.AdaptiveAvgPool2d(4), nn.Flatten(), nn.Dropout(0.3)]
        self.layers = nn.Sequential(*layers, nn.Linear(WIDE * 16, classes))

    def forward(self, codes: Tensor) -> Tensor:
        """(B, classes) of (B, T, C, h, w)."""
        return self.layers(codes.flatten(1, 2))


class Painter(nn.Module):
    """Draws what there was to see from codes."""

    def __init__(self, channels: int, side: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for _ in range(2):
            layers += [nn.Conv2d(channels, WIDE, 3, padding=1), nn.ReLU()]
            channels = WIDE
        while side < SIDE:
            layers += [
                nn.Upsample(scale_factor=2),
                nn.Conv2d(channels, 16, 3, padding=1),
                nn.ReLU(),
            ]
            channels, side = 16, 2 * side
        self.layers = nn.Sequential(*layers, nn.Conv2d(channels, 1, 3, padding=1))

    def forward(self, codes: Tensor) -> Tensor:
        """(B, 32, 32) of (B, T, C, h, w)."""
        return self.layers(codes.flatten(1, 2))[:, 0]


def plain(grids: Tensor) -> Tensor:
    """Voxel grids as codes: as they are."""
    return grids[:, :, None]


def shape_of(code: Callable[[Tensor], Tensor], batch: Batch) -> tuple[int, int]:
    """Channels of codes, all bins of time together, and their side."""
    codes = code(batch.grids[:1])
    return codes.shape[1] * codes.shape[2], codes.shape[-1]


def batches(n: int, generator: torch.Generator) -> Tensor:
    """Numbers of the clips of one batch."""
    return torch.randint(0, n, (min(BATCH, n),), generator=generator)


def learn_encoder(data: Batch, people: int, rounds: int, hide: float, seed: int) -> EventAnonymizer:
    """Train an encoder for the gesture and against two attackers who learn as it does."""
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    encoder = EventAnonymizer()
    shape = shape_of(encoder, data)
    reader, spy, painter = Reader(*shape, len(GESTURES)), Reader(*shape, people), Painter(*shape)
    ours = torch.optim.Adam([*encoder.parameters(), *reader.parameters()], 2e-3)
    theirs = torch.optim.Adam([*spy.parameters(), *painter.parameters()], 2e-3)
    spread = data.pictures.var(dim=0).mean()
    for step in range(rounds):
        pick = batches(len(data.grids), generator)
        grids, pictures, who = data.grids[pick], data.pictures[pick], data.people[pick]
        codes = encoder(grids)
        seen = codes.detach()
        loss = F.cross_entropy(spy(seen), who) + F.mse_loss(painter(seen), pictures) / spread
        theirs.zero_grad()
        loss.backward()
        theirs.step()
        task = F.cross_entropy(reader(codes), data.gestures[pick])
        # Attackers who know nothing draw the mean and spread their guesses: no worse is wanted.
        error = F.mse_loss(painter(codes), pictures) / spread
        guess = F.log_softmax(spy(codes), dim=1).mean()
        warm = min(1.0, step / (0.2 * rounds))
        loss = task - warm * hide * (error.clamp(max=1.0) + guess / np.log(people))
        ours.zero_grad()
        loss.backward()
        ours.step()
    return encoder.eval().requires_grad_(False)


def learn(
    network: nn.Module, codes: Tensor, loss_of: Callable[..., Tensor], rounds: int, seed: int
) -> None:
    """Train a network on codes that stay."""
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.AdamW(network.parameters(), 2e-3, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, rounds)
    network.train()
    for _ in range(rounds):
        pick = batches(len(codes), generator)
        loss = loss_of(network(codes[pick]), pick)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    network.eval()


def attack(
    code: Callable[[Tensor], Tensor], train: Batch, test: Batch, clips: list[Clip],
    people: int, rounds: int, seed: int,
) -> dict[str, float]:  # fmt: skip
    """Fresh networks on codes: SSIM in the box, people recognized, gestures told."""
    torch.manual_seed(seed)
    shape = shape_of(code, train)
    with torch.no_grad():
        known, asked = code(train.grids), code(test.grids)
    painter, spy, reader = Painter(*shape), Reader(*shape, people), Reader(*shape, len(GESTURES))
    learn(painter, known, lambda out, pick: F.mse_loss(out, train.pictures[pick]), rounds, seed)
    learn(spy, known, lambda out, pick: F.cross_entropy(out, train.people[pick]), rounds, seed)
    learn(reader, known, lambda out, pick: F.cross_entropy(out, train.gestures[pick]), rounds, seed)
    with torch.no_grad():
        drawn = F.interpolate(painter(asked)[:, None], scale_factor=2, mode="bilinear")[:, 0]
        found = {
            "people": (spy(asked).argmax(1) == test.people).float().mean().item(),
            "gesture": (reader(asked).argmax(1) == test.gestures).float().mean().item(),
        }
    seen = [likeness(picture.numpy(), clip) for picture, clip in zip(drawn, clips, strict=True)]
    return {"SSIM": float(np.mean(seen)), **found}


def guess_of(train: Batch, clips: list[Clip]) -> dict[str, float]:
    """What an attacker gets who sees nothing: the mean picture, and chance."""
    middle = F.interpolate(train.pictures.mean(0)[None, None], scale_factor=2, mode="bilinear")
    seen = [likeness(middle[0, 0].numpy(), clip) for clip in clips]
    return {
        "SSIM": float(np.mean(seen)),
        "people": 1 / len(set(train.people.tolist())),
        "gesture": 1 / len(GESTURES),
    }


def main(arguments: list[str] | None = None) -> int:
    """Run the recipe."""
    words = parse(arguments)
    if words.quick:
        torch.set_num_threads(1)  # so small that more would wait for each other
    words.out.mkdir(parents=True, exist_ok=True)
    path = words.out / "results.json"
    settings = {name: value for name, value in vars(words).items() if name not in ("out", "quick")}
    try:
        before = results_so_far(path, "reid_anonymized", settings)
    except EventSimError as error:
        print(f"reid_anonymized: error: {error}", file=sys.stderr)
        return 2
    found: dict[str, list[dict[str, float]]] = {"raw": [], "nothing": [], "learned": []}
    spent_s = 0.0
    if before:
        found, spent_s = before["figures"], before["seconds"]
    for seed in range(1 + len(found["learned"]), words.seeds + 1):
        started = time.monotonic()
        tested = words.sessions // 4
        clips = record(package_faces(words.people), sessions=words.sessions - tested,
                       test_sessions=tested, seed=seed)  # fmt: skip
        first, last = halves(clips)
        train, test = as_tensors(first), as_tensors(last)
        encoder = learn_encoder(train, words.people, words.rounds, words.hide, seed)
        found["nothing"].append(guess_of(train, last))
        for name, code in (("raw", plain), ("learned", encoder)):
            got = attack(code, train, test, last, words.people, words.attack_rounds, seed)
            # Whoever draws worse than the mean face does better to draw that.
            got["SSIM"] = max(got["SSIM"], found["nothing"][-1]["SSIM"])
            found[name].append(got)
        torch.save(encoder.state_dict(), words.out / "encoder.pt")
        spent = time.monotonic() - started
        spent_s += spent
        score = {f"{what} told": float(np.mean([run[what] for run in found["learned"]]))
                 for what in ("gesture", "people")}  # fmt: skip
        write_results(path, "reid_anonymized", settings, found, seconds=spent_s, quick=words.quick,
                      score=score if seed == words.seeds else None)  # fmt: skip
        row = "  ".join(f"{k} {v:.2f}" for k, v in found["learned"][-1].items())
        print(f"seed {seed}: {len(first)} clips to learn from, {spent:.0f} s; learned: {row}",
              flush=True)  # fmt: skip
    print(f"{'':8}{'SSIM':>16}{'people':>16}{'gesture':>16}   (fresh attackers; mean of seeds)")
    for name, runs in found.items():
        cells = [
            f"{np.mean([r[k] for r in runs]):.3f} +- {np.std([r[k] for r in runs]):.3f}"
            for k in ("SSIM", "people", "gesture")
        ]
        print(f"{name:8}" + "".join(f"{cell:>16}" for cell in cells))
    print(f"wrote {path}, and encoder.pt beside it")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("stopped; the same command resumes", file=sys.stderr)
        sys.exit(130)
