"""The same events bit for bit, however the work is divided."""

import hashlib
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from eventsim import Encoding, Events, SensorSize
from eventsim.pixel.array import PixelArray
from eventsim.pixel.models import make_settings
from eventsim.pixel.settings import PRESETS, PixelSettings

SIZE = SensorSize(97, 61)  # 5917 pixels: three blocks, the last one partly filled
SLOW = {**PRESETS["v2e-noisy"], "photoreceptor_cutoff_hz": 30}  # as v2e's own preset
CASES = {
    "clean": PixelSettings(**PRESETS["v2e-clean"]),
    "noisy": PixelSettings(**SLOW),
    "all": make_settings(
        {
            **SLOW,
            "refractory_period_us": 700,
            "hot_pixel_fraction": 0.01,
            "hot_pixel_rate_hz": 60,
            "shot_noise_rate_hz": 30,
            "leak_rate_hz": 2,
        }
    ),
    "hot": make_settings({"hot_pixel_fraction": 0.05, "hot_pixel_rate_hz": 200}),
}


def scene(n=29):
    """A textured pattern in motion, with a flash, and irregular times."""
    rng = np.random.default_rng(0)
    texture = rng.integers(0, 256, (SIZE.height, SIZE.width + 3 * n)).astype(np.uint8)
    frames = np.stack([texture[:, 3 * i : 3 * i + SIZE.width] for i in range(n)])
    frames[n // 2] = 255
    t = np.cumsum(rng.integers(1, 60_000, n)) + 17
    t[n // 3 :] += 1_300_000  # a pause, which is gone through in pieces
    return frames, t.astype(np.int64)


def run(settings, batches, threads=1, restore_at=None):
    frames, t = scene()
    p = PixelArray(SIZE, settings, Encoding(), seed=7, threads=threads)
    packets = []
    edges = np.cumsum([0, *batches])
    for a, b in pairwise(edges):
        if restore_at is not None and a >= restore_at:
            saved = p.save()
            p = PixelArray(SIZE, settings, Encoding(), seed=7, threads=threads)
            p.restore(saved)
        packets.append(p.push(frames[a:b], t[a:b]))
    return Events.concatenate([packet.events for packet in packets], SIZE), packets


@pytest.fixture(scope="module", params=list(CASES))
def case(request):
    settings = CASES[request.param]
    return settings, run(settings, [29])[0]


def test_there_is_something_to_compare(case):
    settings, events = case
    assert len(events) > 50_000 or settings == CASES["hot"]
    assert len(events) > 1000


@pytest.mark.parametrize("batches", [[1] * 29, [7, 7, 7, 7, 1], [2, 0, 27]])
def test_batches_do_not_matter(case, batches):
    settings, whole = case
    assert run(settings, batches)[0] == whole


@pytest.mark.parametrize("threads", [2, 8])
def test_threads_do_not_matter(case, threads):
    settings, whole = case
    assert run(settings, [29], threads)[0] == whole
    assert run(settings, [7, 7, 7, 7, 1], threads)[0] == whole


def test_save_and_restore_do_not_matter(case):
    settings, whole = case
    assert run(settings, [10, 3, 16], restore_at=10)[0] == whole


def test_packets_keep_their_promises(case):
    settings, _ = case
    _, packets = run(settings, [7, 7, 7, 7, 1])
    _, t = scene()
    assert np.array_equal(np.concatenate([p.frame_t_us for p in packets]), t)
    for packet in packets:
        events = packet.events
        key = (events.t * 10**9 + events.y.astype(np.int64) * 10**4 + events.x).astype(np.int64)
        assert np.all(np.diff(key) >= 0)
        assert events.x.max(initial=0) < SIZE.width
        assert events.y.max(initial=0) < SIZE.height
        for frame_t, stop in zip(packet.frame_t_us, packet.frame_stop, strict=True):
            assert np.all(events.t[:stop] <= frame_t)
            assert np.all(events.t[stop:] > frame_t)


def test_another_process_gives_the_same(case):
    settings, whole = case
    code = (
        "import sys, hashlib; sys.path.insert(0, sys.argv[1]); import test_invariants as t;"
        "e = t.run(t.CASES[sys.argv[2]], [5, 24], threads=2)[0];"
        "columns = b''.join(c.tobytes() for c in (e.t, e.x, e.y, e.p, e.kind));"
        "print(hashlib.sha256(columns).hexdigest())"
    )
    name = next(k for k, v in CASES.items() if v == settings)
    out = subprocess.run(
        [sys.executable, "-c", code, str(Path(__file__).parent), name],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    columns = (whole.t, whole.x, whole.y, whole.p, whole.kind)
    assert out.stdout.strip() == hashlib.sha256(b"".join(c.tobytes() for c in columns)).hexdigest()


def test_seed_changes_the_noise():
    frames, t = scene(5)
    a, b = (
        PixelArray(SIZE, CASES["noisy"], Encoding(), seed=s, threads=1).push(frames, t).events
        for s in (1, 2)
    )
    assert a != b


def test_noise_without_refractory_period_adds_to_the_clean_stream():
    frames, t = scene()
    base = {"threshold_mismatch": 0.03, "photoreceptor_cutoff_hz": 30}
    noise = {"shot_noise_rate_hz": 30, "hot_pixel_fraction": 0.02, "hot_pixel_rate_hz": 50}
    clean = PixelArray(SIZE, make_settings(base), Encoding(), threads=1).push(frames, t).events
    both = make_settings(base | noise)
    noisy = PixelArray(SIZE, both, Encoding(), threads=1).push(frames, t).events
    assert len(noisy) > len(clean) + 1000
    assert noisy[noisy.kind == 0] == clean


def test_long_recordings_stay_exact():
    """The epoch of the leak is renewed every 8.4 s; over 100 s that changes no leak interval."""
    settings = make_settings({"leak_rate_hz": 1.0})
    p = PixelArray(SensorSize(3, 1), settings, Encoding("linear"), threads=1)
    t = np.arange(0, 100_250_001, 250_000)
    events = p.push(np.full((t.size, 1, 3), 90, np.uint8), t).events
    assert np.max(np.abs(events.t[::3] - np.arange(1, 101) * 1_000_000)) <= 20
