"""Events as something to look at: pictures, films, and figures for notebooks.

>>> from eventsim import view
>>> view.plot(events)                                             # doctest: +SKIP
>>> view.plot_xyt(recording, 0, 300_000, color="kind")            # doctest: +SKIP
>>> view.animate(recording, slow=4)                               # doctest: +SKIP
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from eventsim.view.html import html_of
    from eventsim.view.plots import animate, plot, plot_xyt

__all__ = ["animate", "html_of", "plot", "plot_xyt"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'eventsim.view' has no attribute {name!r}")
    if name == "html_of":
        from eventsim.view.html import html_of

        return html_of
    # On first use: a film needs no Matplotlib, and should not wait for it.
    from eventsim.view import plots

    return getattr(plots, name)
