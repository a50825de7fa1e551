"""A real cluster on this machine: its workers are killed, and nothing changes."""

import os
import signal
import sys
import threading
import time

import av
import numpy as np
import pytest

import eventsim
from eventsim.camera import choose_camera
from eventsim.errors import ConfigError
from eventsim.pipeline import cluster
from eventsim.pipeline import video_plan as planning
from eventsim.pipeline.cluster import local_client, remote_client
from eventsim.pipeline.run import run
from eventsim.pipeline.video_plan import plan_videos
from eventsim.store.attempts import ATTEMPTS
from eventsim.store.reader import open_dataset

CAMERA = choose_camera("ideal", "v2e-noisy", {})


def test_no_scheduler(monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT_S", 0.5)
    for address in ("tcp://127.0.0.1:1", "nonsense://x"):
        with pytest.raises(ConfigError, match="no Dask scheduler answers"), remote_client(address):
            pass


@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGKILL")
def test_a_worker_that_is_killed_is_replaced(tmp_path, make_clip, tree, monkeypatch, capfd):
    """The cluster is the caller's own, and is still there afterwards."""
    monkeypatch.setattr(planning, "PART_EVENTS", 1)
    clips = [make_clip(tmp_path / f"{k}.mp4", k, 1500) for k in range(3)]
    made = plan_videos(clips, CAMERA)
    run(made, tmp_path / "whole.zarr", threads=1)
    out = tmp_path / "o.zarr"
    killed = []

    def kill(pids: list[int]) -> None:
        deadline = time.monotonic() + 30
        while not killed and time.monotonic() < deadline:
            if list(out.glob(f"{ATTEMPTS}/*/*/step")):
                os.kill(pids[0], signal.SIGKILL)
                killed.append(pids[0])
            time.sleep(0.001)

    with local_client(2, None) as client:
        pids = list(client.run(os.getpid).values())
        assert os.getpid() not in pids
        thread = threading.Thread(target=kill, args=[pids])
        thread.start()
        calls = []
        run(made, out, client=client, progress=calls.append)
        thread.join()
        assert killed
        assert set(client.run(os.getpid).values()) != set(pids)
        run(made, tmp_path / "two.zarr", client=client.scheduler.address)
    assert calls[-1][:2] == (4500, 4500)
    assert tree(out) == tree(tmp_path / "whole.zarr") == tree(tmp_path / "two.zarr")
    assert capfd.readouterr() == ("", "")


def test_memory_is_bounded_and_the_dashboard_has_an_address(monkeypatch):
    """Each worker has what it was given. The dashboard needs bokeh."""
    with local_client(1, 2 * 10**9) as client:
        workers = client.scheduler_info()["workers"].values()
        assert [worker["memory_limit"] for worker in workers] == [2 * 10**9]
        assert [worker["nthreads"] for worker in workers] == [1]
        for there in (None, "bokeh"):
            monkeypatch.setattr(cluster.importlib.util, "find_spec", lambda _, there=there: there)
            assert cluster.dashboard_of(client).startswith("http://") == (there is not None)


def test_an_input_that_kills_its_worker_is_set_aside(tmp_path, make_clip):
    """Twelve million pixels take 1.5 GB, and a worker has 0.7: the rest is converted."""
    large = tmp_path / "large.avi"
    with av.open(str(large), "w") as container:
        stream = container.add_stream("mjpeg", rate=10)
        stream.width, stream.height, stream.pix_fmt = 4000, 3000, "yuvj420p"
        for k in range(3):
            frame = av.VideoFrame.from_ndarray(
                np.full((4500, 4000), 60 + 40 * k, np.uint8), format="yuv420p"
            )
            container.mux(stream.encode(frame.reformat(format="yuvj420p")))
        container.mux(stream.encode())
    clips = [make_clip(tmp_path / f"{k}.mp4", k) for k in range(2)]
    made = plan_videos([clips[0], large, clips[1]], CAMERA)
    out = tmp_path / "o.zarr"
    summary = run(made, out, workers=2, memory_bytes=700 * 10**6)
    assert [source for source, _ in summary.failures] == ["large.avi"]
    assert "killed its worker twice" in summary.failures[0][1]
    assert [r.id for r in open_dataset(out)] == ["0", "1"]
    first = eventsim.simulate(
        clips[0], sensor="ideal", noise="v2e-noisy", seed=open_dataset(out)[0].seed
    )
    assert open_dataset(out)[0].events == first
    assert not (out / ATTEMPTS).exists()
