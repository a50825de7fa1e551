"""What was decoded a moment ago, up to a number of bytes."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")


class RecentlyUsed:
    """Keeps values until newer ones take their room; the one not used for longest goes first.

    Each operation on its table is one of Python's own, so threads may share it: at worst two
    of them make the same value.

    Parameters
    ----------
    most_bytes : int
        A value larger than that is not kept.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._values: dict[Hashable, tuple[Any, int]] = {}

    def get(self, key: Hashable, make: Callable[[], T], size: Callable[[T], int]) -> T:
        """Return the value of a key; made if it is not there.

        Parameters
        ----------
        key : hashable
        make : callable
        size : callable
            Bytes of the value.
        """
        kept = self._values.pop(key, None)
        if kept is not None:
            self._values[key] = kept  # now the one used last
            known: T = kept[0]
            return known
        value = make()
        n_bytes = size(value)
        if n_bytes <= self._most_bytes:
            self._values[key] = value, n_bytes
            self._make_room()
        return value

    def _make_room(self) -> None:
        used = sum(size for _, size in list(self._values.values()))
        for key in list(self._values):
            if used <= self._most_bytes:
                return
            gone = self._values.pop(key, None)
            used -= gone[1] if gone else 0
