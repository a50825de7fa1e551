"""What readers of every content share: a finished dataset's table, and its arrays kept open."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from numpy.typing import NDArray

from eventsim.errors import DamagedStoreError, EventSimError, UnfinishedStoreError
from eventsim.store import layout
from eventsim.store.arrays import StoredArray
from eventsim.store.dataset import committed_parts, content_of, open_root, readable
from eventsim.store.records import check_numbers
from eventsim.store.samples import SampleTable, read_table

T = TypeVar("T")

_OPEN_ARRAYS = 1000
"""Arrays kept open at once: about 10 kB each; chosen by eye."""


@dataclass(frozen=True)
class Opened:
    """A finished dataset, looked at.

    Attributes
    ----------
    attributes : dict
        Of the root.
    failures : list of dict
        Inputs that could not be converted: ``sample``, ``source`` and ``reason``.
    table : SampleTable
    """

    attributes: dict[str, Any]
    failures: list[dict[str, Any]]
    table: SampleTable


def open_finished(path: str | Path) -> Opened:
    """Read what is known of all samples of a finished dataset.

    Raises
    ------
    StoreError
        If it is not a dataset, or of a newer format.
    UnfinishedStoreError
        If parts are missing.
    DamagedStoreError
        If its table cannot be read.
    """
    root = open_root(path)
    attributes: dict[str, Any] = dict(root.attrs.asdict())
    if not attributes.get("finished"):
        done, planned = len(committed_parts(path)), attributes.get("parts")
        raise UnfinishedStoreError(
            f"{path} is not finished: {done} of {planned} parts are there. Run the same "
            "conversion again; it resumes."
        )
    content = content_of(attributes, path)
    names = ("sample", "source", "reason")
    failures = [{name: failure[name] for name in names} for failure in attributes["failures"]]
    with readable(path):
        table = read_table(root, content, rows=attributes["recordings"])
    check_numbers(table.numbers, content, attributes["parts"], path)
    return Opened(attributes, failures, table)


class PartArrays:
    """Arrays of the parts of a dataset, opened when they are first read.

    Parameters
    ----------
    path : Path
        Of the dataset.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._arrays: dict[tuple[int, str], StoredArray] = {}

    def read(self, part: int, name: str, take: Callable[[StoredArray], T]) -> T:
        """Read from an array of a part.

        Parameters
        ----------
        part : int
        name : str
        take : callable
            Is given the array, and returns what it takes from it.

        Raises
        ------
        DamagedStoreError
            If it cannot be read.
        """
        try:
            array = self._arrays.get((part, name))
            if array is None:
                if len(self._arrays) >= _OPEN_ARRAYS:
                    self._arrays.clear()
                array = StoredArray(self._path / layout.part_path(part) / name, name)
                self._arrays[part, name] = array
            return take(array)
        except (EventSimError, MemoryError, PermissionError):
            raise
        except Exception as error:  # JSON, codecs and files raise whatever they like
            words = " ".join(str(error).split())[:200] or type(error).__name__
            raise DamagedStoreError(
                f"{name} of part {part:05d} of {self._path} cannot be read ({words}). "
                "Run `eventsim verify` on it."
            ) from error

    def column(self, part: int, name: str, start: int, stop: int) -> NDArray[Any]:
        """Rows [start, stop) of an array of a part.

        Raises
        ------
        DamagedStoreError
            If they cannot be read, or are not there.
        """
        return self.read(part, name, lambda array: array.rows(start, stop))
