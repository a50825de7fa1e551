"""The short form of `ghosts.py`: Dask's own scheduler and workers, as processes."""

import runpy
import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGSTOP")
def test_workers_die_come_freeze_and_thaw(tmp_path):
    program = runpy.run_path(str(Path(__file__).with_name("ghosts.py")))
    said = program["attack"](tmp_path, clips=9, frames=400)
    assert said[-1] == "equal", "\n".join(said)
