import numpy as np
import pytest
import zarr

from eventsim.errors import StoreExistsError
from eventsim.events import COLUMNS, Events, Packet
from eventsim.store import plain_columns
from eventsim.store.dataset import create_dataset
from eventsim.store.finish import finish
from eventsim.store.plain_columns import write_plain
from eventsim.store.reader import Dataset
from eventsim.store.writer import PartWriter


def dataset_of(path, counts):
    create_dataset(path, {"sensor": "ideal"}, parts=1)
    writer, made = PartWriter(path, 0), []
    for k, count in enumerate(counts):
        rng = np.random.default_rng(k)
        t = np.sort(rng.integers(0, 1000, count)) + 2**40
        columns = rng.integers(0, 8, count), rng.integers(0, 6, count), t % 2, t % 5
        events = Events.of(t, *columns, size=(8, 6))
        frames = np.array([2**40, 2**40 + 1000])
        writer.begin_recording(size=(8, 6), source=f"{k}.mp4", seed=k, label=f"class {k}")
        stops = np.searchsorted(events.t, frames, side="right")
        writer.write(Packet(events, frames, stops))
        writer.end_recording()
        made.append(events)
    writer.commit()
    finish(path)
    return Dataset(path), made


@pytest.mark.parametrize("counts", [[5], [0, 700, 0, 300], [2500, 40], []])
def test_every_column_comes_back_by_zarr_alone(counts, tmp_path, monkeypatch):
    monkeypatch.setattr(plain_columns, "CHUNK_EVENTS", 100)
    monkeypatch.setattr(plain_columns, "SHARD_EVENTS", 400)
    dataset, made = dataset_of(tmp_path / "in.zarr", counts)
    assert write_plain(dataset, tmp_path / "out.zarr") == sum(counts)
    group = zarr.open_group(tmp_path / "out.zarr", mode="r")
    offsets = group["offsets"][:]
    assert np.diff(offsets).tolist() == counts
    for k, events in enumerate(made):
        for name in COLUMNS:
            found = group[name][offsets[k] : offsets[k + 1]]
            assert np.array_equal(found, getattr(events, name))
        assert group["label"][k] == f"class {k}"
        assert (group["width"][k], group["seed"][k]) == (8, k)
    assert group.attrs["kinds"]["unknown"] == 4
    assert group.attrs["made_from"]["sensor"] == "ideal"


def test_what_is_there_is_kept_and_a_stopped_write_leaves_nothing_that_looks_whole(tmp_path):
    dataset, _ = dataset_of(tmp_path / "in.zarr", [10, 10])
    (tmp_path / "out.zarr").mkdir()
    with pytest.raises(StoreExistsError):
        write_plain(dataset, tmp_path / "out.zarr")

    def stop(recordings, events):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_plain(dataset, tmp_path / "other.zarr", stop)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.zarr", "out.zarr"]
