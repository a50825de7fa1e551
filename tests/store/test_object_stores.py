"""Datasets in an object store, on a real server that speaks S3: the same as in a folder."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import numpy as np
import pytest

import eventsim
from eventsim.cli.main import main
from eventsim.shipped import find
from eventsim.store import object_path
from eventsim.store.places import as_path

pytest.importorskip("moto")
pytest.importorskip("obstore")

CLIP = ["--size", "64x48", "--noise", "v2e-noisy", "-q"]


@pytest.fixture(scope="module")
def server():
    """Address of a server; its environment is set."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    before = dict(os.environ)
    os.environ |= {
        "AWS_ENDPOINT_URL": address, "AWS_ALLOW_HTTP": "true", "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "one", "AWS_SECRET_ACCESS_KEY": "two",
    }  # fmt: skip
    try:
        for _ in range(200):
            try:
                request = urllib.request.Request(f"{address}/bucket", method="PUT")
                urllib.request.urlopen(request, timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        yield address
    finally:
        os.environ.clear()
        os.environ.update(before)
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Recordings of two sizes in a folder of files, and the dataset that they are in a folder."""
    from eventsim.events import Events

    folder = tmp_path_factory.mktemp("corpus")
    for seed in range(4):
        rng = np.random.default_rng(seed)
        t = np.sort(rng.integers(0, 200_000, 20_000)) + seed
        columns = rng.integers(0, 64, t.size), rng.integers(0, 48, t.size), t % 2
        path = folder / "files" / f"class{seed % 2}" / f"{seed}.raw"
        path.parent.mkdir(parents=True, exist_ok=True)
        Events.of(t, *columns, size=(64, 48)).save(path)
    assert main(["import", str(folder / "files"), str(folder / "local.zarr"), "-q"]) == 0
    return folder


@pytest.fixture(scope="module")
def imported(server, corpus):
    """The same recordings as a dataset on the server."""
    out = "s3://bucket/sub/import.zarr"
    assert main(["import", str(corpus / "files"), out, "-q"]) == 0
    return out


def files_of(path):
    """Relative names and contents of all files of a dataset, but those that name its sources."""
    home = as_path(path)
    found = {}
    for file in home.rglob("*"):
        if file.is_file():
            found["/".join(file.parts[len(home.parts) :])] = file.read_bytes()
    return found


def same_but_for_places(local, remote):
    """Names of files that differ: those that say where a source lies, or hold checksums of them."""
    one, other = files_of(local), files_of(remote)
    assert set(one) == set(other)
    return {name for name in one if one[name] != other[name]}


SAY_WHERE = ("README.md", "croissant.json", "card/", "zarr.json", "manifest/", "samples/", "parts/")


def test_a_dataset_is_the_same_as_in_a_folder(imported, corpus):
    out = imported
    different = same_but_for_places(corpus / "local.zarr", out)
    assert not any("/step/" in name or "/restart/" in name for name in different)
    assert all(name.startswith(SAY_WHERE) for name in different)
    local, remote = (eventsim.open_dataset(p) for p in (corpus / "local.zarr", out))
    assert [r.events for r in local] == [r.events for r in remote]
    assert [r.label for r in local] == [r.label for r in remote]
    for command in ("verify", "info", "status"):
        assert main([command, out]) == 0
    keys = [path.address.key for path in as_path("s3://bucket/sub").rglob("*")]
    assert all(key.startswith("sub/import.zarr/") for key in keys)
    assert not any(".attempts" in key for key in keys)


def test_simulated_recordings_and_two_workers(server, tmp_path, monkeypatch):
    monkeypatch.setattr("eventsim.pipeline.video_plan.PART_RECORDINGS", 1)
    clip = str(find("bigbuckbunny.mp4"))
    rows = "".join(f"{clip},{k},{0.2 * k},{0.2 * k + 0.2}\n" for k in range(3))
    (tmp_path / "clips.csv").write_text("path,id,start_s,stop_s\n" + rows)
    words = ["--manifest", str(tmp_path / "clips.csv"), *CLIP]
    assert main(["convert", str(tmp_path / "a.zarr"), *words]) == 0
    assert main(["convert", "s3://bucket/b.zarr", *words, "--workers", "2"]) == 0
    assert eventsim.open_dataset("s3://bucket/b.zarr").attributes["parts"] == 3
    one, other = (
        eventsim.open_dataset(tmp_path / "a.zarr"),
        eventsim.open_dataset("s3://bucket/b.zarr"),
    )
    assert [r.events for r in one] == [r.events for r in other]
    assert other[0].source == "bigbuckbunny.mp4"  # and not where it lies on this machine


KILLED = """
import os, signal, sys
from eventsim.store import object_path, places
real, left = places.put, [int(sys.argv[1])]

def put(path, content, **options):
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left[0] -= 1
    real(path, content, **options)

places.put = object_path.put = put
from eventsim.cli.main import main
sys.exit(main(sys.argv[2:]))
"""


def test_a_run_that_is_killed_at_any_upload_ends_with_the_same(imported, corpus):
    out = "s3://bucket/killed.zarr"
    words = ["import", str(corpus / "files"), out, "-q"]
    for puts in (7, 60):
        done = subprocess.run([sys.executable, "-c", KILLED, str(puts), *words], check=False)
        assert done.returncode == -signal.SIGKILL
        dataset = as_path(out)
        if (dataset / "zarr.json").is_file():
            assert not eventsim.store.dataset.read_attributes(out)["finished"]
    assert main(words) == 0
    assert not same_but_for_places(imported, out) - {
        "README.md",
        "croissant.json",
        "card/manifest.csv",
    }
    assert main(["verify", out]) == 0


def test_of_two_attempts_at_a_part_the_first_wins(server):
    from eventsim.errors import PartTakenError, StoreError
    from eventsim.store.attempts import begin_attempt, begin_run
    from eventsim.store.dataset import committed_parts, create_dataset
    from eventsim.store.description import describe_group

    out = "s3://bucket/race.zarr"
    create_dataset(out, {"sensor": "ideal"}, parts=2)
    run = begin_run(out)
    attempts = [begin_attempt(out, 0, run) for _ in range(2)]
    for attempt in attempts:
        describe_group(attempt.folder / "commit", {"a": 1})
    attempts[0].commit()
    assert committed_parts(out) == {0}
    with pytest.raises(PartTakenError):
        attempts[1].commit()
    assert not any(attempt.folder.exists() for attempt in attempts)
    late = begin_attempt(out, 1, run)
    describe_group(late.folder / "commit", {})
    begin_run(out)  # ends the other
    with pytest.raises(OSError, match=r"has ended"):
        late.commit()
    with pytest.raises(StoreError, match=r"has ended"):
        begin_attempt(out, 1, run)
    assert committed_parts(out) == {0}


def test_a_window_fetches_only_what_is_needed(server, tmp_path, monkeypatch):
    from eventsim.events import Events

    rng = np.random.default_rng(1)
    n = 2_000_000
    t = np.sort(rng.integers(0, 10_000_000, n))
    events = Events.of(t, rng.integers(0, 640, n), rng.integers(0, 480, n), t % 2, size=(640, 480))
    events.save(tmp_path / "a.raw")
    out = "s3://bucket/long.zarr"
    assert main(["import", str(tmp_path / "a.raw"), out, "-q"]) == 0
    whole = sum(path.stat().st_size for path in as_path(out).glob("parts/*/step/c/*"))
    (recording,) = eventsim.open_dataset(out)
    fetched = []
    real = object_path.fetch
    monkeypatch.setattr(
        object_path, "fetch", lambda path, span: fetched.append(real(path, span)) or fetched[-1]
    )
    window = recording.window(5_000_000, 5_010_000)
    assert window == events.window(5_000_000, 5_010_000)
    total = sum(map(len, fetched))
    # 106 kB of 6.0 MB in six requests: two descriptions, two indices and their chunks.
    assert total < whole / 50
    assert len(fetched) <= 6
    fetched.clear()
    recording.window(5_000_000, 5_010_000)
    assert len(fetched) <= 1  # indices are known, and the chunk was decoded a moment ago


def test_nothing_is_replaced_and_a_bucket_must_be_there(imported, corpus, capsys):
    assert main(["import", str(corpus / "files"), imported, "--overwrite"]) == 2
    assert "nothing can be replaced in an object store" in capsys.readouterr().err
    assert main(["import", str(corpus / "files"), "s3://nobody/x.zarr"]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1


def test_a_forked_process_is_told_to_be_spawned(imported):
    if not hasattr(os, "fork"):
        pytest.skip("this system has no fork")
    words = (
        "import os, sys, eventsim\n"
        "d = eventsim.open_dataset(sys.argv[1])\n"
        "pid = os.fork()\n"
        "if pid == 0:\n"
        "    try:\n"
        "        d[0].events\n"
        "    except eventsim.EventSimError as error:\n"
        "        os._exit(7 if 'spawn' in str(error) else 8)\n"
        "    os._exit(9)\n"
        "sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))\n"
    )
    line = [sys.executable, "-W", "ignore", "-c", words, imported]
    assert subprocess.run(line, check=False, timeout=60).returncode == 7
