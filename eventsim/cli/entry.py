"""Where the `eventsim` command begins: Ctrl-C is one line from its first moment on."""

import os
import signal
import sys
from types import FrameType

_LINE = b"\neventsim: stopped\n"
_INTERRUPTED = 130


def main() -> int:
    """Run the command line; see `eventsim.cli.main.main`.

    Returns
    -------
    int
        Exit code.
    """
    # An import that is interrupted comes apart in a traceback, and nothing is begun yet that
    # would have to be closed.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _end_at_once)
    from eventsim.cli.main import main as run

    return run(sys.argv[1:])


def _end_at_once(number: int, frame: FrameType | None) -> None:
    os.write(2, _LINE)
    os._exit(_INTERRUPTED)
