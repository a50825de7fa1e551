"""The report: one page that opens anywhere, offline."""

import base64
import html
from collections.abc import Sequence
from dataclasses import dataclass

import eventsim
from eventsim.pipeline.anonymize_plan import METADATA_LEFT
from eventsim.privacy.fixed_order import Broken
from eventsim.privacy.measure import Shown
from eventsim.privacy.verdicts import FAILS, PROTECTS, UNSHOWN, WEAKENS, Result, by_family, judge
from eventsim.view.curves import Curve, draw_curves, draw_rows

_CLASSES = {PROTECTS: "good", WEAKENS: "fair", FAILS: "bad", UNSHOWN: "fair"}
_COLUMNS = (
    ("people", "people recognized", ("person_naive", "person_adaptive")),
    ("attribute", "glasses or the like, area under the curve",
     ("attribute_naive", "attribute_adaptive")),
    ("picture", "SSIM in the box", ("likeness_plain", "likeness_naive", "likeness_adaptive")),
    ("linked", "nearest other clip is of the same person", ("linkage",)),
    ("sensor", "sensor told", ("sensor",)),
    ("rates", "correlation of pixel rates", ("rates",)),
    ("task", "accuracy, trained raw / trained anonymous", ("task_naive", "task_adaptive")),
    ("events", "share left", ("events",)),
)  # fmt: skip
_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #222226; max-width: 1180px; margin: 2em auto;
       padding: 0 1em }
h1 { font-size: 1.6em } h2 { font-size: 1.2em; margin-top: 2em }
table { border-collapse: collapse; font-size: 12.5px; font-variant-numeric: tabular-nums }
td, th { padding: 0.25em 0.6em; border-bottom: 1px solid #ddd; text-align: right;
         vertical-align: top; white-space: nowrap }
td:first-child, th:first-child, td.words { text-align: left; white-space: normal }
thead th { font-weight: 600; text-align: right; white-space: normal; max-width: 9em }
small { color: #6a6a70 }
.good { background: #d9efe3 } .fair { background: #fdf0cd } .bad { background: #f9dcd0 }
.badge { padding: 0.1em 0.5em; border-radius: 0.7em; white-space: nowrap }
img { max-width: 100% } code { font-size: 0.93em } .wide { overflow-x: auto }
"""


@dataclass(frozen=True)
class Findings:
    """All that a report says.

    Attributes
    ----------
    results : tuple of Result
        The first is of raw recordings, the last of none at all.
    shown : tuple of Shown
        What attackers see, one for each result.
    broken : tuple of Broken
        Attacks on orders of pixels.
    people, clips : int
    seeds : tuple of int
    about : str
        What was recorded, in a sentence or two.
    """

    results: tuple[Result, ...]
    shown: tuple[Shown, ...]
    broken: tuple[Broken, ...]
    people: int
    clips: int
    seeds: tuple[int, ...]
    about: str


def write_page(findings: Findings) -> str:
    """HTML of the report; pictures are in it, and nothing is fetched from anywhere.

    Parameters
    ----------
    findings : Findings
    """
    raw, nothing = findings.results[0], findings.results[-1]
    sections = [
        "<h1>What anonymized events still tell</h1>",
        f"<p>{html.escape(findings.about)} {findings.clips:,} clips a seed, {findings.people} "
        f"people, {len(findings.seeds)} seeds ({', '.join(map(str, findings.seeds))}); numbers "
        "are means over the seeds, &plusmn; their standard deviation. Attackers know the method. "
        "<b>Naive</b> ones have learned from raw recordings, <b>adaptive</b> ones from "
        "anonymized recordings of other sessions with the truth beside them. Only the adaptive "
        "ones say what a method is worth.</p>",
        _table(findings),
        "<h2>What it costs</h2><p>To the lower right is good: the task works, and people are not "
        "recognized. Lines go through the strengths of one method.</p>",
        _image(_curves(findings.results, "person_adaptive", "people recognized, adaptive",
                       raw, nothing)),
        _image(_curves(findings.results, "likeness_adaptive", "SSIM of pictures, adaptive",
                       raw, nothing)),
        "<h2>What an attacker sees</h2><p>One clip of a test session, at its end, beside what "
        "there was to see.</p>",
        _image(_pictures(findings)),
        "<h2>Verdicts</h2>" + _verdicts(findings),
        _orders(findings.broken),
        "<h2>What else is left</h2><p>No method above changes the metadata. <code>eventsim "
        f"anonymize</code> leaves {html.escape(METADATA_LEFT)}. It leaves out sources, ids, "
        "groups, seeds, notes and times of frames. The kinds of events (signal, leak, shot, hot) "
        "stay, too. How many events there are, and when, tells what goes on even where nobody can "
        "be seen.</p>",
        "<h2>How it was measured</h2>" + _METHOD,
    ]  # fmt: skip
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>Privacy report</title><style>{_STYLE}</style></head><body>"
        + "\n".join(sections)
        + f"<p><small>eventsim {eventsim.__version__}</small></p></body></html>\n"
    )


_METHOD = """<ul>
<li><b>Pictures</b>: leaky integrators with three time constants; a linear decoder of neighborhoods
of 7 x 7 pixels in leaky sums, bins of the last 60 ms and rates; a ridge regression from the whole
clip to the picture, which undoes orders of pixels that stay. SSIM is that of the best, inside of
the box around the person only, after light and contrast were fitted in the attacker's favor.</li>
<li><b>People and attributes</b>: the decoded picture, the leaky sum and the outline at four
moments, centered in two ways, 20 x 20; linear discriminants and support vector machines vote.</li>
<li><b>Links</b>: the cosine of the same numbers, with nothing learned. <b>Sensor</b>: the mean
pattern of which pixels fire more than their neighbors.</li>
<li><b>Task</b>: moments of places and signs of events over 20 steps of time, and how they go with
each other; the same recognizers.</li>
<li><b>Protects here</b>: adaptive attackers get at most 15 % of what raw recordings give beyond
nothing, of people, attributes and pictures each; <b>weakens</b>: at most half; <b>not
shown</b>: people are not recognized in raw recordings either. Attackers with more
data, deeper networks or better sensors get more, never less.</li></ul>"""


def _table(findings: Findings) -> str:
    raw, nothing = findings.results[0], findings.results[-1]
    head = "".join(
        f"<th>{name}<br><small>{html.escape(words)}</small></th>" for name, words, _ in _COLUMNS
    )
    rows = []
    for result in findings.results:
        verdict = judge(result, raw, nothing)
        badge = ""
        if result not in (raw, nothing):
            badge = f'<span class="badge {_CLASSES[verdict.level]}">{verdict.level}</span>'
        cells = "".join(f"<td>{_numbers(result, names)}</td>" for _, _, names in _COLUMNS)
        name = html.escape(result.way.words if result is not nothing else "nothing left")
        rows.append(f"<tr><td><code>{name}</code></td><td>{badge}</td>{cells}</tr>")
    return (
        '<div class="wide"><table id="results"><thead><tr><th>method</th><th></th>'
        f"{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
        "<p><small>people, attribute: naive / adaptive. picture: nothing learned / naive / "
        "adaptive.</small></p>"
    )


def _numbers(result: Result, names: Sequence[str]) -> str:
    means = [result.mean(name) for name in names]
    if any(mean != mean for mean in means):  # nan: there is no such thing here
        return "&ndash;"
    deviation = result.deviation(names[-1])
    values = " / ".join(f"{mean:.2f}" for mean in means)
    return values + (f" <small>&plusmn;{deviation:.2f}</small>" if deviation else "")


def _curves(
    results: Sequence[Result], name: str, words: str, raw: Result, nothing: Result
) -> bytes:
    curves = []
    for family, members in by_family(results).items():
        columns = [(r.mean("task_adaptive"), r.mean(name), r.deviation("task_adaptive"),
                    r.deviation(name)) for r in members]  # fmt: skip
        x, y, x_sd, y_sd = (list(column) for column in zip(*columns, strict=True))
        curves.append(Curve(family, x, y, x_sd, y_sd))
    levels = [(raw.mean(name), "raw"), (nothing.mean(name), "nothing left")]
    return draw_curves(
        curves, x_label="accuracy of the task, trained on anonymized clips", y_label=words,
        levels=levels,
    )  # fmt: skip


def _pictures(findings: Findings) -> bytes:
    rows = [
        (_short(result), [s.truth, s.events, s.plain, s.naive, s.adaptive])
        for result, s in zip(findings.results, findings.shown, strict=True)
    ]
    titles = ["to be seen", "events", "integrated", "naive", "adaptive"]
    return draw_rows(rows, titles, signed=[1])


def _short(result: Result) -> str:
    words = result.way.words
    return words if len(words) < 46 else f"{words[:44]} ..."


def _verdicts(findings: Findings) -> str:
    raw, nothing = findings.results[0], findings.results[-1]
    rows = []
    for result in findings.results[1:-1]:
        verdict = judge(result, raw, nothing)
        leaves = " ".join(
            f"{type(method).__name__} leaves {method.leaves}"
            for method in result.way.methods
            if hasattr(method, "leaves")
        )
        rows.append(
            f"<tr><td><code>{html.escape(result.way.words)}</code></td>"
            f'<td><span class="badge {_CLASSES[verdict.level]}">{verdict.level}</span></td>'
            f'<td class="words">{html.escape(verdict.words)} <small>{html.escape(leaves)}</small>'
            "</td></tr>"
        )
    return f'<table id="verdicts"><tbody>{"".join(rows)}</tbody></table>'


def _orders(broken: Sequence[Broken]) -> str:
    if not broken:
        return ""
    rows = "".join(
        f"<tr><td><code>{html.escape(b.words)}</code></td><td>{b.events:,}</td>"
        f"<td>{b.exact:.1%}</td><td>{b.near:.1%}</td></tr>"
        for b in broken
    )
    return (
        "<h2>Orders of pixels, attacked by statistics</h2><p>Pixels that were neighbors fire "
        "together, so an order that stays is found from the events alone, without any key: gravel "
        "moves before 32 x 32 pixels for 20 s. An order that changes often is not found with the "
        "same events; chance is 0.1 %.</p>"
        '<table id="orders"><thead><tr><th>method</th><th>events</th><th>addresses found exactly'
        f"</th><th>to within a pixel</th></tr></thead><tbody>{rows}</tbody></table>"
    )


def _image(png: bytes) -> str:
    return f'<p><img alt="" src="data:image/png;base64,{base64.b64encode(png).decode()}"></p>'
