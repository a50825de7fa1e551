import numpy as np
import pytest

import eventsim
from eventsim.errors import ConfigError, SourceError, StoreExistsError
from eventsim.events import Events, Kind
from eventsim.formats.checking import Care
from eventsim.formats.file import Layout
from eventsim.pipeline.import_plan import plan_import
from eventsim.pipeline.inputs import Input
from eventsim.pipeline.run import run
from eventsim.store.verify import verify

SIZE = (60, 40)


def events_of(seed, n=500, t0_us=10_000_000_000):
    rng = np.random.default_rng(seed)
    t = np.sort(rng.integers(0, 10**6, n)) + t0_us
    columns = rng.integers(0, 60, n), rng.integers(0, 40, n), rng.integers(0, 2, n)
    return Events.of(t, *columns, size=SIZE)


@pytest.fixture
def files(tmp_path):
    paths = []
    for seed, name in enumerate(("a.raw", "b.dat", "c.raw")):
        events_of(seed).save(tmp_path / name)
        paths.append(tmp_path / name)
    return paths


def test_each_file_becomes_a_recording_with_its_own_times(files, tmp_path):
    inputs = [Input(str(path), label=path.stem, split="test") for path in files]
    summary = run(plan_import(inputs), tmp_path / "out.zarr")
    dataset = eventsim.open_dataset(tmp_path / "out.zarr")
    assert summary.recordings == len(dataset) == 3
    for seed, recording in enumerate(dataset):
        events = events_of(seed)
        assert recording.events == events
        assert (recording.id, recording.label, recording.split) == (
            "abc"[seed],
            "abc"[seed],
            "test",
        )
        assert recording.start_us == events.t[0]
        assert recording.duration_us == events.t[-1] - events.t[0]
        assert set(recording.events.kind) == {Kind.UNKNOWN}
    assert not verify(tmp_path / "out.zarr").problems
    with pytest.raises(StoreExistsError, match=r"is complete"):
        run(plan_import(inputs), tmp_path / "out.zarr")


def test_a_broken_file_is_written_down_and_the_others_are_there(files, tmp_path):
    files[1].write_bytes(b"% Version 2\nno")
    (tmp_path / "d.raw").write_bytes(b"% evt 3.0\n% geometry 60x40\n% end\n")
    summary = run(plan_import([*files, tmp_path / "d.raw"]), tmp_path / "out.zarr")
    assert summary.recordings == 3
    (failure,) = summary.failures
    assert failure[0] == "b.dat"
    assert "is no whole DAT file" in failure[1]
    assert str(tmp_path) not in failure[1]
    dataset = eventsim.open_dataset(tmp_path / "out.zarr")
    assert dataset[2].notes == ("it holds no events",)
    assert dataset[2].duration_us == 0
    with pytest.raises(SourceError, match=r"b.dat failed"):
        run(plan_import(files), tmp_path / "strict.zarr", strict=True)


def test_workers_and_parts_change_nothing(files, tmp_path, monkeypatch):
    monkeypatch.setattr("eventsim.pipeline.dataset_parts.PART_RECORDINGS", 1)
    planned = plan_import(files)
    assert planned.part_count == 3
    run(planned, tmp_path / "one.zarr")
    run(planned, tmp_path / "two.zarr", workers=2)
    one, two = (eventsim.open_dataset(tmp_path / f"{name}.zarr") for name in ("one", "two"))
    assert [r.events for r in one] == [r.events for r in two]


def test_events_of_several_blocks_are_one_recording(tmp_path, monkeypatch):
    monkeypatch.setattr("eventsim.formats.evt.READ_BYTES", 1 << 10)
    events = events_of(5, n=20_000)
    events.save(tmp_path / "a.raw")
    told = []
    run(plan_import([tmp_path / "a.raw"]), tmp_path / "out.zarr", progress=told.append)
    (recording,) = eventsim.open_dataset(tmp_path / "out.zarr")
    assert recording.events == events
    assert len(recording.frame_t_us) == 2
    assert recording.frame_event_index[-1] == 20_000
    assert len(told) > 20
    assert told[-1].done == told[-1].total == (tmp_path / "a.raw").stat().st_size // 1000
    assert told[-1].events == 20_000


def test_what_is_wrong_with_the_plan_is_said(files):
    with pytest.raises(ConfigError, match=r"there is no input"):
        plan_import([])
    with pytest.raises(ConfigError, match=r"no format 'evt9'"):
        plan_import(files, format="evt9")
    with pytest.raises(ConfigError, match=r"settings are for videos"):
        plan_import([Input(str(files[0]), settings=(("leak_rate_hz", 1.0),))])
    with pytest.raises(SourceError, match=r"none of the 2 files can be read; the first: .*x.raw"):
        plan_import(["x.raw", "y.raw"])


def test_another_care_is_another_dataset(files, tmp_path):
    run(plan_import(files[:1]), tmp_path / "out.zarr")
    other = plan_import(files[:1], care=Care(outside="drop"))
    assert other.attributes() != plan_import(files[:1]).attributes()


def test_parts_of_one_file_become_recordings(files, tmp_path):
    inputs = [
        Input(str(files[0]), id="one", start_s=10_000.2, stop_s=10_000.4),
        Input(str(files[0]), id="two", start_s=10_000.4),
        Input(str(files[0]), id="none", start_s=1.0, stop_s=2.0),
    ]
    run(plan_import(inputs), tmp_path / "out.zarr")
    one, two, none = eventsim.open_dataset(tmp_path / "out.zarr")
    events = events_of(0)
    assert one.events == events.window(10_000_200_000, 10_000_400_000)
    assert two.events == events.window(10_000_400_000, 2**60)
    assert (len(none), none.notes) == (0, ("it holds no events",))


def test_rows_and_columns_can_be_exchanged(files, tmp_path):
    planned = plan_import(files[:1], layout=Layout(transpose=True))
    run(planned, tmp_path / "out.zarr")
    (recording,) = eventsim.open_dataset(tmp_path / "out.zarr")
    events = events_of(0)
    turned = Events.of(events.t, events.y, events.x, events.p, size=(40, 60))
    assert recording.events == turned


def test_a_url_is_fetched_when_its_turn_comes(files, tmp_path):
    fsspec = pytest.importorskip("fsspec")
    memory = fsspec.filesystem("memory")
    memory.pipe("/somewhere/a.raw", files[0].read_bytes())
    inputs = ["memory://somewhere/a.raw", "memory://somewhere/none.raw"]
    summary = run(plan_import(inputs), tmp_path / "out.zarr")
    (recording,) = eventsim.open_dataset(tmp_path / "out.zarr")
    assert recording.events == events_of(0)
    assert recording.source == "memory://somewhere/a.raw"
    ((source, reason),) = summary.failures
    assert source == "memory://somewhere/none.raw"
    assert "cannot be fetched" in reason


@pytest.mark.parametrize("strict", [False, True])
def test_what_is_wrong_with_a_fetched_file_names_its_url(tmp_path, strict):
    fsspec = pytest.importorskip("fsspec")
    fsspec.filesystem("memory").pipe("/somewhere/bad.es", b"not an event stream")
    planned = plan_import(["memory://somewhere/bad.es"])
    if strict:
        with pytest.raises(SourceError) as caught:
            run(planned, tmp_path / "out.zarr", strict=True)
        reason = str(caught.value)
    else:
        ((_, reason),) = run(planned, tmp_path / "out.zarr").failures
    assert "memory://somewhere/bad.es" in reason
    assert "eventsim-" not in reason
