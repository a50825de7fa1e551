"""The short form of `fuzz.py`, with the same cases each time."""

import runpy
from pathlib import Path


def test_everything_is_read_or_refused(tmp_path):
    program = runpy.run_path(str(Path(__file__).with_name("fuzz.py")))
    found = program["fuzz"](tmp_path, program["all_cases"](1300), workers=1)
    assert {kind for kind, _ in found} == set(program["READERS"])
    assert sum(found.values()) == len(program["all_cases"](1300)) > 1200
    bad = {key: n for key, n in found.items() if key[1] in ("FAILED", "CRASH", "HANG")}
    assert bad == {}
