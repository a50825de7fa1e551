"""The words of `eventsim status`."""

import json

from eventsim.cli.main import main
from eventsim.cli.status import _state, _time
from eventsim.pipeline.status import Status


def make(**more):
    values = {
        "state": "running", "parts": 4, "parts_done": 1, "inputs": 5, "inputs_done": 2,
        "failures": (("a.mp4", "broken"),), "events": 10, "events_per_s": 5.0, "left_s": 61.0,
        "bytes": 1, "free_bytes": 1, "running": ("b.mp4",), "where": "host, process 3",
        "running_s": 3605.0, "replaces": False,
    }  # fmt: skip
    return Status(**{**values, **more})


def test_states():
    assert _state(make()) == "running for 1:00:05 (host, process 3)"
    assert _state(make(state="stopped")) == "stopped: run the same command again to resume"
    assert _state(make(state="finished", replaces=True)).startswith("finished, to replace")
    assert _time(59.6) == "0:01:00"


def test_a_running_one(tmp_path, capsys, monkeypatch):
    many = tuple((f"{k}.mp4", "broken") for k in range(25))
    monkeypatch.setattr("eventsim.pipeline.status.read_status", lambda _: make(failures=many))
    assert main(["status", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    for words in ("1 of 4 are written", "now     b.mp4", "10, 5/s", "about 0:01:01",
                  "and 5 more; --json lists all"):  # fmt: skip
        assert words in said
    assert main(["status", str(tmp_path), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["failures"]) == 25


def test_what_is_no_dataset(tmp_path, capsys):
    assert main(["status", str(tmp_path / "none.zarr")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
