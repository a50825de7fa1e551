"""`eventsim compare`: real recordings beside simulated ones, in a table and a picture."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from cyclopts import Parameter
from rich.console import Console
from rich.table import Table

from eventsim.cli.printing import make_console
from eventsim.cli.report import line
from eventsim.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventsim.realism.comparison import Comparison
    from eventsim.realism.pieces import Piece
    from eventsim.store.reader import Dataset
    from eventsim.view.compared import Side

PICTURES = (".png", ".pdf", ".svg")
LOUD = 0.75
"""Areas from this on are printed bold: the group gives simulated recordings away."""


def compare(  # noqa: PLR0913 - its options
    real: Path,
    simulated: Path,
    picture: Path | None = None,
    *,
    split: str | None = None,
    paired: Annotated[bool, Parameter(negative="")] = False,
    duration_ms: float | None = None,
    limit: int = 400,
    seed: int = 1,
    report: Path | None = None,
    quiet: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Compare simulated recordings with real ones: what is alike, and by what they are told apart.

    For each statistic a distance with its 95 % interval, and a floor: the distance of one half of
    the real ones from the other. For each group of features the area under the ROC curve of a
    classifier that tells real from simulated: 0.5 is chance. Needs the extra realism.

    Parameters
    ----------
    real
        Dataset of real recordings.
    simulated
        Dataset of simulated ones, of the same size.
    picture
        Picture to write: a .png, .pdf or .svg.
    split
        Use only the real recordings of this split.
    paired
        Pair recordings with equal sample numbers; others are left out. With fewer than 20
        recordings, windows at equal times are paired.
    duration_ms
        Length of what is compared, in ms. Default: as long as most recordings, or, with fewer than
        20 of them, windows of a sixtieth of all.
    limit
        Use the first so many recordings or windows of each.
    seed
        Seed of the bootstrap.
    report
        JSON file to write.
    quiet
        Print nothing.

    Returns
    -------
    int
        0
    """
    try:
        from eventsim.realism.comparison import compare as compare_pieces
        from eventsim.realism.pieces import choose_cutting, cut_pieces
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"compare needs {error.name}: pip install 'eventsim-dvs[realism]'."
        ) from None
    for path, endings in ((picture, PICTURES), (report, (".json",))):
        if path is not None:
            if path.suffix.lower() not in endings:
                raise ConfigError(f"expected a name with {' or '.join(endings)}, found {path}.")
            if not path.absolute().parent.is_dir():
                raise ConfigError(f"there is no folder {path.parent} for {path.name}. Make it.")
    if limit < 1:
        raise ConfigError(f"limit must be 1 or more, found {limit}.")
    both = _open(real), _open(simulated)
    if split is not None:
        both = both[0].filter(split=split), both[1]
    cutting = choose_cutting(both, None if duration_ms is None else round(duration_ms * 1000))
    # What is paired is found among all of the other side.
    pieces = (
        cut_pieces(both[0], cutting, limit),
        cut_pieces(both[1], cutting, len(both[1]) if paired and cutting.whole else limit),
    )
    found = compare_pieces(*pieces, pairs=paired, seed=seed)
    console = make_console(quiet=quiet)
    _print(console, found, "recordings" if cutting.whole else "windows")
    if report is not None:
        report.write_text(json.dumps(found.as_json(), indent=1) + "\n", encoding="utf-8")
        line(console, "wrote", str(report))
    if picture is not None:
        _draw(picture, found, pieces, f"{real.name} and {simulated.name}")
        line(console, "wrote", str(picture))
    return 0


def _open(path: Path) -> "Dataset":
    from eventsim.store.reader import Dataset, open_dataset

    dataset = open_dataset(path)
    if not isinstance(dataset, Dataset):
        raise ConfigError(f"{path} holds planes of still images, and must hold recordings.")
    return dataset


def _print(console: Console, found: "Comparison", words: str) -> None:
    n, m = found.pieces
    line(console, "shows", f"{n} real and {m} simulated {words} of {found.duration_us / 1e3:g} ms")
    table = Table(box=None, pad_edge=False)
    for name in ("statistic", "unit", "real", "simulated", "distance", "95 %", "floor"):
        left = name in ("statistic", "unit")
        table.add_column(name, justify="left" if left else "right", no_wrap=True)
    for row in found.rows:
        table.add_row(
            row.name, row.unit, f"{row.real:.4g}", f"{row.simulated:.4g}", f"{row.distance:.3f}",
            f"{row.low:.3f}-{row.high:.3f}", f"{row.floor:.3f}",
        )  # fmt: skip
    console.print(table)
    for name, value in found.pairs.items():
        line(console, "pairs", f"correlation of {name}: {value:.3f}")
    areas = Table(box=None, pad_edge=False)
    areas.add_column("told apart by")
    areas.add_column("AUC", justify="right")
    for name, area in found.groups.items():
        areas.add_row(name, f"{area:.2f}", style="bold" if area >= LOUD else "")
    console.print(areas)


def _draw(
    path: Path, found: "Comparison", pieces: "tuple[Sequence[Piece], Sequence[Piece]]", title: str
) -> None:
    from eventsim.realism.features import COUNTS
    from eventsim.realism.statistics import INTERVAL_EDGES_US
    from eventsim.view.compared import draw_compared

    sides = [_side(sums, some) for sums, some in zip(found.totals, pieces, strict=True)]
    draw_compared(
        path,
        *sides,
        duration_us=found.duration_us,
        interval_edges_us=INTERVAL_EDGES_US,
        count_edges=COUNTS,
        areas=found.groups,
        title=title,
    )


def _side(sums: dict[str, Any], pieces: "Sequence[Piece]") -> "Side":
    from eventsim.realism.features import count_maps
    from eventsim.view.compared import Side

    maps = sum(count_maps(piece.events, piece.span) for piece in pieces)
    seconds = sums["seconds"] / sums["course"].size
    return Side(
        sums["course"] / (seconds * sums["pixels"] / sums["pieces"]),
        sums["intervals_on"],
        sums["intervals_off"],
        sums["counts"],
        np.asarray(maps) / len(pieces),
    )
