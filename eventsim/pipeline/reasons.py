"""Why an input failed, and when it is not the input that is to blame."""

import errno
import traceback
from collections.abc import Iterator
from pathlib import Path

from eventsim.errors import EventSimError, ResourceError, StoreError
from eventsim.store.dataset import is_disk_full

_LACKS = {
    errno.ENOMEM: "memory",
    errno.EAGAIN: "memory or processes",
    errno.EMFILE: "open files (see `ulimit -n`)",
    errno.ENFILE: "open files",
}
_OPENCV_NO_MEMORY = -4
"""cv2.error.code of cv::Error::StsNoMem (OpenCV, core/base.hpp)."""


def reason_of(error: Exception) -> str:
    """Say why an input failed, if it is the fault of the input.

    Raises
    ------
    KeyboardInterrupt, SystemExit
        If the error is what became of a signal. A compiled function that a handler of signals
        interrupts ends in a SystemError that has the handler's exception as its cause.
    ResourceError
        If the machine lacks something.
    StoreError
        If the disk is full: where the compiler keeps its cache, say.
    """
    for cause in causes(error):
        if isinstance(cause, KeyboardInterrupt | SystemExit | ResourceError):
            raise cause
        if is_disk_full(cause):
            raise StoreError(f"the disk is full: {cause}. Free some space.") from error
        lack = lack_of(cause)
        if lack:
            raise ResourceError(
                f"the machine lacks {lack}. What is committed is safe: free some and run the same "
                "command again, with fewer --workers, or a smaller --size."
            ) from error
    return one_line(error)


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and those that it came from, each once."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop(0)
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__cause__, one.__context__]


def lack_of(error: BaseException) -> str:
    """Name what the machine lacks, if that is what an error says; "" if it is not."""
    if isinstance(error, MemoryError) or getattr(error, "code", None) == _OPENCV_NO_MEMORY:
        return "memory"
    if isinstance(error, RuntimeError) and "can't start new thread" in str(error):
        return "threads"
    return _LACKS.get(error.errno or 0, "") if isinstance(error, OSError) else ""


def one_line(error: Exception) -> str:
    """Say in one line why an input failed; where in the code, if it is not one of our errors."""
    text = " ".join(str(error).split())
    if isinstance(error, EventSimError | OSError):
        return text
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(last.filename).name}:{last.lineno}"
    return f"{type(error).__name__} at {place}: {text} (a bug in eventsim: please report it)"
