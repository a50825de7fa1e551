"""Packets made by hand, and datasets made of them."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from eventsim.events import Events, Packet
from eventsim.store.checksums import files_of, sealed
from eventsim.store.dataset import create_dataset
from eventsim.store.finish import finish
from eventsim.store.planes import PlanesWriter, SampleInfo
from eventsim.store.writer import PartWriter

SIZE = (12, 7)


def make_packets(
    seed: int, events: int, *, frames: int = 9, packets: int = 3, t0_us: int = 0
) -> list[Packet]:
    """A recording in packets: events at random, a frame every 1000 us."""
    rng = np.random.default_rng(seed)
    t = np.sort(rng.integers(1, 1000 * (frames - 1) + 1, events)) + t0_us
    width, height = SIZE
    whole = Events.of(
        t,
        rng.integers(0, width, events),
        rng.integers(0, height, events),
        rng.random(events) < 0.5,
        rng.integers(0, 4, events),
        size=SIZE,
    )
    frame_t = np.arange(frames, dtype=np.int64) * 1000 + t0_us
    made = []
    for index in np.array_split(np.arange(frames), packets):
        start = 0 if index[0] == 0 else np.searchsorted(whole.t, frame_t[index[0] - 1], "right")
        stops = np.searchsorted(whole.t, frame_t[index], "right")
        piece = whole[int(start) : int(stops[-1])]
        made.append(Packet(piece, frame_t[index], (stops - start).astype(np.int64)))
    return made


def joined(packets: list[Packet]) -> Events:
    return Events.concatenate([p.events for p in packets], SIZE)


def write_recording(writer: PartWriter, packets: list[Packet], name: str, **more: str) -> None:
    writer.begin_recording(size=SIZE, source=name, seed=7, **more)
    for packet in packets:
        writer.write(packet)
    writer.end_recording(notes=[f"note of {name}"])


def write_dataset(path: Path) -> None:
    """Two parts: two recordings, one of them empty, and a third one."""
    create_dataset(path, {"version": "0", "seed": 1}, parts=2)
    writer = PartWriter(path, 0)
    write_recording(writer, make_packets(1, 500), "a.mp4", label="walk", split="train")
    write_recording(writer, make_packets(2, 0), "b.mp4")
    writer.commit()
    writer = PartWriter(path, 1)
    writer.fail_recording("it is broken", source="bad.mp4")
    write_recording(writer, make_packets(3, 300, t0_us=2**40), "ü.mp4", label="läuft")
    writer.commit()
    finish(path)


PLANES_SIZE = (11, 5)


def make_planes(seed, n):
    """ON, OFF or nothing at each place, never both."""
    state = np.random.default_rng(seed).integers(0, 5, (n, 8, *PLANES_SIZE[::-1]))
    return np.stack([state == 1, state == 2], axis=2).astype(np.uint8)


def plane_info(number, **more):
    return SampleInfo(source=f"set#{number}", seed=7, sample=number, label="cat", **more)


def write_planes(path):
    """Two parts of 5 and 3 samples, written in batches; one image failed."""
    create_dataset(path, {"content": "planes", "seed": 7}, parts=2)
    first = PlanesWriter(path, 0, PLANES_SIZE)
    planes = make_planes(1, 8)
    packed = np.packbits(planes, axis=-1)
    first.write(packed[:2], [plane_info(0, split="train"), plane_info(1, notes=("resized",))])
    first.fail("it is broken", source="set#2", sample=2)
    first.write(packed[2:5], [plane_info(k) for k in (3, 4, 5)])
    first.commit()
    second = PlanesWriter(path, 1, PLANES_SIZE)
    second.write(packed[5:], [plane_info(k) for k in (6, 7, 8)])
    second.commit()
    finish(path)
    return planes


def reseal(path: Path, part: int = 0, **changes: object) -> None:
    """Say of a part what a faulty program would: that all is as it was written."""
    folder = path / f"parts/{part:05d}"
    node = folder / "commit/zarr.json"
    content = json.loads(node.read_text())
    files = {n: f for n, f in files_of(folder).items() if not n.startswith("commit/")}
    content["attributes"] = sealed({**content["attributes"], **changes, "files": files})
    node.write_text(json.dumps(content))


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pristine") / "out.zarr"
    write_dataset(path)
    return path


@pytest.fixture
def dataset_path(tmp_path: Path, pristine: Path) -> Path:
    """A copy of its own, to be damaged."""
    path = tmp_path / "out.zarr"
    shutil.copytree(pristine, path)
    return path


@pytest.fixture
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of 16 events and shards of 64, so that few events cross many borders."""
    from eventsim.store import layout

    monkeypatch.setattr(layout, "CHUNK_EVENTS", 16)
    monkeypatch.setattr(layout, "SHARD_EVENTS", 64)
    monkeypatch.setattr(layout, "CHUNK_RESTARTS", 2)
    monkeypatch.setattr(layout, "SHARD_RESTARTS", 4)
    monkeypatch.setattr(layout, "CHUNK_FRAMES", 2)
    monkeypatch.setattr(layout, "SHARD_FRAMES", 4)


@pytest.fixture
def tree() -> Callable[[Path], dict[str, bytes]]:
    """All files under a folder, by relative path."""

    def read(path: Path) -> dict[str, bytes]:
        files = (f for f in sorted(path.rglob("*")) if f.is_file())
        return {f.relative_to(path).as_posix(): f.read_bytes() for f in files}

    return read


@pytest.fixture
def hand() -> SimpleNamespace:
    """The functions of this file, which tests cannot import."""
    return SimpleNamespace(
        size=SIZE,
        make_packets=make_packets,
        joined=joined,
        write_recording=write_recording,
        reseal=reseal,
        write_dataset=write_dataset,
        planes_size=PLANES_SIZE,
        make_planes=make_planes,
        plane_info=plane_info,
        write_planes=write_planes,
    )
