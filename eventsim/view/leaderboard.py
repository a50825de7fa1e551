"""All recipes beside each other: what they reach, how long they take, and what it costs."""

import html
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eventsim.errors import ConfigError

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #222226; max-width: 1180px; margin: 2em auto;
       padding: 0 1em }
h1 { font-size: 1.6em }
table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums }
td, th { padding: 0.3em 0.7em; border-bottom: 1px solid #ddd; text-align: right;
         vertical-align: top }
td:nth-child(-n+5), th:nth-child(-n+5), td:last-child, th:last-child { text-align: left }
thead th { font-weight: 600 } .wide { overflow-x: auto }
tr.not-run td { color: #6a6a70 } tr.failed td { background: #f9dcd0 } code { font-size: 0.93em }
"""
COLUMNS = (
    "recipe", "run", "seed", "score", "published", "seconds", "peak MB", "spikes",
    "synaptic operations", "version", "command",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One run of a recipe, or one that should be.

    Attributes
    ----------
    recipe : str
    run : str
        quick, full, not run, or failed and why.
    command : str
        That does it.
    score : dict of str to float
        By name; empty if there is none.
    published : str
        What others have found with these settings.
    seed : str
        Of the run, or all of them.
    seconds, peak_memory_mb, spikes, synaptic_operations : float or None
        The last two for one answer.
    version : str
        Of eventsim.
    """

    recipe: str
    run: str
    command: str
    score: dict[str, float]
    published: str = ""
    seed: str = ""
    seconds: float | None = None
    peak_memory_mb: float | None = None
    spikes: float | None = None
    synaptic_operations: float | None = None
    version: str = ""

    def cells(self) -> tuple[str, ...]:
        """As text, in the order of `COLUMNS`."""
        score = ", ".join(f"{name} {value:.4g}" for name, value in self.score.items())
        numbers = (self.seconds, self.peak_memory_mb, self.spikes, self.synaptic_operations)
        texts = ("" if value is None else f"{value:,.0f}" for value in numbers)
        cells = (self.recipe, self.run, self.seed, score, self.published)
        return (*cells, *texts, self.version, self.command)


@dataclass(frozen=True)
class Preset:
    """Settings of a recipe with which others have found something.

    Attributes
    ----------
    name, recipe, command, published : str
    settings : dict
        As in the results of the recipe.
    """

    name: str
    recipe: str
    command: str
    published: str
    settings: dict[str, Any]

    @classmethod
    def read(cls, path: Path) -> "Preset":
        """From a TOML file with `program`, `command`, `published` and `settings`."""
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        settings = {name.replace("-", "_"): value for name, value in found["settings"].items()}
        published = f"{found['published']['accuracy_percent']} % of {found['published']['data']}"
        return cls(path.stem, found["program"], found["command"], published, settings)

    def is_of(self, results: dict[str, Any]) -> bool:
        """Whether a recipe ran with these settings."""
        same = self.settings.items() <= results["settings"].items()
        return bool(results["recipe"] == self.recipe and same)

    def row(self) -> Row:
        """With an empty cell for the score."""
        return Row(self.recipe, "not run", self.command, {}, self.published)


def row_of(results: dict[str, Any], command: str = "", published: str = "") -> Row:
    """The row of what a recipe wrote.

    Parameters
    ----------
    results : dict
        From `eventsim.results.read_results`.
    command : str
        In place of the one that it was.
    published : str

    Raises
    ------
    ConfigError
        If the run is not through.
    """
    if results["score"] is None:
        raise ConfigError(f"the run of {results['recipe']} is not through. Resume it first.")
    settings, figures = results["settings"], results["figures"]
    seeds = settings.get("seeds")
    seed = f"1 to {seeds}" if seeds and seeds > 1 else str(settings.get("seed", seeds or ""))
    return Row(
        recipe=results["recipe"],
        run="quick" if results["quick"] else "full",
        command=command or results["command"],
        score=results["score"],
        published=published,
        seed=seed,
        seconds=results["seconds"],
        peak_memory_mb=results["peak_memory_mb"],
        spikes=figures.get("spikes"),
        synaptic_operations=figures.get("synaptic_operations"),
        version=results["eventsim"],
    )


def leaderboard_page(rows: Sequence[Row], about: str) -> str:
    """An HTML page of all rows that needs no network.

    Parameters
    ----------
    rows : sequence of Row
    about : str
        By what machine and version, in words.
    """
    head = "".join(f"<th>{html.escape(name)}</th>" for name in COLUMNS)
    lines = []
    for row in rows:
        *cells, command = row.cells()
        texts = [html.escape(cell) for cell in cells]
        texts.append(f"<code>{html.escape(command)}</code>" if command else "")
        kind = html.escape(row.run.split(":")[0].replace(" ", "-"))
        lines.append(f'<tr class="{kind}">' + "".join(f"<td>{t}</td>" for t in texts) + "</tr>")
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>Recipes of eventsim</title>'
        f"<style>{_STYLE}</style><h1>Recipes of eventsim</h1><p>{html.escape(about)}</p>"
        f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>'
        + "\n".join(lines)
        + "</tbody></table></div></html>\n"
    )
