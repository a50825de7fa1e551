"""Interrupt conversions at random moments, run them again, and compare with an untouched one.

Run it by hand for the long form: ``python tests/attacks/interrupts.py --trials 150``, or for a
corpus alone: ``... --trials 60 --method videos --clips 30``.
"""

import argparse
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import av
import cv2
import numpy as np

ROOT = Path(__file__).resolve().parents[2]
DRIVER = """
import signal, sys
from eventsim.cli import entry
if __name__ == "__main__":  # as the command itself does, before anything heavy is imported
    signal.signal(signal.SIGINT, entry._end_at_once)
from eventsim.pipeline import image_plan, video_plan
video_plan.PART_EVENTS = 4_000
image_plan.PART_EVENTS = 4_000
image_plan.PART_IMAGES = 25
if __name__ == "__main__":
    from eventsim.cli.entry import main
    sys.exit(main())
"""
"""Small parts, so that there are many moments between two of them."""
METHODS = ("videos", "saccade", "i2e")
ACTIONS = ("kill group", "kill parent", "kill worker", "SIGTERM", "Ctrl-C", "Ctrl-C twice")


def write_inputs(folder: Path, count: int) -> dict[str, list[str]]:
    """Clips in class folders and two hundred images; arguments of `convert` for each method."""
    for k in range(count):
        path = folder / "corpus" / ("train", "test")[k % 2] / f"class{k % 3}" / f"clip{k}.mp4"
        path.parent.mkdir(parents=True, exist_ok=True)
        with av.open(str(path), "w") as container:
            stream = container.add_stream("libx264", rate=100, options={"crf": "1"})
            stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
            for i in range(60):
                picture = np.full((48, 64, 3), 40, np.uint8)
                x = (2 * i + 7 * k) % 60
                picture[:, x : x + 4] = 220
                container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
            container.mux(stream.encode())
    rng = np.random.default_rng(1)
    for k in range(200):
        path = folder / "images" / str(k % 4) / f"{k}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(path), rng.integers(0, 256, (24, 24), np.uint8))
    images = str(folder / "images")
    return {
        "videos": [str(folder / "corpus"), "--size", "64x48"],
        "saccade": [images, "--method", "saccade", "--size", "24x24"],
        "i2e": [images, "--method", "i2e"],
    }


def digest(out: Path) -> str:
    """SHA-256 of all files of a dataset, with their names."""
    total = hashlib.sha256()
    for path in sorted(p for p in out.rglob("*") if p.is_file()):
        total.update(path.relative_to(out).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def command(driver: Path, inputs: list[str], out: Path, workers: int, *more: str) -> list[str]:
    sources = [a for a in inputs]
    cut = next((i for i, a in enumerate(sources) if a.startswith("--")), len(sources))
    return [sys.executable, str(driver), "convert", *sources[:cut], str(out), *sources[cut:],
            "--workers", str(workers), "-q", *more]  # fmt: skip


def children(pid: int) -> list[int]:
    """Workers of a process: its children that are no helpers of multiprocessing."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            if parent == pid and b"resource_tracker" not in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
        except (OSError, ValueError, IndexError):
            continue
    return found


def interrupt(process: "subprocess.Popen[str]", action: str, rng: random.Random) -> None:
    """Do it; a process that has ended already is let be."""
    try:
        if action == "kill group":
            os.killpg(process.pid, signal.SIGKILL)
        elif action == "kill parent":
            process.kill()
        elif action == "kill worker":
            workers = children(process.pid)
            os.kill(rng.choice(workers) if workers else process.pid, signal.SIGKILL)
        elif action == "SIGTERM":
            process.terminate()
        else:  # a terminal sends it to the whole group
            os.killpg(process.pid, signal.SIGINT)
            if action == "Ctrl-C twice":
                time.sleep(rng.uniform(0, 0.2))
                os.killpg(process.pid, signal.SIGINT)
    except ProcessLookupError:
        pass


def attack(
    folder: Path,
    trials: int,
    seed: int,
    methods: tuple[str, ...] = METHODS,
    clips: int = 6,
) -> Counter[tuple[str, int, str, bool, str]]:
    """Run the trials.

    Returns
    -------
    Counter of (method, workers, action, during --overwrite, outcome)
        ``equal`` is the only good outcome.
    """
    rng = random.Random(seed)
    driver = folder / "driver.py"
    driver.write_text(DRIVER)
    inputs = write_inputs(folder / "in", clips)
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    wanted, length_s = {}, {}
    out = folder / "out.zarr"
    for method in methods:
        # Always of the same name: the card says how the dataset is called.
        subprocess.run(command(driver, inputs[method], out, 1, "--seed", "9"), check=True, env=env)
        out.rename(folder / f"{method}-old.zarr")
        started = time.monotonic()
        subprocess.run(command(driver, inputs[method], out, 1), check=True, env=env)
        length_s[method] = time.monotonic() - started
        wanted[method] = digest(out)
        shutil.rmtree(out)
    found: Counter[tuple[str, int, str, bool, str]] = Counter()
    for k in range(trials):
        kinds = len(methods)
        method, action = methods[k % kinds], ACTIONS[(k // kinds) % len(ACTIONS)]
        workers, over = 1 + (k // (kinds * len(ACTIONS))) % 2, rng.random() < 0.4
        shutil.rmtree(out, ignore_errors=True)
        if over:
            shutil.copytree(folder / f"{method}-old.zarr", out)
        more = ["--overwrite"] if over else []
        typed = command(driver, inputs[method], out, workers, *more)
        with subprocess.Popen(
            typed, env=env, start_new_session=True, stderr=subprocess.PIPE, text=True
        ) as process:
            # Most of a run is its start: half of the moments fall in the part that writes.
            late = length_s[method] * (1.3 if workers == 2 else 1.0)
            time.sleep(rng.uniform(0.55 * late if rng.random() < 0.6 else 0.0, 1.05 * late))
            place = out / ".replacement" if over else out
            parts = len(list(place.glob("parts/*/commit")))
            interrupt(process, action, rng)
            said = process.communicate(timeout=60)[1]
        again = subprocess.run(
            command(driver, inputs[method], out, 1, *([] if process.returncode == 0 else more)),
            env=env, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
        outcome = "equal" if out.exists() and digest(out) == wanted[method] else "OTHER"
        if "Traceback" in said + again.stderr:
            outcome = "TRACEBACK"
        where = "during --overwrite" if over else ""
        ended = "ended" if process.returncode == 0 else f"{parts:2} parts"
        line = f"{k:3} {method:8} {workers} {action:13} {where:18} {ended:8} {outcome}\n"
        sys.stdout.write(line)
        sys.stdout.flush()
        if outcome != "equal":
            sys.stderr.write(f"{said}\n{again.stderr}\n")
        found[method, workers, action, over, outcome] += 1
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--method", choices=METHODS, help="only this one")
    parser.add_argument("--clips", type=int, default=6)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        methods = (chosen.method,) if chosen.method else METHODS
        found = attack(Path(folder), chosen.trials, chosen.seed, methods, chosen.clips)
    for (method, workers, action, over, outcome), n in sorted(found.items()):
        where = "during --overwrite" if over else ""
        sys.stdout.write(f"{method:8} {workers} {action:13} {where:18} {outcome} {n}\n")
    sys.stdout.write(f"{sum(n for key, n in found.items() if key[-1] == 'equal')} equal of "
                     f"{sum(found.values())}\n")  # fmt: skip


if __name__ == "__main__":
    main()
