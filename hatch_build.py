"""Pack the programs and cards of the checkout into the wheel, under eventsim/_shipped/."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PATTERNS = (
    "converters/*.py",
    "recipes/*.py",
    "recipes/*.toml",
    "datasets/*.toml",
    "datasets/*.csv",
    "datasets/*.mp4",
)


class ShipPrograms(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel" or version == "editable":
            return
        for pattern in PATTERNS:
            for path in Path(self.root).glob(pattern):
                inside = path.relative_to(self.root).as_posix()
                build_data["force_include"][str(path)] = f"eventsim/_shipped/{inside}"
