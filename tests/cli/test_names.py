"""Names that people, cameras and downloads give to files, through every command."""

import os
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest

NAMES = [
    "12:30:05 clip",
    "[Group] Show - 01",
    "[red]x[!!]",
    ":smile:",
    "-dash",
    "  blanks  ",
    "фильм 映画",
    "\x1b]0;PWN\x07\x1b[31m",
    "caf\udce9",
    "a\nb",
    "50% #1? *",
    "{'json': 1}",
    "$_$^{",
]


def write_clip(path: Path) -> None:
    with av.open(f"file:{path}", "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=50)
        stream.width, stream.height, stream.pix_fmt = 16, 16, "yuv420p"
        for i in range(6):
            frame = av.VideoFrame.from_ndarray(np.full((16, 16), 40 + 30 * i, np.uint8), "gray")
            container.mux(stream.encode(frame.reformat(format="yuv420p")))
        container.mux(stream.encode())


RUN = """
import os, sys
from eventsim.cli.main import main
for folder, steps in eval(sys.argv[1]):
    os.chdir(folder)
    print([main(step) for step in steps])
    print("END OF NAME", flush=True)
"""


def steps_of(name, folder):
    """Commands on a clip of that name."""
    clip = f"{name}.mp4"
    write_clip(folder / clip)
    given = f"./{clip}" if name.startswith("-") else clip
    out = f"./{name}.zarr" if name.startswith("-") else f"{name}.zarr"
    film = f"./{name} film.mp4" if name.startswith("-") else f"{name} film.mp4"
    return [
        ["convert", given, out, "--size", "source", "--label", name.strip("-") or "x"],
        ["info", out],
        ["verify", out],
        ["view", out, film, "--slow", "1"],
        ["view", out, film.replace(".mp4", ".png")],
        ["info", given],
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="allows few of these names")
def test_every_command_takes_any_name(tmp_path):
    jobs = []
    for number, name in enumerate(NAMES):
        (tmp_path / str(number)).mkdir()
        jobs.append((str(tmp_path / str(number)), steps_of(name, tmp_path / str(number))))
    # One process for all: to start it takes longest.
    done = subprocess.run(
        [sys.executable, "-c", RUN, ascii(jobs)],
        capture_output=True, timeout=300,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
    )  # fmt: skip
    every = done.stdout.decode("utf-8").split("END OF NAME\n")  # so what was printed is UTF-8
    assert len(every) == len(NAMES) + 1, done.stderr.decode()
    for name, said in zip(NAMES, every, strict=False):
        assert said.endswith("[0, 0, 0, 0, 0, 0]\n"), (name, said, done.stderr.decode())
        assert "\x1b" not in said
        assert "\x07" not in said
        if "\n" not in name and "\x1b" not in name and "\udce9" not in name:
            assert f"{name}.mp4" in said


def test_a_name_that_looks_like_an_option(tmp_path, monkeypatch, capsys):
    from eventsim.cli.main import main

    monkeypatch.chdir(tmp_path)
    write_clip(tmp_path / "-dash.mp4")
    assert main(["convert", "-dash.mp4", "o.zarr"]) == 2
    assert "If -dash.mp4 is a file, write ./-dash.mp4" in capsys.readouterr().err
