"""The short form of `interrupts.py`: one moment of each kind."""

import runpy
import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds workers in /proc")
def test_what_was_interrupted_ends_equal(tmp_path):
    program = runpy.run_path(str(Path(__file__).with_name("interrupts.py")))
    found = program["attack"](tmp_path, trials=8, seed=3)
    assert {key[-1] for key in found} == {"equal"}, found
