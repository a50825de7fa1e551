import re
import signal
import subprocess
import sys
import time
import weakref
from pathlib import Path

import pytest

from eventsim.cli.main import COMMANDS, build_app, interrupts, main

RUN = "from eventsim.cli.main import main; raise SystemExit(main())"
HEAVY = ("numba", "zarr", "av", "cv2", "dask", "matplotlib", "imageio", "torch")


def call(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own, as a shell does."""
    return subprocess.run(
        [sys.executable, "-c", RUN, *arguments], capture_output=True, text=True, timeout=60
    )


def test_help_imports_nothing_heavy():
    code = (
        "import sys; from eventsim.cli.main import main; main(['--help']);"
        f"print('HEAVY', [m for m in {HEAVY} if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.endswith("HEAVY []\n")
    assert all(name in done.stdout for name in COMMANDS)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["convrt"], "there is no command 'convrt'. Did you mean 'convert'?"),
        (["convert"], "convert needs at least one input"),
        (["convert", "a.mp4", "b.mp4"], "must end with .zarr, found b.mp4"),
        (["convert", "a.mp4", "b.zarr", "--sensr", "x"], "Did you mean --sensor?"),
        (["convert", "a.mp4", "b.zarr", "--sensor", "davs346"], "Did you mean 'davis346'?"),
        (["convert", "a.mp4", "b.zarr", "--set", "leak_rate=1"], "Did you mean 'leak_rate_hz'?"),
        (["convert", "a.mp4", "b.zarr", "--size", "big"], "--size must be WIDTHxHEIGHT"),
        (["convert", "a.mp4", "b.zarr", "--workers", "two"], "--workers"),
        (["convert", "nothing.mp4", "b.zarr"], "nothing.mp4"),
        (["info", "nothing.zarr"], "there is nothing at nothing.zarr"),
        (["info"], "requires an argument"),
        (["verify", "nothing.zarr"], "there is no dataset at nothing.zarr"),
        (["show", "davis34"], "Did you mean 'davis346'?"),
        (["verify", "n" * 300 + ".zarr"], "File name too long"),
    ],
)
def test_one_line_and_exit_code_2(tmp_path, monkeypatch, capsys, arguments, words):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert said.startswith("eventsim: error: ")
    assert words in said
    assert said.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_version(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == "0.15.0\n"


def test_exit_code_reaches_the_shell():
    done = call("verify", "nothing.zarr")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="has no shell pipes")
def test_reader_that_has_enough():
    """`eventsim ls | head -1` ends without a word (rich's exit code for it is 1)."""
    with subprocess.Popen(
        [sys.executable, "-c", RUN, "show", "davis346"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        said = process.stderr.read()
        process.wait(30)
    assert (said, process.returncode) == (b"", 1)


def test_interrupt(monkeypatch, capsys):
    def interrupted(path: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("eventsim.cli.verify.verify", interrupted)
    assert main(["verify", "x.zarr"]) == 130
    assert "run the same command again to resume" in capsys.readouterr().err


def test_ctrl_c_that_falls_into_a_callback_is_heard_again():
    class Thing:
        """Whose end calls back."""

    def end_and_wait(things):
        things.clear()
        time.sleep(30)

    things, started = [Thing()], time.monotonic()
    kept = weakref.ref(things[0], lambda _: signal.raise_signal(signal.SIGINT))
    with interrupts() as came:
        with pytest.raises(KeyboardInterrupt):
            end_and_wait(things)
        assert kept() is None
    assert len(came) == 2
    assert time.monotonic() - started < 20


def test_no_option_means_two_things():
    # Options of a command come from several groups; of two with one name, one would be lost.
    text = build_app().generate_docs(output_format="markdown")
    sections = re.split(r"(?m)^## eventsim ", text)[1:]
    assert len(sections) >= len(COMMANDS) - 1
    for section in sections:
        names = re.findall(r"--[\w-]+", " ".join(re.findall(r"(?m)^\* `([^`]+)`", section)))
        twice = {name for name in names if names.count(name) > 1}
        assert not twice, section.splitlines()[0]
