"""The command that makes a dataset again."""

import shlex
from dataclasses import replace
from typing import Any

from eventsim.camera import choose_camera
from eventsim.pixel.settings import CARD_NOISE, PRESETS
from eventsim.sensors.cards import sensor_names
from eventsim.sources.reading import Reading, flag_of

MANIFEST_FILE = "card/manifest.csv"
_OF_I2E = ("ratio", "rate", "directions", "order", "padding")


def command_of(attributes: dict[str, Any], name: str) -> str:
    """One line for a shell, run from the folder that the dataset lies in.

    Parameters
    ----------
    attributes : dict
        Of the root.
    name : str
        Of the dataset's folder.
    """
    method = attributes.get("method", "video")
    if method == "augment":
        return shlex.join(_augment(attributes))
    if method == "denoise":
        return shlex.join(_denoise(attributes["denoise"]))
    if method == "anonymize":
        return shlex.join(_anonymize(attributes["anonymize"]))
    if method == "recorded":
        return shlex.join(_import(attributes, name))
    if method == "recover":
        return shlex.join(
            ["eventsim", "anonymize", "ANONYMIZED", "again.zarr", "--recover", "--key-file", "KEY"]
        )
    words = ["eventsim", "convert"]
    if method == "video" and "geometry" in attributes:
        words += ["--manifest", f"{name}/{MANIFEST_FILE}", "again.zarr"]
        words += _camera(attributes) + _reading(attributes)
        for key, value in attributes.get("twin", {}).items():
            words += ["--twin", f"{key}={value}"]
    else:
        words += ["IMAGES", "again.zarr", "--method", str(method)]
        words += _still(attributes)
    return " ".join(
        shlex.quote(word) for word in [*words, "--seed", str(attributes.get("seed", 1))]
    )


def _augment(attributes: dict[str, Any]) -> list[str]:
    how = attributes["augment"]
    words = ["eventsim", "augment", how["of"], "again.zarr", "--transform", how["transform"]]
    words += ["--copies", str(how["copies"])]
    words += ["--split", how["split"]] if how["split"] is not None else []
    return [*words, "--seed", str(attributes["seed"])]


def _denoise(how: dict[str, Any]) -> list[str]:
    words = ["eventsim", "denoise", how["of"], "again.zarr"]
    for method in how["methods"]:
        words += ["--method", method]
    return [*words, *(["--split", how["split"]] if how["split"] is not None else [])]


def _import(attributes: dict[str, Any], name: str) -> list[str]:
    how = attributes.get("import")
    if how is None:  # by a converter
        return ["eventsim", "run", "CONVERTER", "RECORDINGS", "again.zarr"]
    words = ["eventsim", "import", "--manifest", f"{name}/{MANIFEST_FILE}", "again.zarr"]
    if how["size"]:
        words += ["--size", "{}x{}".format(*how["size"])]
    for key in ("format", "time_unit", "columns"):
        words += [f"--{key.replace('_', '-')}", how[key]] if how[key] else []
    words += ["--transpose"] if how.get("transpose") else []
    for key in ("backwards", "outside"):
        words += [f"--{key}", how[key]] if how[key] != "refuse" else []
    return words


def _anonymize(how: dict[str, Any]) -> list[str]:
    words = ["eventsim", "anonymize", "ORIGINAL", "again.zarr"]
    for method in how["methods"]:
        words += ["--method", method]
    return [*words, "--key-file", "KEY"] if how.get("key_check") else words


def _camera(attributes: dict[str, Any]) -> list[str]:
    sensor, noise = attributes["sensor"], attributes["noise"]
    # A card of one's own may be gone, and a preset of an earlier version be called otherwise.
    if sensor not in sensor_names() or noise not in (CARD_NOISE, *PRESETS):
        sensor, noise = "ideal", CARD_NOISE
    words = ["--sensor", sensor, "--noise", noise]
    preset = choose_camera(sensor, noise).values
    for key, value in attributes["settings"].items():
        if preset.get(key) != value:
            words += ["--set", f"{key}={value}"]
    return words


def _reading(attributes: dict[str, Any]) -> list[str]:
    reading, geometry = Reading.of(attributes), attributes["geometry"]
    if reading.size == "sensor" and attributes["sensor"] not in sensor_names():
        reading = replace(reading, size=tuple(geometry["sensor_size"] or ()) or "sensor")
    named = {name: said["name"] for name, said in geometry.items() if isinstance(said, dict)}
    words = reading.flags()
    for name, file in named.items():
        words += [f"--{flag_of(name)}", file]
    return words


def _still(attributes: dict[str, Any]) -> list[str]:
    """Flags of still images; where these lie, only people know."""
    words = []
    if attributes.get("size") is not None:
        words += ["--size", "{}x{}".format(*attributes["size"])]
    if attributes.get("fit") is not None:
        words += ["--fit", attributes["fit"]]
    if "motion" not in attributes:
        settings = attributes.get("settings", {})
        return words + [w for k in _OF_I2E if settings.get(k) is not None
                        for w in (f"--{k}", str(settings[k]))]  # fmt: skip
    motion = dict(attributes["motion"])
    path = motion.pop("path")
    words += ["--motion", path if isinstance(path, str) else path["name"]]
    for key, value in motion.items():
        if value is not None:
            text = str(value).lower() if isinstance(value, bool) else str(value)
            words += ["--move", f"{key}={text}"]
    return words + _camera(attributes)
