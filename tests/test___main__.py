"""`python -m eventsim` is the command line."""

import subprocess
import sys

import eventsim


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "eventsim", *arguments], capture_output=True, text=True, check=False
    )


def test_version():
    done = run("--version")
    assert done.returncode == 0
    assert eventsim.__version__ in done.stdout


def test_a_wrong_command_is_one_line_and_an_exit_status():
    done = run("convrt")
    assert done.returncode == 2
    assert "Traceback" not in done.stdout + done.stderr
    assert "convert" in done.stdout + done.stderr
