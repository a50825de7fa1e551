"""Pictures of figures that pyplot does not know, as `eventsim.view.plot` returns them."""

import ast
from typing import Any

from matplotlib.figure import Figure
from sphinx_gallery.scrapers import figure_rst


def scrape(block: Any, variables: dict[str, Any], gallery: dict[str, Any]) -> str:
    """Save the figure that a block of a script ends with, if it ends with one.

    sphinx-gallery calls this after each block, and keeps the value of its last line as ``___``.
    """
    lines = ast.parse(block[1]).body
    if not lines or not isinstance(lines[-1], ast.Expr):
        return ""
    figure = variables["example_globals"]["___"]
    if not isinstance(figure, Figure) or hasattr(figure, "number"):  # which pyplot gives it
        return ""
    path = next(variables["image_path_iterator"])
    figure.savefig(path, dpi=100)
    return str(figure_rst([path], gallery["src_dir"]))
