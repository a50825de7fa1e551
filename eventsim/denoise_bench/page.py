"""The page of the bench: one file that opens anywhere, offline."""

import ast
import base64
import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

import eventsim
from eventsim.denoise.filter import Filter
from eventsim.denoise_bench.bench import GRID, Findings, LabeledStream, Row
from eventsim.events import Events
from eventsim.view.curves import Curve, draw_curves, draw_rows

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #222226; max-width: 1180px; margin: 2em auto;
       padding: 0 1em }
h1 { font-size: 1.6em } h2 { font-size: 1.2em; margin-top: 2em }
table { border-collapse: collapse; font-size: 12.5px; font-variant-numeric: tabular-nums }
td, th { padding: 0.25em 0.6em; border-bottom: 1px solid #ddd; text-align: right;
         vertical-align: bottom; white-space: nowrap }
td:first-child, th:first-child { text-align: left }
thead th { font-weight: 600 } b { font-weight: 650 }
small { color: #6a6a70 } img { max-width: 100% } code { font-size: 0.93em }
.wide { overflow-x: auto }
"""
_SHADES = ((0.5, (0xF9, 0xDC, 0xD0)), (0.8, (0xFD, 0xF0, 0xCD)), (1.0, (0xBF, 0xE5, 0xD0)))
"""Color of an area below the curve: of chance, of a middling one, of an oracle."""


@dataclass(frozen=True, eq=False)
class Pictures:
    """What a stream looks like before and after filters.

    Attributes
    ----------
    name : str
    titles : tuple of str
        One for each picture of the row.
    images : tuple of (H, W) ndarray of float64
        ON minus OFF events.
    """

    name: str
    titles: tuple[str, ...]
    images: tuple[NDArray[np.float64], ...]


def picture_of(stream: LabeledStream, filters: Sequence[Filter], span_us: int = 30_000) -> Pictures:
    """The middle of a stream: all of it, its signal, and what filters keep.

    Parameters
    ----------
    stream : LabeledStream
    filters : sequence of Filter
    span_us : int
        So much of it.
    """
    events = stream.events
    middle = int(events.t[len(events) // 2])
    first, last = np.searchsorted(events.t, [middle - span_us // 2, middle + span_us // 2])
    shown = slice(int(first), int(last))
    kept = [how.scores(events, how.memory(events.size)) >= how.threshold for how in filters]
    pieces = [events[shown], events[shown][stream.is_signal[shown]]]
    pieces += [events[shown][keep[shown]] for keep in kept]
    titles = ("events", "signal", *(type(how).__name__ for how in filters))
    return Pictures(stream.name, titles, tuple(map(_image_of, pieces)))


def write_page(findings: Findings, pictures: Sequence[Pictures], about: str) -> str:
    """HTML of the bench; pictures are in it, and nothing is fetched from anywhere.

    Parameters
    ----------
    findings : Findings
    pictures : sequence of Pictures
        With the same titles.
    about : str
        How it was made, in a sentence.
    """
    methods = list(dict.fromkeys(row.method for row in findings.rows))
    by_area = sorted(methods, key=lambda method: -_mean(findings, method))
    sections = [
        "<h1>Denoisers, measured with labels</h1>",
        f"<p>{html.escape(about)}</p>",
        "<p>Area below the ROC curve (AUC), best first. Signal is the positive class; a curve goes "
        "from (0, 0) to (1, 1) over all thresholds on a filter's score, or for DoubleWindow over "
        "its distance. .5 is chance, 1 an oracle.</p>",
        _areas(findings, by_area),
        "<h2>Curves</h2>" + "".join(_curves(findings, by_area)),
        "<h2>By kind of noise, at the filters' own thresholds, and speed</h2>"
        "<p>Means over the streams. <b>Matched</b>: the share of signal that is kept where as many "
        "events are kept as there is signal; there it is the precision, too. <b>MESR</b>: mean "
        "event structural ratio of as many events, in packets of 30,000 without hot pixels, "
        "against that of all events, and of the signal; higher is more structure, and it needs no "
        "label. <b>Mev/s</b>: million events a second on one thread.</p>",
        _kinds(findings, by_area),
        "<h2>Streams</h2>" + _streams(findings),
        "<h2>What it looks like</h2><p>30 ms from the middle of some streams; orange is ON, "
        "violet OFF.</p>" + "".join(_pictures(pictures)),
        "<h2>Filters</h2><ul>"
        + "".join(f"<li><code>{html.escape(method)}</code></li>" for method in by_area)
        + "</ul>",
    ]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>Denoisers</title><style>{_STYLE}</style></head><body>"
        + "\n".join(sections)
        + f"<p><small>eventsim {eventsim.__version__}</small></p></body></html>\n"
    )


def short_names(methods: Iterable[str]) -> dict[str, str]:
    """Names for headings: that of the class, and the settings that tell it from others of it.

    Parameters
    ----------
    methods : iterable of str
        As ``repr`` writes filters.
    """
    all_of = list(methods)
    parts = {method: _parts(method) for method in all_of}
    short = {}
    for method, (name, settings) in parts.items():
        alike = [others for kind, others in parts.values() if kind == name]
        own = [setting for setting in settings if any(setting not in some for some in alike)]
        short[method] = f"{name}({', '.join(own)})" if own else name
    return short


def _parts(method: str) -> tuple[str, list[str]]:
    """Name of the class, and ``name=value`` of each setting."""
    name, _, inside = method.partition("(")
    call: Any = ast.parse(method, mode="eval").body
    return name, [ast.unparse(word) for word in call.keywords] if inside else []


def _mean(findings: Findings, method: str) -> float:
    return float(np.mean([row.auc for row in findings.rows if row.method == method]))


def _areas(findings: Findings, methods: Sequence[str]) -> str:
    names = short_names(methods)
    head = "".join(f"<th>{html.escape(names[method])}</th>" for method in methods)
    found = {(row.stream, row.method): row.auc for row in findings.rows}
    lines = []
    for stream in findings.streams:
        values = [found[stream.name, method] for method in methods]
        lines.append((html.escape(stream.name), 1 - stream.signal / stream.events, values))
    means = [_mean(findings, method) for method in methods]
    noise = float(np.mean([share for _, share, _ in lines]))
    lines.append(("<b>mean</b>", noise, means))
    body = "".join(
        f"<tr><td>{name}</td><td>{share:.0%}</td>{_shaded(values)}</tr>"
        for name, share, values in lines
    )
    return (
        '<div class="wide"><table id="auc"><thead><tr><th>stream</th><th>noise</th>'
        f"{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _shaded(values: Sequence[float]) -> str:
    best = max(values)
    cells = []
    for value in values:
        places = [place for place, _ in _SHADES]
        color = [np.interp(value, places, [rgb[k] for _, rgb in _SHADES]) for k in range(3)]
        text = f"{value:.3f}".lstrip("0")
        text = f"<b>{text}</b>" if value == best else text
        style = "#" + "".join(f"{round(part):02x}" for part in color)
        cells.append(f'<td style="background:{style}">{text}</td>')
    return "".join(cells)


def _curves(findings: Findings, methods: Sequence[str]) -> list[str]:
    """A chart for each group: mean true positive rate over the false positive rate."""
    names, charts = short_names(methods), []
    for group in dict.fromkeys(stream.group for stream in findings.streams):
        members = {stream.name for stream in findings.streams if stream.group == group}
        curves = []
        for method in methods:
            rows = [r.curve for r in findings.rows if r.method == method and r.stream in members]
            curves.append(Curve(names[method], GRID, np.mean(rows, axis=0).tolist(), (), ()))
        image = draw_curves(
            curves, x_label="false positive rate: share of noise that is kept", x_log=True,
            y_label="true positive rate: share of signal that is kept",
        )  # fmt: skip
        charts.append(f"<h3>{html.escape(group)}</h3>{_image(image, f'ROC curves of {group}')}")
    return charts


def _kinds(findings: Findings, methods: Sequence[str]) -> str:
    kinds = list(dict.fromkeys(kind for row in findings.rows for kind in row.auc_by_kind))
    names = short_names(methods)
    heads = ["filter", "AUC", *(f"AUC, {kind}" for kind in kinds), "signal kept", "noise kept",
             *(f"{kind} kept" for kind in kinds), "matched", "MESR", "Mev/s"]  # fmt: skip
    lines = []
    for method in methods:
        rows = [row for row in findings.rows if row.method == method]
        cells = [_number(np.mean([row.auc for row in rows]))]
        cells += [_over(rows, "auc_by_kind", kind) for kind in kinds]
        cells += [_number(np.mean([getattr(row, name) for row in rows])) for name in ("tpr", "fpr")]
        cells += [_over(rows, "kept_by_kind", kind) for kind in kinds]
        cells.append(_number(np.mean([row.matched for row in rows])))
        ratios = [row.structure for row in rows if row.structure is not None]
        cells.append(f"{np.mean(ratios):.1f}" if ratios else "&ndash;")
        cells.append(f"{1 / findings.seconds_per_mev[method]:.3g}")
        lines.append((html.escape(names[method]), cells))
    for words, name in (("all events", "structure"), ("signal alone", "structure_signal")):
        ratios = [v for s in findings.streams if (v := getattr(s, name)) is not None]
        mean = f"{np.mean(ratios):.1f}" if ratios else "&ndash;"
        lines.append((f"<small>{words}</small>", [*[""] * (len(heads) - 3), mean, ""]))
    head = "".join(f"<th>{html.escape(name)}</th>" for name in heads)
    body = "".join(
        f"<tr><td>{name}</td>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
        for name, cells in lines
    )
    return (
        f'<div class="wide"><table id="kinds"><thead><tr>{head}</tr></thead><tbody>{body}</tbody>'
        "</table></div>"
    )


def _over(rows: Sequence[Row], name: str, kind: str) -> str:
    values = [getattr(row, name)[kind] for row in rows if kind in getattr(row, name)]
    return _number(np.mean(values)) if values else "&ndash;"


def _number(value: float | np.floating) -> str:
    return f"{float(value):.3f}".removeprefix("0")


def _streams(findings: Findings) -> str:
    rows = []
    for stream in findings.streams:
        kinds = ", ".join(f"{name} {count:,}" for name, count in stream.kinds.items())
        rows.append(
            f"<tr><td>{html.escape(stream.name)}</td><td>{stream.events:,}</td>"
            f"<td>{stream.signal:,}</td><td>{kinds}</td><td>{html.escape(stream.labels)}</td></tr>"
        )
    return (
        '<div class="wide"><table id="streams"><thead><tr><th>stream</th><th>events</th>'
        "<th>signal</th><th>kinds</th><th>labels</th></tr></thead><tbody>"
        + "".join(rows)
        + "</tbody></table></div>"
    )


def _pictures(pictures: Sequence[Pictures]) -> list[str]:
    if not pictures:
        return []
    titles = pictures[0].titles
    rows = [(shown.name, shown.images) for shown in pictures]
    image = draw_rows(rows, titles, signed=range(len(titles)), cell_in=1.6)
    return [_image(image, "Events before and after filters")]


def _image_of(events: Events) -> NDArray[np.float64]:
    width, height = events.size
    pixel = events.y.astype(np.int64) * width + events.x
    signs = np.where(events.p, 1.0, -1.0)
    sums = np.bincount(pixel, signs, minlength=width * height).astype(np.float64)
    return sums.reshape(height, width)


def _image(png: bytes, words: str) -> str:
    data = base64.b64encode(png).decode()
    return f'<p><img alt="{html.escape(words)}" src="data:image/png;base64,{data}"></p>'
