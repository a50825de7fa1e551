"""Results as a table: on the terminal, and as Markdown."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table as RichTable


@dataclass(frozen=True)
class Table:
    """Rows of text, and what a reader must know about them.

    Attributes
    ----------
    title : str
    columns : sequence of str
    rows : sequence of sequences of str
        Each as long as `columns`.
    notes : sequence of str
        Sentences below the table.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(
                    f"a row of {self.title!r} must have {len(self.columns)} cells, found "
                    f"{len(row)}: {list(row)}."
                )


def number(value: float) -> str:
    """Three digits are all that a timing is worth."""
    if value == 0:
        return "0"
    return f"{value:,.0f}" if abs(value) >= 99.95 else f"{value:.3g}"


def show(table: Table, console: Console) -> None:
    """Print a table with its notes."""
    drawn = RichTable(title=table.title, title_justify="left", title_style="bold")
    for i, column in enumerate(table.columns):
        drawn.add_column(column, justify="right" if i else "left")
    for row in table.rows:
        drawn.add_row(*row)
    console.print()
    if table.rows:
        console.print(drawn)
    else:
        console.print(table.title, style="bold")
    for note in table.notes:
        console.print(note, style="dim", highlight=False)


def to_markdown(table: Table) -> str:
    """Write a table as GitHub's Markdown."""
    lines = [f"### {table.title}", ""]
    if table.rows:
        lines += [_line(table.columns), "|---|" + "---:|" * (len(table.columns) - 1)]
        lines += [_line(row) for row in table.rows]
        lines.append("")
    lines += [f"{note}  " for note in table.notes]
    return "\n".join(lines).rstrip() + "\n"


def _line(cells: Sequence[str]) -> str:
    escaped = [cell.replace("|", "\\|") for cell in cells]
    return f"| {' | '.join(escaped)} |"
