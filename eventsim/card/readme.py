"""The card of a dataset in Markdown, with the header that dataset hubs read."""

import json
from pathlib import Path
from typing import Any

from eventsim.card.about import NOT_STATED, About, is_recorded
from eventsim.card.command import command_of
from eventsim.card.statistics import Numbers, Statistics

CLASSES_SHOWN = 200
FAILURES_SHOWN = 50
_METHODS = {
    "video": "simulated from videos",
    "recorded": "recorded with a real camera, brought into this form",
    "saccade": "simulated from still images that move in front of a sensor",
    "augment": "transformed from another dataset",
    "denoise": "filtered from another dataset, without what looks like noise",
    "anonymize": "anonymized from another dataset",
    "recover": "recovered from an anonymized dataset",
    "i2e": "made of still images by eight shifts of each (I2E)",
}
_INPUTS = {
    "video": "Every input is listed in `card/manifest.csv` with its label, split and group; paths "
    "in it are seen from the folder that it lies in.",
    "recorded": "Every file is listed in `card/manifest.csv` with its label, split and group; "
    "paths in it are seen from the folder that it lies in.",
    "augment": "The dataset that was transformed must lie there, with the same content.",
    "denoise": "The dataset that was filtered must lie there, with the same content.",
    "anonymize": "`ORIGINAL` is a dataset that this one does not name. A copy made again differs: "
    "its random numbers come from a key and an id that no other copy has.",
    "recover": "`ANONYMIZED` is the dataset that was recovered, and `KEY` the key file.",
}
_IMAGES = "`IMAGES` stands for the images, which this dataset does not name."


def write_readme(
    name: str,
    attributes: dict[str, Any],
    statistics: Statistics,
    about: About,
) -> str:
    """Text of the card.

    Parameters
    ----------
    name : str
        Of the dataset's folder.
    attributes : dict
        Of the root.
    statistics : Statistics
    about : About

    Returns
    -------
    str
        Markdown. The same dataset gives the same text.
    """
    whole = statistics.whole
    method = _METHODS.get(attributes.get("method", "video"), _METHODS["video"])
    sections = [
        _header(name, attributes, statistics, about),
        f"# {about.title or Path(name).stem}\n\n"
        f"{whole.samples:,} samples of event-camera (DVS) data, {method} by "
        f"[eventsim](https://pypi.org/project/eventsim/) {attributes['version']}: "
        f"{whole.events:,} events.\n\n"
        "![Some samples](card/samples.png)\n\n![Rates](card/rates.png)",
        "## Samples\n\n" + _tables(statistics),
        "## How it was made\n\n" + _provenance(attributes, statistics),
        "## License of the source\n\n" + _license(about),
        "## Use and limits\n\n" + _limits(attributes),
        *(
            [f"## Privacy\n\n{_privacy(attributes['anonymize'])}"]
            if "anonymize" in attributes
            else []
        ),
        *([f"## Augmentation\n\n{_augmentation(about)}"] if about.not_label_safe else []),
        "## What failed\n\n" + _failures(attributes),
        "## Read it\n\n" + _reading(name, statistics),
        "## Make it again\n\nFrom the folder that this dataset lies in, with the same version of "
        f"eventsim:\n\n```sh\n{command_of(attributes, name)}\n```\n\n"
        + (
            _INPUTS.get(
                "video" if "geometry" in attributes else attributes.get("method", ""), _IMAGES
            )
        ),
    ]
    return "\n\n".join(sections) + "\n"


def _header(name: str, attributes: dict[str, Any], statistics: Statistics, about: About) -> str:
    """YAML that hubs of datasets read; JSON strings are YAML, too."""
    whole = statistics.whole.samples
    sizes = ((1e3, "n<1K"), (1e4, "1K<n<10K"), (1e5, "10K<n<100K"), (1e6, "100K<n<1M"))
    size = next((word for limit, word in sizes if whole < limit), "1M<n<10M")
    origin = "recorded" if is_recorded(attributes) else "synthetic"
    tags = ["event-camera", "dvs", "neuromorphic", origin, "eventsim"]
    lines = ["---", f"pretty_name: {json.dumps(about.title or Path(name).stem)}"]
    if about.license:
        lines += ["license: other", f"license_name: {json.dumps(about.license)}"]
    lines += [
        f"size_categories: [{json.dumps(size)}]",
        f"tags: {json.dumps(tags)}",
        "---",
    ]
    return "\n".join(lines)


def _tables(statistics: Statistics) -> str:
    tables = [_table("split", {"all": statistics.whole, **statistics.by_split})]
    classes = dict(list(statistics.by_class.items())[:CLASSES_SHOWN])
    if set(classes) - {""}:
        tables.append(_table("class", classes))
        left = len(statistics.by_class) - len(classes)
        if left > 0:
            tables.append(f"... and {left:,} classes more; `dataset.table()` has all.")
    return "\n\n".join(tables)


def _table(word: str, rows: dict[str, Numbers]) -> str:
    kinds = list(next(iter(rows.values())).kind_shares) if rows else []
    kinds = [k for k in kinds if any(n.kind_shares.get(k) for n in rows.values())]
    head = [word, "samples", "events", "events per sample (least, quartiles, most)", "ON"]
    timed = any(numbers.seconds for numbers in rows.values())
    head += [*kinds, *(["seconds", "Hz per pixel"] if timed else [])]
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for name, numbers in rows.items():
        cells = [
            _cell(name or "(none)"),
            f"{numbers.samples:,}",
            f"{numbers.events:,}",
            ", ".join(f"{value:,.0f}" for value in numbers.quartiles),
            _percent(numbers.on_share),
            *(_percent(numbers.kind_shares.get(kind)) for kind in kinds),
        ]
        if timed:
            rate = "" if numbers.rate_hz is None else f"{numbers.rate_hz:.3g}"
            cells += [f"{numbers.seconds:,.1f}", rate]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _provenance(attributes: dict[str, Any], statistics: Statistics) -> str:
    sizes = ", ".join(f"{w}x{h}" for w, h in statistics.sizes[:5])
    sizes += f" and {len(statistics.sizes) - 5} more" if len(statistics.sizes) > 5 else ""
    rows = {
        "eventsim": attributes["version"],
        "format version": attributes["format_version"],
        "method": attributes.get("method", "video"),
        "sensor": attributes.get("sensor"),
        "noise": attributes.get("noise"),
        "size": f"{sizes} px",
        "seed": attributes.get("seed"),
    }
    for group in ("settings", "import", "twin", "motion", "encoding", "geometry"):
        for key, value in (attributes.get(group) or {}).items():
            if value is not None:
                rows[f"{group}: {key}"] = value
    inputs = attributes.get("inputs", {})
    rows["inputs"] = f"{inputs.get('count', 0):,}, SHA-256 {inputs.get('sha256', '')}"
    lines = ["| | |", "|---|---|"]
    lines += [f"| {key} | {_cell(value)} |" for key, value in rows.items() if value is not None]
    return "\n".join(lines)


def _license(about: About) -> str:
    lines = [f"The videos, images or recordings: {about.license or NOT_STATED}."]
    if about.source_url:
        lines.append(f"They are from <{about.source_url}>.")
    if about.citation:
        lines.append(f"Cite:\n\n```\n{about.citation}\n```")
    lines.append("Events show what the source shows: people in it can be recognized in them.")
    return "\n\n".join(lines)


def _limits(attributes: dict[str, Any]) -> str:
    use = (
        "For training and testing of models that read events, and for pretraining before real "
        "recordings are used. "
    )
    if attributes.get("method") == "i2e":
        return use + (
            "Its planes are no recordings: they have no times, and no noise of a sensor. Do not "
            "take them for what an event camera would see."
        )
    if is_recorded(attributes):
        return use.replace(" before real recordings are used", "") + (
            "Its events are from a real camera: why each came (signal, leak, shot, hot) is not "
            "known. A recording lasts from its first event to its last."
        )
    return use + (
        "It is synthetic: between two frames light is taken to change on a line in its logarithm, "
        "so what moves by several pixels per frame leaves gaps; a video has less dynamic range "
        "than a scene, and its compression makes events of its own. Every event says its kind "
        "(signal, leak, shot, hot). Numbers that were measured on it are no claim about a real "
        "camera until they were repeated on real recordings."
    )


def _augmentation(about: About) -> str:
    names = ", ".join(f"`{name.strip()}`" for name in about.not_label_safe.split(","))
    return f"These transforms may change a label, and are not safe here: {names}."


def _privacy(how: dict[str, Any]) -> str:
    lines = ["Done, one after the other, and what it does not protect from:"]
    lines.append(
        "\n".join(
            f"- `{method}` leaves {leaves}"
            for method, leaves in zip(how["methods"], how["leaves"], strict=True)
        )
    )
    lines.append(f"Also left: {how['metadata_left']}.")
    if how.get("key_check"):
        lines.append(
            "Whoever has the key file can undo the methods with a key, and read what else was "
            "known of the originals: `eventsim anonymize --recover`."
        )
    lines.append(
        "No method makes people unrecognizable to everybody: `eventsim privacy-report` measures "
        "what attackers get who know the method and train on its output."
    )
    return "\n\n".join(lines)


def _failures(attributes: dict[str, Any]) -> str:
    failures = attributes["failures"]
    lines = [
        f"- `{failure['source']}`: {_cell(failure['reason'])}"
        for failure in failures[:FAILURES_SHOWN]
    ]
    if len(failures) > FAILURES_SHOWN:
        lines.append(f"- ... and {len(failures) - FAILURES_SHOWN:,} more: `dataset.failures`")
    missing = attributes.get("missing_parts")
    if missing:
        lines.append(f"- {len(missing)} parts are missing: it was closed before it was whole")
    return "\n".join(lines) or "Nothing: all inputs were converted."


def _reading(name: str, statistics: Statistics) -> str:
    split = next((s for s in statistics.by_split if s), "")
    chosen = f'dataset.filter(split="{split}")' if split else "dataset"
    what = "events" if statistics.content == "events" else "planes"
    return (
        "```python\nimport eventsim\n\n"
        f'dataset = eventsim.open_dataset("{name}")\n'
        f"sample = {chosen}[0]\n"
        f"sample.{what}, sample.label\n```\n\n"
        "It is a Zarr v3 group; the README of eventsim says how to decode it without eventsim. "
        "`croissant.json` describes its samples to machines, and `card/samples.csv` lists them."
    )


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"


def _cell(value: object) -> str:
    """Text that does not break a table."""
    return " ".join(str(value).split()).replace("|", "\\|")
