"""The short form of `interrupts.py`: a corpus, one moment of each kind, two workers in the end."""

import runpy
import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds workers in /proc")
def test_what_was_interrupted_ends_equal(tmp_path):
    program = runpy.run_path(str(Path(__file__).with_name("interrupts.py")))
    found = program["attack"](tmp_path, trials=9, seed=3, methods=("videos",))
    assert {key[-1] for key in found} == {"equal"}, found
