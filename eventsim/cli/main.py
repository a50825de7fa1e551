"""The command line: `eventsim --help`, one line an error, and exit codes that a script can use.

Nothing heavy is imported before a command runs: the commands are named, not imported.
"""

import io
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from cyclopts import App, CycloptsError, Parameter, UnknownCommandError

import eventsim
from eventsim.cli.printing import make_console, printable
from eventsim.errors import EventSimError, nearest

COMMANDS = {
    "convert": "Generate events from videos or from still images.",
    "import": "Bring event files of other programs into a dataset.",
    "export": "Write recordings as event files that other programs read.",
    "status": "Show the progress of a conversion, from any terminal.",
    "retry": "Try failed inputs again.",
    "finish": "Finish an interrupted dataset, also without its missing parts.",
    "card": "Write the card of a dataset: a description in words, numbers and pictures.",
    "augment": "Write a copy of a dataset with transformed events.",
    "denoise": "Write a copy of a dataset without its noise.",
    "anonymize": "Write a copy of a dataset in which people are harder to recognize.",
    "privacy-report": "Measure what attackers learn from anonymized events; writes an HTML page.",
    "keygen": "Make a key file for `anonymize`.",
    "view": "Show a recording as a film or a picture.",
    "tune": "Tune a sensor by eye, in the browser.",
    "probe": "Look into single pixels: light, photoreceptor, reference, thresholds, events.",
    "boxes": "Write the boxes of labeled objects as a table.",
    "calibrate": "Fit a sensor card to a recording.",
    "compare": "Compare simulated recordings with real ones.",
    "info": "Describe a dataset or a video.",
    "verify": "Check a dataset on disk, byte by byte and event by event.",
    "demo": "Convert a short bundled clip and show the result.",
    "ls": "List sensors, presets, settings, programs and cards.",
    "show": "Print a sensor, a preset, a setting, a program or a card, with its sources.",
    "run": "Run a bundled converter or recipe.",
    "cp": "Copy a converter, recipe or card to edit it.",
    "bench-denoise": "Compare denoisers on streams whose noise is known; writes an HTML page.",
    "bench-recipes": "Run every recipe in seconds, and write a leaderboard.",
}
"""Each lives in the module and function of its name under `eventsim.cli`, - as _."""
_HOMES = {"import": "import_files"}
"""Those whose names are words of Python."""

ERROR = 2
INTERRUPTED = 130
"""As a shell reports it: 128 and the number of the signal."""
_AGAIN_S = 0.05
"""Until a Ctrl-C that was swallowed is sent again, when the callback is over; chosen by eye."""


def build_app() -> App:
    """Return the commands, by name."""
    app = App(
        name="eventsim",
        help="Event-camera (DVS) data from video and still images, with exact times and labels.",
        version=eventsim.__version__,
        suppress_keyboard_interrupt=False,
        default_parameter=Parameter(json_list=False, json_dict=False),  # [Group] x.mp4 is a name
        help_format="markdown",
    )
    for name, help_line in COMMANDS.items():
        # The help of a program that is run is its own.
        flags = [] if name == "run" else ["--help", "-h"]
        word = _HOMES.get(name, name.replace("-", "_"))
        app.command(f"eventsim.cli.{word}:{word}", name=name, help=help_line, help_flags=flags)
    return app


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : sequence of str, optional
        By default those of the process.

    Returns
    -------
    int
        Exit code: 0 all well; 1 something in the data is not; 2 a wrong argument, file or
        setting; 130 interrupted.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    # What a terminal of another language cannot show is escaped, and is no error.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    with interrupts() as came:
        try:
            return _run(given)
        except KeyboardInterrupt:
            return _stopped()
        except Exception as error:
            # Many a library turns Ctrl-C into an error of its own, in the middle of an import say.
            if came:
                return _stopped()
            lack = _lack_of(error)
            if not lack:
                raise
            return _say(f"the machine lacks {lack}. Free some and run the same command again.")


@contextmanager
def interrupts() -> Iterator[list[int]]:
    """Raise KeyboardInterrupt on Ctrl-C, and remember that it came (in the main thread)."""
    came: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield came
        return

    def note(number: int, frame: FrameType | None) -> None:
        came.append(number)
        signal.default_int_handler(number, frame)

    def swallowed(lost: "sys.UnraisableHookArgs") -> None:
        # It fell into a callback, of a garbage collection say, out of which Python raises nothing.
        if lost.exc_type is KeyboardInterrupt:
            threading.Timer(_AGAIN_S, _send_again).start()
        else:
            hook(lost)

    before, hook = signal.getsignal(signal.SIGINT), sys.unraisablehook
    if before is not signal.SIG_IGN:  # as under nohup
        signal.signal(signal.SIGINT, note)
        sys.unraisablehook = swallowed
    try:
        yield came
    finally:
        signal.signal(signal.SIGINT, before)
        sys.unraisablehook = hook


def _send_again() -> None:
    """Send Ctrl-C to the main thread, from another: it may be waiting, which ends only that way."""
    main_thread = threading.main_thread().ident
    if hasattr(signal, "pthread_kill") and main_thread is not None:
        signal.pthread_kill(main_thread, signal.SIGINT)
    else:  # Windows
        signal.raise_signal(signal.SIGINT)


def _run(given: list[str]) -> int:
    try:
        result = build_app()(
            given, exit_on_error=False, print_error=False, result_action="return_value"
        )
        if sys.stdout is not None:  # closed by the caller
            sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except UnknownCommandError:
        # The error's own text would import every command, to find the nearest.
        return _say(f"there is no command {given[0]!r}. {nearest(given[0], COMMANDS)}")
    except CycloptsError as error:
        dashed = next((a for a in given if a.startswith("-") and Path(a).exists()), None)
        hint = "" if dashed is None else f" If {dashed} is a file, write ./{dashed}."
        return _say(" ".join(str(error).split()) + hint)
    except EventSimError as error:
        return _say(str(error))
    except BrokenPipeError:
        # Whoever read our output has enough (`eventsim ls | head`): nothing more to write to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        return _say(f"{error.strerror or error}{where}. Check the path and the disk.")


def _stopped() -> int:
    _say("stopped; run the same command again to resume", prefix="\neventsim: ")
    return INTERRUPTED


def _lack_of(error: Exception) -> str:
    from eventsim.pipeline.reasons import causes, lack_of

    return next(filter(None, map(lack_of, causes(error))), "")


def _say(message: str, prefix: str = "eventsim: error: ") -> int:
    make_console(stderr=True).print(f"{prefix}{printable(message)}", style=None)
    return ERROR
