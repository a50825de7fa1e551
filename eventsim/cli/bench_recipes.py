"""`eventsim bench-recipes`: every recipe in its quick form, as a table and a page."""

import json
import os
import platform
import shutil
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter
from rich.table import Table

import eventsim
from eventsim.cli.printing import make_console
from eventsim.cli.report import line
from eventsim.errors import ConfigError
from eventsim.results import read_results, results_so_far
from eventsim.shipped import find, shipped_files

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventsim.view.leaderboard import Preset, Row

SHOWN = ("recipe", "run", "score", "published", "seconds", "peak MB")
"""On the terminal, which is narrow."""
QUICK_S = 600
"""A quick run that takes longer is stopped; they are meant to take seconds."""


def bench_recipes(
    out: Path,
    results: tuple[Path, ...] = (),
    *,
    recipe: Annotated[list[str] | None, Parameter(negative="")] = None,
    quiet: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Run every recipe with --quick, and write a leaderboard: page and JSON.

    What is there already, of this version, is not run again.

    Parameters
    ----------
    out
        Folder for leaderboard.html, leaderboard.json and a folder of each recipe.
    results
        results.json of full runs, which get a row each.
    recipe
        Run this one only; several times for several.
    quiet
        Print nothing.

    Returns
    -------
    int
        0, or 1 if a recipe failed.
    """
    from eventsim.view.leaderboard import COLUMNS, Preset, leaderboard_page

    files = [path for path in shipped_files() if path.parent.name == "recipes"]
    programs = [path for path in files if path.suffix == ".py"]
    if recipe:
        programs = [find(name) for name in recipe]
        wrong = [path for path in programs if path not in files]
        if wrong:
            raise ConfigError(f"{wrong[0].name} is not a recipe. `eventsim ls` lists them.")
    presets = [Preset.read(path) for path in files if path.suffix == ".toml"]
    rows, missing = _full_rows(results, presets)
    if not out.absolute().parent.is_dir():
        raise ConfigError(f"there is no folder {out.parent} for {out.name}. Make it.")
    out.mkdir(exist_ok=True)
    console = make_console(quiet=quiet)
    for number, program in enumerate(programs, 1):
        row = _quick_row(program, out / program.stem)
        score = row.cells()[3] or row.run
        line(console, f"{number} of {len(programs)}", f"{program.stem}: {score}")
        rows.append(row)
    rows = sorted([*rows, *missing], key=lambda row: row.recipe)
    about = (
        f"eventsim {eventsim.__version__} on {platform.platform()}, {os.cpu_count()} cores. "
        "Spikes and synaptic operations are of one answer of a spiking network."
    )
    (out / "leaderboard.html").write_text(leaderboard_page(rows, about), encoding="utf-8")
    text = json.dumps({"about": about, "rows": [asdict(row) for row in rows]}, indent=1)
    (out / "leaderboard.json").write_text(text + "\n", encoding="utf-8")
    shown = [COLUMNS.index(name) for name in SHOWN]
    table = Table(*SHOWN)
    for row in rows:
        table.add_row(*(row.cells()[k] for k in shown))
    console.print(table)
    line(console, "wrote", str(out / "leaderboard.html"))
    return 1 if any(row.run.startswith("failed") for row in rows) else 0


def _full_rows(
    results: tuple[Path, ...], presets: "Sequence[Preset]"
) -> "tuple[list[Row], list[Row]]":
    """Rows of runs, and of the presets that none of them was of."""
    from eventsim.view.leaderboard import row_of

    rows, left = [], list(presets)
    for path in results:
        found = read_results(path)
        mine = [preset for preset in presets if preset.is_of(found)]
        left = [preset for preset in left if preset not in mine]
        words = mine[0].published if mine else ""
        rows.append(row_of(found, mine[0].command if mine else "", words))
    return rows, [preset.row() for preset in left]


def _quick_row(program: Path, out: Path) -> "Row":
    """Run a recipe, unless that was done, and read what it wrote; an interrupted one goes on."""
    from eventsim.view.leaderboard import Row, row_of

    command = f"eventsim run {program.stem} --quick"
    path = out / "results.json"
    if path.is_file():
        try:
            before = results_so_far(path, program.stem, {})
        except ConfigError:
            shutil.rmtree(out)  # of another version, whose weights lie there, too
        else:
            if before and before["score"] and before["quick"]:
                return row_of(before, command)
    words = [sys.executable, str(program), "--quick", "--out", str(out)]
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=QUICK_S, check=False)
        failure = (done.stderr.strip().split("\n")[-1] or "no word") if done.returncode else ""
    except subprocess.TimeoutExpired:
        failure = f"took more than {QUICK_S} s"
    if failure:
        return Row(program.stem, f"failed: {failure}", command, {}, version=eventsim.__version__)
    return row_of(read_results(path), command)
