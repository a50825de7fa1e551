"""Directives whose text comes from the package itself, so that no table is typed.

In a page::

    ```{settings}
    ```

Each directive is a function that returns Markdown. What stands in the package, a default say, is
in the site as soon as that is built.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from docutils import nodes
from pydantic.fields import FieldInfo
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from eventsim.camera import SETTINGS
from eventsim.cli.main import COMMANDS, build_app
from eventsim.formats.names import FORMATS
from eventsim.motion.settings import PATHS, MotionSettings
from eventsim.motion.variants import VARIANTS
from eventsim.pipeline.cards import load_dataset_card
from eventsim.pixel.models import MODELS
from eventsim.pixel.settings import PRESETS
from eventsim.planes.settings import I2ESettings
from eventsim.sensors.cards import load_card, sensor_names
from eventsim.shipped import shipped_files, title_of
from eventsim.sources.reading import Reading


def settings() -> str:
    """All settings of a camera."""
    return _fields(SETTINGS)


def motion_settings() -> str:
    """Settings of a moved image and of its light."""
    return _fields(MotionSettings.model_fields)


def i2e_settings() -> str:
    """Settings of the planes of I2E."""
    return _fields(I2ESettings.model_fields)


def presets() -> str:
    """Noise presets, a column each."""
    names = {name: None for values in PRESETS.values() for name in values}
    rows = [
        (f"`{n}`", _unit(SETTINGS[n]), *(_number(v[n]) for v in PRESETS.values())) for n in names
    ]
    return _table(("setting", "unit", *PRESETS), rows)


def sensors() -> str:
    """All sensor cards in one table."""
    cards = [load_card(name) for name in sensor_names()]
    shown = [n for n in SETTINGS if any(n in card.physics for card in cards)]
    rows: list[tuple[str, ...]] = [
        ("camera", *(card.title for card in cards)),
        ("size (px)", *(str(card.size or "as the frames") for card in cards)),
        ("8-bit numbers are", *(card.transfer for card in cards)),
    ]
    for name in shown:
        unit = _unit(SETTINGS[name])
        label = f"`{name}`" + (f" ({unit})" if unit else "")
        rows.append((label, *(_number(card.physics.get(name, "")) for card in cards)))
    return _table(("", *(f"{{ref}}`{c.name} <sensor-{c.name}>`" for c in cards)), rows)


def sensor_sources() -> str:
    """Each sensor card with the source of every value."""
    pieces = []
    for card in map(load_card, sensor_names()):
        values: dict[str, Any] = {"size": card.size, "transfer": card.transfer, **card.physics}
        rows = [
            (f"`{name}`", _number(values[name]), _cell(source))
            for name, source in card.sources.items()
        ]
        title = f"(sensor-{card.name})=\n## `{card.name}`: {card.title}\n\n"
        pieces.append(title + _table(("", "value", "source"), rows))
    return "\n".join(pieces)


def formats() -> str:
    """Formats of event files."""
    rows = [
        (
            f"`{one.name}`",
            one.title,
            " ".join(f"`{ending}`" for ending in one.endings),
            "yes",
            "yes" if one.write else "",
            "yes" if one.keeps_kind else "",
        )
        for one in FORMATS
    ]
    return _table(("name", "what it is", "files", "read", "written", "holds the kind"), rows)


def paths() -> str:
    """Eye movements and ways to record."""
    rows = [
        (f"`{name}`", ", ".join(f"`{key} = {value}`" for key, value in values.items()))
        for name, values in VARIANTS.items()
    ]
    names = ", ".join(f"`{name}`" for name in PATHS)
    return f"Eye movements (`--motion`): {names}.\n\n" + _table(("`--variant`", "is"), rows)


def dataset_cards() -> str:
    """Each dataset card: what it is, whose images, and what must come out."""
    pieces = []
    for path in shipped_files():
        if path.suffix != ".toml" or path.parent.name != "datasets":
            continue
        if path.with_suffix(".mp4").exists():
            continue  # a clip, not a dataset that is built
        card = load_dataset_card(path.stem)
        rows = [
            ("converter", f"`eventsim run {card.converter} SOURCE OUT.zarr --card {path.stem}`")
        ]
        rows.append(("license of the images", f"[{card.license.name}]({card.license.url})"))
        for split, wanted in card.expect.items():
            if wanted.rate_percent is not None:
                found = f"{wanted.rate_percent:g} % ones"
            else:
                found = f"{wanted.events_per_recording:,.0f} events per recording"
            words = f"{wanted.samples:,} images, {found} (± {wanted.tolerance:g}): {wanted.source}"
            rows.append((split, _cell(words)))
        pieces.append(f"## `{path.stem}`: {card.title}\n\n" + _table(("", ""), rows))
    return "\n".join(pieces)


def programs(folder: str) -> str:
    """Programs that are shipped, by their first lines."""
    rows = [
        (f"`{path.stem}`", _cell(title_of(path)))
        for path in shipped_files()
        if path.parent.name == folder and path.suffix == ".py"
    ]
    return _table(("`eventsim run ...`", "does"), rows)


def commands() -> str:
    """All commands, a line each."""
    rows = [(f"{{ref}}`{name} <command-{name}>`", _cell(words)) for name, words in COMMANDS.items()]
    return _table(("`eventsim ...`", "does"), rows)


def command_help() -> str:
    """The help of every command."""
    text = build_app().generate_docs(output_format="markdown", heading_level=1)
    pieces = []
    for name in COMMANDS:
        found = re.search(rf"^## eventsim {name}\n(.*?)(?=^## |\Z)", text, re.M | re.S)
        if found is None:
            raise LookupError(f"the program's own help has no section for {name}")
        body = re.sub(r"(?m)^(\*\*[^*]+\*\*):$", r"\1", found[1])  # a heading of options
        # Of a flag without which nothing happens, or of an empty text, no default is worth a word.
        body = re.sub(r' \*\[default: (False|""|\(\)|\{\})\]\*', "", body)
        pieces.append(f"(command-{name})=\n## `eventsim {name}`\n{body}")
    return "\n".join(pieces)


def reading() -> str:
    """How frames are read: the fields of `Reading`."""
    doc = Reading.__doc__ or ""
    found = re.findall(r"(?m)^    (\w+)(?: : .*)?\n((?:        .*\n?)+)", doc)
    rows = [(f"`{name}`", _cell(" ".join(words.split()))) for name, words in found]
    return _table(("`Reading`", "meaning"), rows)


def elsewhere() -> str:
    """Names of settings in other simulators."""
    called = {}
    for name, field in SETTINGS.items():
        extra: Any = field.json_schema_extra
        if extra.get("elsewhere"):
            called[name] = extra["elsewhere"]
    others = list({other: None for names in called.values() for other in names})
    rows = [
        (f"`{name}`", *(f"`{names[o]}`" if o in names else "" for o in others))
        for name, names in called.items()
    ]
    return _table(("here", *others), rows)


GENERATORS: dict[str, Callable[[], str]] = {
    "settings": settings,
    "motion-settings": motion_settings,
    "i2e-settings": i2e_settings,
    "presets": presets,
    "sensors": sensors,
    "sensor-sources": sensor_sources,
    "formats": formats,
    "paths": paths,
    "dataset-cards": dataset_cards,
    "converters": lambda: programs("converters"),
    "recipes": lambda: programs("recipes"),
    "commands": commands,
    "command-help": command_help,
    "elsewhere": elsewhere,
    "reading": reading,
}
"""By the name of the directive."""


class Generated(SphinxDirective):
    """A directive of `GENERATORS`."""

    def run(self) -> list[nodes.Node]:
        """Parse what the generator of this name gives, headings and all."""
        text = GENERATORS[self.name]()
        return self.parse_text_to_nodes(text, allow_section_headings=True)


def _fields(fields: Mapping[str, FieldInfo]) -> str:
    rows = [
        (f"`{name}`", _unit(field), _range(field), _default(field), _cell(field.description or ""))
        for name, field in fields.items()
    ]
    return _table(("setting", "unit", "range", "default", "meaning"), rows)


def _unit(field: FieldInfo) -> str:
    extra: Any = field.json_schema_extra
    unit = str((extra or {}).get("unit", ""))
    return "" if unit == "1" else unit


def _range(field: FieldInfo) -> str:
    inner = [a for a in get_args(field.annotation) if hasattr(a, "__metadata__")]
    limits = [*field.metadata, *(m for a in inner for m in a.__metadata__)]
    low = next((getattr(m, k) for m in limits for k in ("ge", "gt") if hasattr(m, k)), None)
    high = next((getattr(m, k) for m in limits for k in ("le", "lt") if hasattr(m, k)), None)
    words = [a for a in get_args(field.annotation) if isinstance(a, str)]
    if words:
        return ", ".join(MODELS if field is SETTINGS["model"] else words)
    if low is None and high is None:
        return ""
    if high is None or high > 1e15:
        return f"{_number(low)} and up"
    return f"{_number(low)} to {_number(high)}" if low is not None else f"up to {_number(high)}"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    return "" if field.default in (None, "") else _number(field.default)


def _number(value: Any) -> str:
    if isinstance(value, float | int) and not isinstance(value, bool):
        return f"{value:,.6g}" if abs(value) < 1e5 else f"{value:,.0f}"
    return str(value)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directives."""
    for name in GENERATORS:
        app.add_directive(name, Generated)
    # Every page with such a directive is read again when the package has changed.
    app.connect("env-get-outdated", _outdated)
    return {"version": "1", "parallel_read_safe": True}


def _outdated(
    app: Sphinx, env: Any, added: set[str], changed: set[str], gone: set[str]
) -> list[str]:
    words = tuple(f"```{{{name}}}" for name in GENERATORS)
    return [
        name
        for name in env.found_docs
        if any(word in Path(env.doc2path(name)).read_text(encoding="utf-8") for word in words)
    ]
