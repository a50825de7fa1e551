"""Mutate every kind of input that is read, and see that it is read or refused in one line.

Cases run in worker processes with limits of time and memory; a case is a function of its kind and
its number, so a failure can be made again alone. By hand:
``python tests/fuzz/fuzz.py --cases 20000``, and for one: ``--kind video --first 7 --cases 1``.
"""

import argparse
import gzip
import io
import json
import os
import pickle
import random
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import zarr

ROOT = Path(__file__).resolve().parents[2]
LIMIT_S = 20.0
MEMORY_BYTES = 6 << 30
"""Of a worker's address space, of which Python with its libraries reserves three."""
NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, 2**63 - 1, 2**64 - 1)
VALUES = (None, True, -1, 0, 1, 2, 3, 2**31, 2**62, 2**63, 10**30, -5, 0.5, float("nan"), "", "x",
          "NaN", "int64", "<i8", "|O", "../..", "\udcff", [], {}, [[]], [0], [-1], [2**40], [2, 3],
          {"a": 1})  # fmt: skip


Add = Callable[[str, str, bytes], Path]
"""Writes a seed of a kind under a name, and remembers it."""


def seeds(folder: Path) -> dict[str, list[Path]]:
    """Sound inputs of every kind, small, and the same bytes each time."""
    found: dict[str, list[Path]] = {}

    def add(kind: str, name: str, data: bytes) -> Path:
        path = folder / kind / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        found.setdefault(kind, []).append(path)
        return path

    rng = np.random.default_rng(0)
    color = rng.integers(0, 256, (12, 16, 3), np.uint8)
    _write_videos(add)
    _write_images(add, color, rng)
    _write_sets(add, color, rng)
    _write_texts(add)
    _write_event_files(add, rng)
    _write_datasets(folder, found)
    return found


def _write_videos(add: Add) -> None:
    import av

    for name, codec in (("a.mp4", "libx264"), ("b.mkv", "libx264"), ("c.ts", "libx264"),
                        ("d.avi", "mpeg4"), ("e.webm", "libvpx"), ("f.mkv", "ffv1"),
                        ("g.mov", "mjpeg")):  # fmt: skip
        path = add("video", name, b"")
        # Without the random identifiers that some containers have: the same bytes each time.
        with av.open(str(path), "w", options={"fflags": "+bitexact"}) as container:
            stream = container.add_stream(codec, rate=24)
            stream.width, stream.height = 48, 32
            stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
            stream.codec_context.gop_size = 5
            for i in range(10):
                luma = np.roll(np.tile(np.arange(48, dtype=np.uint8) * 5, (32, 1)), 2 * i, 1)
                frame = av.VideoFrame.from_ndarray(luma, format="gray")
                container.mux(stream.encode(frame.reformat(format=stream.pix_fmt)))
            container.mux(stream.encode())


def _write_images(add: Add, color: np.ndarray, rng: np.random.Generator) -> None:
    import cv2
    import tifffile
    from PIL import Image

    exif = Image.Exif()
    exif[0x0112] = 6
    pages = [Image.fromarray(color), Image.fromarray(color[::-1].copy())]
    for name in ("a.png", "b.jpg", "c.gif", "d.webp", "e.bmp", "f.tga", "g.ppm", "h.jp2", "i.tif"):
        buffer = io.BytesIO()
        kind = {"jpg": "JPEG", "tif": "TIFF", "jp2": "JPEG2000"}.get(name[2:], name[2:].upper())
        many = {"save_all": True, "append_images": pages[1:]} if name[0] in "cdi" else {}
        pages[0].save(buffer, kind, **many,
                      **({"exif": exif} if name[0] in "abd" else {}))  # fmt: skip
        add("image", name, buffer.getvalue())
    deep = rng.integers(0, 65536, (12, 16, 3)).astype(np.uint16)
    add("image", "j.png", cv2.imencode(".png", deep)[1].tobytes())
    add("image", "k.ppm", b"P6 16 12 4095\n" + (deep // 17).astype(">u2").tobytes())
    light = (color / 64).astype(np.float32)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, image=light, forward_flow=light[..., :2], depth=light[..., 2])
    add("image", "q.npz", buffer.getvalue())
    add("image", "o.hdr", cv2.imencode(".hdr", light)[1].tobytes())
    with suppress(ImportError), tempfile.TemporaryDirectory() as folder:
        import OpenEXR

        path = Path(folder) / "p.exr"
        with OpenEXR.File({"compression": OpenEXR.ZIP_COMPRESSION}, {"RGB": light}) as file:
            file.write(str(path))
        add("image", path.name, path.read_bytes())
    for name, options in (
        ("l.tif", {"compression": "lzw"}),
        ("m.tif", {"planarconfig": "separate"}),
        ("n.tif", {"compression": "zlib", "predictor": True}),
    ):
        buffer = io.BytesIO()
        values = np.moveaxis(deep, -1, 0) if "planarconfig" in options else deep
        tifffile.imwrite(buffer, values, photometric="rgb", **options)
        add("image", name, buffer.getvalue())


def _write_sets(add: Add, color: np.ndarray, rng: np.random.Generator) -> None:
    head = np.array([2051, 3, 6, 5], ">u4").tobytes()
    pixels = rng.integers(0, 256, 90).astype(np.uint8).tobytes()
    add("idx", "train-images-idx3-ubyte", head + pixels)
    add("idx", "train-labels-idx1-ubyte", np.array([2049, 3], ">u4").tobytes() + bytes([0, 2, 1]))
    content = {b"data": rng.integers(0, 256, (2, 3072), np.uint8), b"labels": [3, 1]}
    for protocol in (2, 5):
        add("cifar", f"{protocol}/data_batch_1", pickle.dumps(content, protocol))
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        batch = pickle.dumps(content, 2)
        member = tarfile.TarInfo("cifar-10-batches-py/data_batch_1")
        member.size = len(batch)
        archive.addfile(member, io.BytesIO(batch))
    add("archive", "cifar-10-python.tar.gz", gzip.compress(buffer.getvalue(), mtime=0))
    add("archive", "train-images-idx3-ubyte.gz", gzip.compress(head + pixels, mtime=0))
    for name, save in (("a.npz", np.savez), ("b.npz", np.savez_compressed)):
        buffer = io.BytesIO()
        save(buffer, images=color[np.newaxis], labels=np.array([1]))
        add("npz", name, buffer.getvalue())


def _write_texts(add: Add) -> None:
    add(
        "settings", "s.toml", b'sensor = "davis346"\nnoise = "card"\ncontrast_threshold_on = 0.25\n'
    )
    add("card", "c.toml", (ROOT / "datasets" / "i2e-mnist.toml").read_bytes())
    add("card", "d.toml", (ROOT / "datasets" / "n-mnist-sim.toml").read_bytes())
    add("times", "t.txt", b"0.0\n0.5\n0.75\n1.25e0\n")
    add("times", "u.txt", b"a.png 0\nb c.png 100\n# x\nd.png 250\n")
    add("path", "p.csv", b"t_us,x_px,y_px,zoom\n0,0,0,1\n1000,1.5,-2,1.1\n2000,0,1e-3,1\n")


def _write_event_files(add: Add, rng: np.random.Generator) -> None:
    from eventsim.events import Events
    from eventsim.formats.names import FORMATS
    from eventsim.formats.reading import write

    t = np.sort(rng.integers(0, 100_000, 300)) + 1000
    x, y = rng.integers(0, 60, 300), rng.integers(0, 40, 300)
    events = Events.of(t, x, y, t % 2, t % 5, size=(60, 40))
    for form in FORMATS:
        if form.write is not None:
            write(events, add("events", f"{form.name}{form.endings[0]}", b""), format=form.name)
    address = np.stack([(y << 22 | x << 12 | (t % 2) << 11), t], axis=1).astype(">i4")
    add("events", "a.aedat", b"#!AER-DAT2.0\r\n# DAVIS346\r\n" + address.tobytes())
    head = np.array([1 << 16 | 1, 8, 4, 0, 300, 300, 300], "<i4")  # two shorts, then six numbers
    word = np.stack([1 | (t % 2) << 1 | y << 2 | x << 17, t], axis=1).astype("<u4")
    packet = head.tobytes() + word.tobytes()
    add("events", "b.aedat", b"#!AER-DAT3.1\r\n#DVS128\r\n#!END-HEADER\r\n" + packet)


def _write_datasets(folder: Path, found: dict[str, list[Path]]) -> None:
    import cv2

    from eventsim.camera import choose_camera
    from eventsim.motion.from_settings import make_motion_settings
    from eventsim.pipeline.image_plan import I2EMethod, SaccadeMethod, plan_images
    from eventsim.pipeline.run import run
    from eventsim.pipeline.video_plan import plan_videos
    from eventsim.planes.settings import make_i2e_settings

    pictures = folder / "dataset" / "pictures"
    rng = np.random.default_rng(0)
    for k in range(4):
        path = pictures / str(k % 2) / f"{k}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(path), rng.integers(0, 256, (10, 12), np.uint8))
    camera = choose_camera("ideal", "v2e-noisy", {})
    made = {
        "events": plan_videos([found["video"][0], "missing.mp4"], camera),
        "planes": plan_images([str(pictures)], I2EMethod(make_i2e_settings())),
        "moved": plan_images([str(pictures)], SaccadeMethod(make_motion_settings({}), camera)),
    }
    for name, some in made.items():
        out = folder / "dataset" / f"{name}.zarr"
        run(some, out, threads=1)
        found.setdefault("dataset", []).append(out)


def mutated(data: bytes, rng: random.Random) -> bytes:
    """Change some bytes, in the ways in which files break and are crafted."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 3, 8))):
        if not out:
            break
        a = rng.randrange(len(out))
        b = min(len(out), a + rng.choice((1, 2, 4, 8, 16, 64, 256)))
        what = rng.randrange(9)
        if what == 0:
            out[a] ^= 1 << rng.randrange(8)
        elif what == 1:
            out[a] = rng.randrange(256)
        elif what == 2:
            number = rng.choice(NUMBERS)
            size = rng.choice((1, 2, 4, 8))
            out[a : a + size] = (number & (256**size - 1)).to_bytes(
                size, rng.choice(("big", "little"))
            )
        elif what == 3:
            del out[a:b]
        elif what == 4:
            out[a:a] = out[a:b] * rng.choice((1, 2, 50))
        elif what == 5:
            out[a:b] = rng.randbytes(b - a)
        elif what == 6:
            out[a:b] = bytes(b - a)
        elif what == 7:
            del out[a:]
        else:
            c = rng.randrange(len(out))
            out[a:b] = out[c : c + b - a]
    return bytes(out)


def mutated_json(text: bytes, rng: random.Random) -> bytes:
    """Change a value somewhere in a JSON document, as somebody might edit it."""
    try:
        document = json.loads(text)
    except ValueError:  # it was changed before
        return mutated(text, rng)
    if not isinstance(document, dict | list):
        return text
    places: list[tuple[object, object]] = []

    def walk(node: object) -> None:
        items = node.items() if isinstance(node, dict) else enumerate(node)  # type: ignore[arg-type]
        for key, value in items:
            places.append((node, key))
            if isinstance(value, dict | list):
                walk(value)

    walk(document)
    for _ in range(rng.choice((1, 1, 2))):
        node, key = rng.choice(places)
        try:
            what = rng.randrange(4)
            if what == 0:
                del node[key]  # type: ignore[attr-defined]
            elif what == 1 and isinstance(node[key], int):  # type: ignore[index]
                node[key] += rng.choice((-1, 1, 1000))  # type: ignore[index]
            else:
                node[key] = rng.choice(VALUES)  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            continue
    return json.dumps(document).encode("utf-8", "surrogateescape")


def crafted(dataset: Path, rng: random.Random) -> None:
    """Write wrong numbers into an array, with right checksums: nothing flips by chance there."""
    arrays = [
        node.parent for node in sorted(dataset.rglob("zarr.json")) if (node.parent / "c").exists()
    ]
    array = zarr.open_array(rng.choice(arrays), mode="r+")
    values = np.asarray(array[:])
    numbers = values.reshape(-1).view(np.uint8 if values.dtype.kind == "f" else values.dtype)
    for _ in range(rng.choice((1, 1, 3))):
        place = rng.randrange(numbers.size)
        size = 8 * numbers.dtype.itemsize
        bits = rng.choice((rng.getrandbits(size), 1 << rng.randrange(size), 0, (1 << size) - 1))
        number = np.array([bits], f"u{numbers.dtype.itemsize}").view(numbers.dtype)[0]
        numbers[place] = number if rng.random() < 0.5 else numbers[place] ^ number
    array[:] = values


def make_case(
    kind: str, seeds_of: list[Path], rng: random.Random, folder: Path
) -> tuple[Path, Path]:
    """A mutated input; returns it, and the sound one."""
    seed = rng.choice(seeds_of)
    if kind == "dataset":
        target = folder / "case.zarr"
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(seed, target)
        files = sorted(p for p in target.rglob("*") if p.is_file())
        if rng.random() < 0.3:
            crafted(target, rng)
            return target, seed
        for _ in range(rng.choice((1, 1, 2))):
            path = rng.choice(files)
            named = [p for p in files if p.name == "zarr.json"]
            if rng.random() < 0.7:
                path = rng.choice(named)
            if not path.exists():
                continue
            if path.name == "zarr.json" and rng.random() < 0.7:
                path.write_bytes(mutated_json(path.read_bytes(), rng))
            elif rng.random() < 0.1:
                path.unlink()
            else:
                path.write_bytes(mutated(path.read_bytes(), rng))
        return target, seed
    shutil.rmtree(folder / "case", ignore_errors=True)
    (folder / "case").mkdir()
    for other in seed.parent.iterdir() if kind in ("idx", "cifar") else ():
        shutil.copy(other, folder / "case" / other.name)
    target = folder / "case" / seed.name
    target.write_bytes(mutated(seed.read_bytes(), rng))
    return target, seed


class WrongSuccessError(Exception):
    """Something was read that breaks a promise."""


def promise(kept: bool, words: str) -> None:
    if not kept:
        raise WrongSuccessError(words)


def read_video(path: Path, _: Path) -> str:
    from eventsim.sources.video import VideoSource

    source = VideoSource(path)
    before = None
    count = 0
    for t_us, values in source:
        promise(before is None or t_us > before, "times do not increase")
        promise(values.shape == source.size[::-1], "a frame of another size")
        before, count = t_us, count + 1
    promise(count > 0, "no frame and no word")
    return "partial" if source.lost_frames else "read"


def read_image(path: Path, _: Path) -> str:
    from eventsim.sources.images import ImageSource
    from eventsim.sources.pictures import count_pictures, read_pictures

    pictures = list(read_pictures(path))
    promise(len(pictures) == count_pictures(path), "another number of pictures")
    for picture in pictures:
        promise(picture.values.dtype in (np.uint8, np.uint16, np.float32), "another dtype")
        promise(picture.values.ndim == 2 or picture.values.shape[2] == 3, "another shape")
    for _frame in ImageSource(path, fps=10, white=255):
        pass
    return "read"


def read_set(path: Path, _: Path) -> str:
    from eventsim.stills.image_sets import open_image_set

    found = open_image_set(path if path.suffix in (".npz", ".gz") else path.parent)
    for i in range(len(found)):
        image = found[i]
        promise(image.values.dtype in (np.uint8, np.uint16), "another dtype")
        promise(not image.label or image.label in found.classes, "a label of no class")
    return "read"


def read_settings_file(path: Path, _: Path) -> str:
    from eventsim.cli.options import CameraFlags

    CameraFlags(settings=path).camera()
    return "read"


def read_card(path: Path, _: Path) -> str:
    from eventsim.pipeline.cards import load_dataset_card

    load_dataset_card(path).make_method()
    return "read"


def read_times_file(path: Path, _: Path) -> str:
    from eventsim.sources.times_file import read_times

    read_times(path)
    return "read"


def read_path_file(path: Path, _: Path) -> str:
    from eventsim.motion.path_files import read_path

    eye = read_path(path)
    promise(bool((np.diff(eye.t_us) > 0).all()), "times do not increase")
    return "read"


def read_event_file(path: Path, _: Path) -> str:
    from eventsim.formats.reading import read

    events = read(path, size=(2048, 2048), backwards="sort", outside="drop", format=_format(path))
    pixel = events.y.astype(np.int64) * 2048 + events.x
    later = (np.diff(events.t) > 0) | ((np.diff(events.t) == 0) & (np.diff(pixel) >= 0))
    promise(bool(later.all()), "events that are not in order")
    promise(not len(events) or max(events.x.max(), events.y.max()) < 2048, "an event outside")
    return "read"


def _format(path: Path) -> str | None:
    return path.stem if path.stem in ("evt2", "evt3") else None


def read_dataset(path: Path, seed: Path) -> str:
    """A dataset that `verify` calls good holds what the sound one holds."""
    from eventsim import open_dataset
    from eventsim.errors import EventSimError
    from eventsim.store.dataset import committed_parts
    from eventsim.store.summary import summarize
    from eventsim.store.verify import verify

    refused: EventSimError | None = None
    good = False
    for step in (committed_parts, summarize, verify):
        try:
            result = step(path)
            good = good or (step is verify and not result.problems)  # type: ignore[union-attr]
        except EventSimError as error:
            one_line(error)
            refused = error
    same = True
    sound = open_dataset(seed)
    try:
        dataset = open_dataset(path)
        same = len(dataset) == len(sound) and len(dataset.failures) == len(sound.failures)
        for i, item in enumerate(dataset):
            promise(isinstance(item.label, str) and isinstance(item.notes, tuple), "no text")
            try:
                if hasattr(item, "planes"):
                    same = same and np.array_equal(item.planes, sound[i].planes)
                else:
                    events = item.events
                    inside = (events.x < item.size.width) & (events.y < item.size.height)
                    promise(bool(inside.all()), "events outside the sensor")
                    item.window(0, 100_000)
                    promise(item.path_columns is None or len(item.path_columns) == 5, "a path")
                    same = same and events == sound[i].events
            except EventSimError as error:
                one_line(error)
                refused = error
    except EventSimError as error:
        one_line(error)
        refused = error
    promise(same or refused is not None or not good, "verify calls good what holds something else")
    if refused is not None:
        raise refused
    return "read" if good else "problems"


READERS: dict[str, Callable[[Path, Path], str]] = {
    "video": read_video,
    "image": read_image,
    "idx": read_set,
    "cifar": read_set,
    "archive": read_set,
    "npz": read_set,
    "settings": read_settings_file,
    "card": read_card,
    "times": read_times_file,
    "path": read_path_file,
    "events": read_event_file,
    "dataset": read_dataset,
}
SHARES = {"video": 6, "image": 6, "idx": 1, "cifar": 2, "archive": 1,
          "npz": 2, "settings": 1, "card": 1,
          "times": 1, "path": 1, "events": 6, "dataset": 4}  # fmt: skip


def one_line(error: BaseException) -> None:
    promise("\n" not in str(error), f"a message of many lines: {error!r}")


def run_case(kind: str, number: int, found: dict[str, list[Path]], folder: Path) -> str:
    """Outcome of a case: read, partial, problems, refused; all else is a failure."""
    from eventsim.errors import EventSimError

    rng = random.Random(f"{kind} {number}")
    path, seed = make_case(kind, found[kind], rng, folder)
    try:
        return READERS[kind](path, seed)
    except EventSimError as error:
        one_line(error)
        return "refused"
    except OSError as error:
        return "refused" if error.filename else f"FAILED {type(error).__name__}: {error}"
    except BaseException as error:
        return f"FAILED {type(error).__name__}: {' '.join(str(error).split())[:200]}"


def work(folder: Path, cases: list[str], results: Path) -> None:
    """Run cases in this process, one line of results each."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    found = {kind: [Path(p) for p in paths] for kind, paths in
             json.loads((folder / "seeds.json").read_text()).items()}  # fmt: skip
    scratch = Path(tempfile.mkdtemp(dir=folder))
    with results.open("a", encoding="utf-8", errors="backslashreplace") as log:
        for case in cases:
            kind, number = case.split()
            log.write(f"{case}\t")
            log.flush()
            outcome = run_case(kind, int(number), found, scratch)
            log.write(f"{outcome}\n")
            log.flush()


def all_cases(count: int, kind: str | None = None, first: int = 0) -> list[str]:
    if kind:
        return [f"{kind} {n}" for n in range(first, first + count)]
    total = sum(SHARES.values())
    return [
        f"{name} {n}" for name, share in SHARES.items()
        for n in range(first, first + max(1, count * share // total))
    ]  # fmt: skip


def fuzz(folder: Path, cases: list[str], workers: int = 1) -> Counter[tuple[str, str]]:
    """Run cases in workers that are watched.

    Returns
    -------
    Counter of (kind, outcome)
        Crashes and hangs are outcomes, too.
    """
    found = seeds(folder)
    text = {kind: [str(p) for p in paths] for kind, paths in found.items()}
    (folder / "seeds.json").write_text(json.dumps(text))
    queues = [cases[k::workers] for k in range(workers)]
    logs = [folder / f"results{k}.tsv" for k in range(workers)]
    running: list[subprocess.Popen[bytes] | None] = [None] * workers
    seen: list[tuple[int, float]] = [(0, time.monotonic())] * workers
    while True:
        busy = False
        for k in range(workers):
            done = logs[k].read_text().count("\n") if logs[k].exists() else 0
            if done >= len(queues[k]):
                continue
            busy = True
            process = running[k]
            if process is None:
                (folder / f"cases{k}.json").write_text(json.dumps(queues[k][done:]))
                env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
                line = [sys.executable, __file__, "--work", str(folder), str(k)]
                running[k] = subprocess.Popen(line, env=env, stderr=subprocess.DEVNULL)
                seen[k] = (done, time.monotonic() + 10)
                continue
            if done > seen[k][0]:
                seen[k] = (done, time.monotonic())
            hangs = time.monotonic() - seen[k][1] > LIMIT_S
            if hangs:
                process.kill()
                process.wait()
            if process.poll() is not None:
                log = logs[k].read_text() if logs[k].exists() else ""
                done = log.count("\n")
                if done < len(queues[k]):  # it died, or was ended, in a case
                    why = "HANG" if hangs else f"CRASH {process.returncode}"
                    begun = "" if log and not log.endswith("\n") else f"{queues[k][done]}\t"
                    with logs[k].open("a") as file:
                        file.write(f"{begun}{why}\n")
                running[k] = None
        if not busy:
            break
        time.sleep(0.1)
    for process in running:
        if process is not None:
            process.wait()
    outcomes: Counter[tuple[str, str]] = Counter()
    for log in logs:
        for row in log.read_text().splitlines() if log.exists() else ():
            case, outcome = row.split("\t", 1)
            if outcome.split()[0] in ("FAILED", "HANG", "CRASH"):
                sys.stdout.write(f"{case}: {outcome}\n")
            outcomes[case.split()[0], outcome.split()[0]] += 1
    return outcomes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--kind", choices=sorted(READERS))
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--work", nargs=2, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.work:
        folder, k = Path(chosen.work[0]), chosen.work[1]
        cases = json.loads((folder / f"cases{k}.json").read_text())
        work(folder, cases, folder / f"results{k}.tsv")
        return
    with tempfile.TemporaryDirectory() as name:
        cases = all_cases(chosen.cases, chosen.kind, chosen.first)
        found = fuzz(Path(name), cases, chosen.workers)
    for kind in READERS:
        row = {outcome: n for (k, outcome), n in sorted(found.items()) if k == kind}
        if row:
            sys.stdout.write(f"{kind:9} {sum(row.values()):6} {row}\n")


if __name__ == "__main__":
    main()
