"""A cluster of Dask's own commands, whose workers are killed, added, frozen and thawed.

A frozen worker loses contact, its task is done by another one, and then it goes on writing: a
ghost. Run it by hand: ``python tests/attacks/ghosts.py``.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import av
import numpy as np
from distributed import Client

from eventsim.camera import choose_camera
from eventsim.pipeline import video_plan as planning
from eventsim.pipeline.corpus import gather
from eventsim.pipeline.run import run
from eventsim.pipeline.video_plan import VideoPlan, plan_videos
from eventsim.store.attempts import ATTEMPTS

ROOT = Path(__file__).resolve().parents[2]
SILENT_S = 3
"""Without a word for so long, the scheduler gives a worker up; 300 if nothing is said."""


def write_clips(folder: Path, count: int, frames: int) -> VideoPlan:
    """A corpus of a part each."""
    for k in range(count):
        path = folder / f"{k:02}.mp4"
        path.parent.mkdir(exist_ok=True)
        with av.open(str(path), "w") as container:
            stream = container.add_stream("libx264", rate=100, options={"crf": "1"})
            stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
            for i in range(frames):
                picture = np.full((64, 96, 3), 40, np.uint8)
                x = (2 * i + 7 * k) % 90
                picture[:, x : x + 4] = 220
                container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
            container.mux(stream.encode())
    inputs, _ = gather([folder])
    before = planning.PART_EVENTS
    planning.PART_EVENTS = 1
    try:
        return plan_videos(inputs, choose_camera("ideal", "v2e-noisy"), seed=3)
    finally:
        planning.PART_EVENTS = before


def tree(path: Path) -> dict[str, bytes]:
    files = (f for f in path.rglob("*") if f.is_file())
    return {f.relative_to(path).as_posix(): f.read_bytes() for f in files}


def start(stack: ExitStack, *words: str) -> "subprocess.Popen[bytes]":
    """One of Dask's commands, in its own process group."""
    env = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": f"{SILENT_S}s",
        "DASK_DISTRIBUTED__WORKER__HEARTBEAT__INTERVAL": "200ms",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "distributed.cli.dask_" + words[0], *words[1:]],
        env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip

    def end() -> None:
        for number in (signal.SIGCONT, signal.SIGKILL):
            try:
                os.killpg(process.pid, number)
            except ProcessLookupError:
                break
        process.wait()

    stack.callback(end)
    return process


def wait_for(what: str, condition, seconds: float = 60.0) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited in vain for {what}")
        time.sleep(0.01)


def attack(folder: Path, clips: int = 18, frames: int = 700) -> list[str]:
    """Do it all, and say what happened.

    Returns
    -------
    list of str
        The last line says whether the dataset is the same.
    """
    made = write_clips(folder / "in", clips, frames)
    run(made, folder / "whole.zarr", threads=1)
    said: list[str] = []
    out = folder / "out.zarr"
    with ExitStack() as stack:
        file = folder / "scheduler.json"
        start(stack, "scheduler", "--scheduler-file", str(file), "--port", "0",
              "--dashboard-address", ":0")  # fmt: skip
        wait_for("the scheduler", file.exists)

        def worker(name: str) -> "subprocess.Popen[bytes]":
            return start(
                stack, "worker", "--scheduler-file", str(file), "--nthreads", "1", "--name", name,
                "--no-nanny", "--no-dashboard",
            )  # fmt: skip

        workers = {name: worker(name) for name in ("a", "b", "c")}
        client = stack.enter_context(Client(scheduler_file=str(file)))
        client.wait_for_workers(3, timeout=60)
        for process_id in client.run(os.getpid).values():
            said.append(f"worker process {process_id}")
        by_name = {
            info["name"]: address for address, info in client.scheduler_info()["workers"].items()
        }
        events = []

        def parts() -> int:
            return len(list(out.glob("parts/*/commit")))

        def disturb() -> None:
            wait_for("some parts", lambda: parts() >= 2)
            os.killpg(workers["a"].pid, signal.SIGKILL)
            said.append(f"killed one worker of three with {parts()} parts of {clips} there")
            worker("d")
            said.append("added one")
            wait_for("more parts", lambda: parts() >= 4)

            def working() -> str | None:
                found = client.processing().get(by_name["b"], ())
                return next(iter(found), None)

            wait_for("b to work", lambda: working() is not None)
            time.sleep(0.05)
            os.killpg(workers["b"].pid, signal.SIGSTOP)
            there = {path.name for path in out.glob(f"{ATTEMPTS}/*/*-*") if path.is_dir()}
            held = working()
            said.append(f"froze one while it worked; attempts then: {sorted(there)}")
            wait_for(
                "the frozen worker to be given up",
                lambda: by_name["b"] not in client.scheduler_info()["workers"],
            )
            said.append(f"it was given up after {SILENT_S} s; its task was {held}")
            number = int(str(held).split("-")[1]) if held else 0
            wait_for("its part from another", lambda: (out / f"parts/{number:05}/commit").exists())
            os.killpg(workers["b"].pid, signal.SIGCONT)
            said.append(f"thawed it, with part {number:05} there by another worker")
            events.append("done")

        trouble = threading.Thread(target=disturb)
        trouble.start()
        run(made, out, client=client)
        trouble.join(60)
        if not events:
            said.append("the run ended before all of it was done, or it was waited for in vain")
        time.sleep(1)  # for the ghost to do what it will
    ours, whole = tree(out), tree(folder / "whole.zarr")
    different = sorted(name for name in ours | whole if ours.get(name) != whole.get(name))
    said.append("equal" if events and not different else f"OTHER: {different[:9]}")
    return said


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=int, default=18)
    parser.add_argument("--frames", type=int, default=700)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for line in attack(Path(folder), chosen.clips, chosen.frames):
            sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
