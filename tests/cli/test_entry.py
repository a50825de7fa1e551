"""Ctrl-C at any moment of the start is one line and exit code 130."""

import signal
import subprocess
import sys
import time

import pytest

# The second line is what the script that pip installs does; the first says that Python is up.
START = """
import sys
from eventsim.cli.entry import main; sys.stdout.write("up\\n"); sys.stdout.flush(); sys.exit(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGINT for a child")
@pytest.mark.parametrize("wait_s", [0.03, 0.08, 0.15, 0.25, 0.5, 0.9])
def test_interrupted_early(tmp_path, wait_s):
    clip = tmp_path / "clip.mp4"
    clip.write_text("never read that early, or refused")
    with subprocess.Popen(
        [sys.executable, "-c", START, "convert", str(clip), str(tmp_path / "o.zarr")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        bufsize=1,
    ) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline() == "up\n"
        time.sleep(wait_s)
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()
    assert "Traceback" not in said
    assert said.strip().count("\n") == 0
    if "error:" not in said:  # a fast machine may have refused the clip before
        assert process.returncode == 130
        assert said.strip().startswith("eventsim: stopped")


def test_version():
    done = subprocess.run(
        [sys.executable, "-c", START, "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("up\n0.")


def test_the_package_itself_costs_next_to_nothing():
    code = "import sys, eventsim.cli.entry; print('numpy' in sys.modules, 'rich' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False False\n"
