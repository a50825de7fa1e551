"""The errors that eventsim raises on purpose.

Each message says what was expected, what was found and what to do::

    EventSimError
    |-- ConfigError (ValueError)         a setting or an argument is wrong
    |-- EventError (ValueError)          events break a promise of `eventsim.Events`
    |   |-- TimeOrderError               times go backwards
    |   `-- OutsideSensorError           a coordinate is not on the sensor
    |-- SourceError (OSError)            frames cannot be read
    |-- ResourceError                    the machine lacks memory, threads or open files
    `-- StoreError                       a dataset cannot be read or written
        |-- StoreExistsError             the output is there already
        |-- PartTakenError               a part is written already
        |-- UnfinishedStoreError         parts are missing
        `-- DamagedStoreError            what is on disk breaks a promise
"""

import difflib
from collections.abc import Iterable
from typing import Any


class EventSimError(Exception):
    """Root of all errors that eventsim raises on purpose."""


class ConfigError(EventSimError, ValueError):
    """A setting or an argument is wrong."""


class EventError(EventSimError, ValueError):
    """Events break a promise of `eventsim.Events`."""


class TimeOrderError(EventError):
    """Times go backwards where they must not."""


class OutsideSensorError(EventError):
    """A coordinate is not on the sensor."""


class SourceError(EventSimError, OSError):
    """Frames cannot be read."""


class ResourceError(EventSimError):
    """The machine lacks memory, threads or open files: no fault of the input."""


class StoreError(EventSimError):
    """A dataset cannot be read or written."""


class StoreExistsError(StoreError):
    """The output is there already."""


class PartTakenError(StoreError):
    """A part is written already, by this or another process."""


class UnfinishedStoreError(StoreError):
    """Parts of a dataset are missing."""


class DamagedStoreError(StoreError):
    """What is on disk breaks a promise of the format."""


def nearest(word: str, known: Iterable[str], otherwise: str | None = None) -> str:
    """A hint that names the known word nearest to a wrong one; else lists all, or says otherwise.

    Examples
    --------
    >>> nearest("davis34", ["davis346", "dvs128"])
    "Did you mean 'davis346'?"
    >>> nearest("zzz", ["b", "a"])
    'Known: a, b.'
    """
    known = list(known)
    for one in (name for name in known if name.lower() == word.lower()):
        return f"Did you mean {one!r}?"
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    if close:
        return f"Did you mean {close[0]!r}?"
    return f"Known: {', '.join(sorted(known))}." if otherwise is None else otherwise


def first_complaint(error: Any) -> str:
    """What a pydantic ValidationError says first, in the form ``where: message, found value``.

    A table is not repeated: where something is missing in one, that would be all of it.
    """
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    message = str(first["msg"]).removeprefix("Value error, ").rstrip(".")
    if not where or isinstance(first["input"], dict):
        return f"{where}: {message}" if where else message
    return f"{where}: {message}, found {first['input']!r}"
