"""One page of a film: title, legend, source frame, event picture, curve of the event rate."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eventsim.frames import FrameSource
from eventsim.view import canvas
from eventsim.view.accumulate import Palette, color_counts, palette, weigh_events
from eventsim.view.gray import with_frames
from eventsim.view.windows import Rates, ViewOptions, Window

Image = NDArray[np.uint8]

# Longer side of a panel that is aimed at, and longest one, px: two of the longest are as wide as a
# film may be in level 5.1 of H.264, which players take. Chosen by eye.
_PANEL_MP4, _PANEL_GIF = (640, 1920), (320, 480)


@dataclass(frozen=True)
class Layout:
    """Where everything is on a page, px."""

    page: tuple[int, int]
    panel: tuple[int, int]
    panel_left: tuple[int, ...]
    panel_top: int
    curve: tuple[int, int, int, int]
    letter: float
    margin: int

    @classmethod
    def of(cls, size: tuple[int, int], *, two: bool, gif: bool) -> "Layout":
        """Arrange a page for a sensor of this size, with one panel or two."""
        width, height = canvas.panel_size_px(size, *(_PANEL_GIF if gif else _PANEL_MP4))
        letter = 12.0 if gif else 17.0
        margin = 2 * round(0.6 * letter)
        # Chroma of yuv420p has half the pixels: panels that start on even ones stay crisp.
        second = 2 * margin + width + width % 2
        left = (margin, second) if two else (margin,)
        page_width = max(left[-1] + width + margin, round(26 * letter))
        top = 2 * round(2.3 * letter)
        curve_top = top + height + 2 * round(1.2 * letter)
        curve_height = 2 * round(1.9 * letter)
        bottom = curve_top + curve_height + round(1.9 * letter)
        return cls(
            page=(page_width + page_width % 2, bottom + bottom % 2),
            panel=(width, height),
            panel_left=left,
            panel_top=top,
            curve=(margin, curve_top, page_width - 2 * margin, curve_height),
            letter=letter,
            margin=margin,
        )


def film_pages(
    windows: Iterator[Window],
    rates: Rates,
    *,
    layout: Layout,
    options: ViewOptions,
    source: FrameSource | None = None,
    slow: float = 1.0,
) -> Iterator[Image]:
    """Draw one page for each window.

    Parameters
    ----------
    windows : iterator of Window
        In order of time.
    rates : Rates
        For the curve; its edges are the ends of the time line.
    layout : Layout
        With two panels if there is a source.
    options : ViewOptions
    source : FrameSource, optional
    slow : float
        Is only printed.

    Yields
    ------
    (H, W, 3) ndarray of uint8
        Red, green, blue; even sizes.
    """
    colors = palette(options.background)
    template = _template(layout, rates, options, colors)
    x, y, width, height = layout.curve
    curve = canvas.rate_curve(rates.counts.sum(axis=0), width, height, colors)
    template[y : y + height, x : x + width] = canvas.fade(curve, colors)
    counts: NDArray[np.float32] | None = None
    shown_us = 0
    for window, frame in with_frames(windows, source):
        counts = _fading_counts(window, counts, shown_us, options)
        shown_us = window.t1_us
        page = template.copy()
        picture = color_counts(
            counts,
            background=options.background,
            saturation=options.saturation,
            by=options.color,
        )
        _paste(page, picture, layout, -1)
        if frame is not None:
            _paste(page, np.repeat(frame[..., None], 3, axis=2), layout, 0)
        first, last = rates.edges_us[0], rates.edges_us[-1]
        cursor = round((window.t1_us - first) / (last - first) * (width - 2))
        page[y : y + height, x : x + cursor] = curve[:, :cursor]
        canvas.draw_box(page, x + cursor, y, 2, height, colors.ink)
        _draw_state(page, window, layout, slow, colors)
        yield page


def _fading_counts(
    window: Window, before: NDArray[np.float32] | None, before_us: int, options: ViewOptions
) -> NDArray[np.float32]:
    """Count a window; with decay, what is left of all that came before it as well."""
    decay_us = options.decay_us
    if decay_us is None:
        return weigh_events(window.events, by=options.color)
    new = window.events
    if before is not None:
        new = new.window(before_us, window.t1_us) if window.t0_us < before_us else new
    counts = weigh_events(new, at_us=window.t1_us, decay_us=decay_us, by=options.color)
    if before is not None:
        counts += before * np.float32(np.exp((before_us - window.t1_us) / decay_us))
    return counts


def _template(layout: Layout, rates: Rates, options: ViewOptions, colors: Palette) -> Image:
    """Draw what does not change from page to page: title, legend, captions."""
    page = np.empty((layout.page[1], layout.page[0], 3), np.uint8)
    page[:] = colors.page
    letter, margin = layout.letter, layout.margin
    base = margin + letter
    legend = colors.legend(options.color, rates.kinds)
    width = canvas.legend_width_px(letter, legend)
    room = layout.page[0] - 3 * margin - width
    title = canvas.shorten(options.title, room, letter * 1.15)
    canvas.draw_text(page, title, margin, base, size_px=letter * 1.15, color=colors.ink)
    left = layout.page[0] - margin - width
    canvas.draw_legend(page, left, base, size_px=letter, legend=legend, ink=colors.ink)
    captions = [_caption(options)]
    if len(layout.panel_left) == 2:
        captions.insert(0, "source frame")
    for left, caption in zip(layout.panel_left, captions, strict=True):
        base = layout.panel_top - 0.45 * letter
        canvas.draw_text(page, caption, left, base, size_px=letter * 0.85, color=colors.faint)
    peak = canvas.with_unit(rates.counts.sum(axis=0).max(initial=0) / rates.bin_s)
    line = f"event rate, ON up, OFF down, each up to {peak}/s"
    base = layout.curve[1] - 0.45 * letter
    canvas.draw_text(page, line, margin, base, size_px=letter * 0.85, color=colors.faint)
    start, stop = (f"{edge / 1e6:.3f} s" for edge in rates.edges_us[[0, -1]])
    span = f"{start} to {stop}"
    left = layout.page[0] - margin - canvas.text_width_px(span, letter * 0.85)
    canvas.draw_text(page, span, left, base, size_px=letter * 0.85, color=colors.faint)
    return page


def _caption(options: ViewOptions) -> str:
    full = f"full color at {options.saturation:g} events per pixel"
    if options.decay_us is not None:
        return f"events, fading in {options.decay_us / 1000:.3g} ms to 1/e, {full}"
    if options.count is not None:
        return f"events, {options.count:,} per picture, {full}"
    return f"events of the last {options.window_us / 1000:.3g} ms, {full}"


def _draw_state(page: Image, window: Window, layout: Layout, slow: float, colors: Palette) -> None:
    """Print time, length of the window, rate and speed below the curve."""
    letter = layout.letter
    base = layout.page[1] - 0.55 * letter
    length_us = window.t1_us - window.t0_us
    rate = canvas.with_unit(len(window.events) / (length_us * 1e-6))
    items = [
        f"t = {window.t1_us / 1e6:.3f} s",
        f"window {length_us / 1000:.3g} ms",
        f"{rate} events/s",
    ]
    if slow != 1:
        items.append(f"{slow:g}x slower" if slow > 1 else f"{1 / slow:g}x faster")
    column = (layout.page[0] - 2 * layout.margin) / len(items)
    for i, item in enumerate(items):
        left = layout.margin + i * column
        canvas.draw_text(page, item, left, base, size_px=letter, color=colors.ink)


def _paste(page: Image, picture: Image, layout: Layout, which: int) -> None:
    width, height = layout.panel
    x, y = layout.panel_left[which], layout.panel_top
    page[y : y + height, x : x + width] = canvas.resize_panel(picture, width, height)
