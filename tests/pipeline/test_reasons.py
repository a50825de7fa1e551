import errno
import os
import signal
import threading

import cv2
import numpy as np
import pytest
from numba import njit

from eventsim.errors import ResourceError, SourceError, StoreError
from eventsim.pipeline.reasons import causes, lack_of, one_line, reason_of


def chained(error: BaseException) -> SourceError:
    """An error of ours that came of another one, as the readers make it."""
    try:
        try:
            raise error
        except BaseException as caught:
            raise SourceError("a.png cannot be read. Check it.") from caught
    except SourceError as wrapped:
        return wrapped


def system_error(stop: BaseException) -> SystemError:
    """What CPython makes of an exception of a handler inside of a compiled function."""
    error = SystemError("<built-in> returned a result with an exception set")
    error.__cause__ = stop
    return error


@pytest.mark.parametrize("stop", [SystemExit(143), KeyboardInterrupt()])
def test_a_signal_blames_nobody(stop):
    with pytest.raises(type(stop)):
        reason_of(system_error(stop))
    with pytest.raises(type(stop)):
        reason_of(chained(system_error(stop)))


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (MemoryError(), "memory"),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), "memory"),
        (OSError(errno.EMFILE, "Too many open files"), "open files"),
        (RuntimeError("can't start new thread"), "threads"),
    ],
)
def test_what_the_machine_lacks_is_no_failure_of_the_input(error, word):
    assert word in lack_of(error)
    for some in (error, chained(error)):
        with pytest.raises(ResourceError, match=f"lacks {word}.*run the same command again"):
            reason_of(some)


def test_opencv_and_numpy_without_memory():
    """2**45 numbers of 8 bytes fit no machine."""
    with pytest.raises(MemoryError) as caught:
        np.empty(2**45, np.int64)
    assert lack_of(caught.value) == "memory"
    error = cv2.error("Failed to allocate")
    error.code = -4
    assert lack_of(error) == "memory"


def test_full_disk():
    with pytest.raises(StoreError, match="Free some space"):
        reason_of(chained(OSError(errno.ENOSPC, "No space left on device")))


def test_an_input_that_is_to_blame():
    assert reason_of(chained(ValueError("x"))) == "a.png cannot be read. Check it."


def test_causes_end():
    a, b = ValueError("a"), ValueError("b")
    a.__cause__, b.__context__ = b, a
    assert list(causes(a)) == [a, b]


def test_one_line_keeps_our_own_words():
    assert one_line(SourceError("a\n  b")) == "a b"
    with pytest.raises(TypeError) as caught:
        raise TypeError("x")
    assert "please report" in one_line(caught.value)


def test_a_real_compiled_function_that_a_signal_interrupts():
    """The kind of error that such a function gives is one that `reason_of` sees through."""

    @njit
    def spin(n):
        total = 0.0
        for i in range(n):
            total += np.sin(i)
        return total

    spin(1)

    def spin_until_stopped():
        try:
            for _ in range(1000):
                spin(2_000_000)
        except Exception as error:
            reason_of(error)

    def stop(*_):
        raise SystemExit(143)

    before = signal.signal(signal.SIGUSR1, stop)
    timer = threading.Timer(0.05, os.kill, [os.getpid(), signal.SIGUSR1])
    try:
        timer.start()
        with pytest.raises(SystemExit):
            spin_until_stopped()
    finally:
        timer.join()
        signal.signal(signal.SIGUSR1, before)
