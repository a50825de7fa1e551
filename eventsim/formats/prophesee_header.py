"""The lines of text before the events of Prophesee's files (RAW and DAT).

Each begins with "% " and holds a key and a value; the last may be "% end". Source: the description
of the RAW format in the Metavision documentation, and the files themselves.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from eventsim.errors import OutsideSensorError
from eventsim.events import SensorSize, checked_size
from eventsim.formats.file import broken

MOST_BYTES = 1 << 16
"""Of a header; chosen by eye: those of cameras have some hundred."""

T0_KEY = "t0_us"
"""What is to be added to the times, where the format has no room for them; our own key."""

_SENSORS = {
    "gen31": SensorSize(640, 480),
    "gen3": SensorSize(640, 480),
    "gen41": SensorSize(1280, 720),
    "gen4": SensorSize(1280, 720),
    "imx636": SensorSize(1280, 720),
    "imx646": SensorSize(1280, 720),
    "genx320": SensorSize(320, 320),
}
"""Sizes by the sensor in the name of the plugin, for headers without a size (Prophesee's pages on
its sensors)."""


@dataclass(frozen=True)
class Header:
    """The header of a file.

    Attributes
    ----------
    fields : dict of str to str
        Keys in lower case.
    end : int
        Where what follows begins, bytes.
    """

    fields: dict[str, str]
    end: int

    @property
    def format(self) -> str:
        """``EVT3`` and the like; "" if it does not say."""
        name = self.fields.get("format", "").split(";")[0].strip().upper()
        if name:
            return name
        version = self.fields.get("evt", "").strip()
        return {"2.0": "EVT2", "2.1": "EVT21", "3.0": "EVT3"}.get(version, "")

    @property
    def options(self) -> dict[str, str]:
        """Of the line ``% format EVT3;height=720;width=1280``."""
        parts = self.fields.get("format", "").split(";")[1:]
        pairs = [part.split("=", 1) for part in parts if "=" in part]
        return {key.strip().lower(): value.strip() for key, value in pairs}

    def size(self, path: Path) -> SensorSize | None:
        """Size of the sensor, if anything says it.

        Raises
        ------
        SourceError
            If it is no size.
        """
        options, geometry = self.options, self.fields.get("geometry", "")
        if "width" in options and "height" in options:
            sides = [options["width"], options["height"]]
        elif geometry:
            sides = geometry.lower().split("x")
        elif "width" in self.fields and "height" in self.fields:
            sides = [self.fields["width"], self.fields["height"]]
        else:
            plugin = self.fields.get("plugin_name", "").lower()
            return next((size for name, size in _SENSORS.items() if name in plugin), None)
        try:
            width, height = (int(side) for side in sides)
            return checked_size((width, height))
        except (ValueError, OutsideSensorError):
            raise broken(path, "event file", f"its header says the size {sides}.") from None

    def t0_us(self, path: Path) -> int:
        """What is to be added to the times, microseconds.

        Raises
        ------
        SourceError
            If it is no number, or a very large one.
        """
        words = self.fields.get(T0_KEY, "0")
        try:
            value = int(words)
        except ValueError:
            value = -(2**62)
        if not abs(value) < 2**61:
            raise broken(path, "event file", f"its header says {T0_KEY} {words[:40]!r}.")
        return value


def read_header(file: BinaryIO, path: Path) -> Header:
    """Read the header of a file that is at its beginning.

    Raises
    ------
    SourceError
        If it does not end.
    """
    head = file.read(MOST_BYTES)
    fields: dict[str, str] = {}
    end = 0
    while head[end : end + 1] == b"%":
        # Events could begin with the byte of "%": in a header a space follows.
        if head[end + 1 : end + 2] not in (b" ", b"\t"):
            break
        stop = head.find(b"\n", end)
        if stop < 0:
            raise broken(path, "event file", "its header does not end.")
        key, _, value = head[end + 1 : stop].decode("latin-1").strip().partition(" ")
        fields[key.lower()] = value.strip()
        end = stop + 1
        if key.lower() == "end":
            break
    return Header(fields, end)


def header_bytes(fields: dict[str, str]) -> bytes:
    """A header with these lines."""
    return "".join(f"% {key} {value}".rstrip() + "\n" for key, value in fields.items()).encode()
