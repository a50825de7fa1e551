import json
import multiprocessing
import pickle
import sys

import numpy as np
import pytest
import zarr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventsim.errors import DamagedStoreError, StoreError, UnfinishedStoreError
from eventsim.store.dataset import create_dataset
from eventsim.store.finish import finish
from eventsim.store.reader import open_dataset
from eventsim.store.writer import PartWriter


def test_sequence(dataset_path):
    dataset = open_dataset(dataset_path)
    assert len(dataset) == 3
    assert [r.source for r in dataset] == ["a.mp4", "b.mp4", "ü.mp4"]
    assert dataset[-1].label == "läuft"
    assert dataset[np.int64(2)].index == 2
    assert [len(r) for r in dataset[0:2]] == [500, 0]
    for wrong in (3, -4):
        with pytest.raises(IndexError, match="holds 3"):
            dataset[wrong]


def test_properties(dataset_path):
    first = open_dataset(dataset_path)[0]
    assert (first.label, first.split, first.group, first.status) == ("walk", "train", "", "ok")
    assert (first.size, first.seed, first.duration_us) == ((12, 7), 7, 8000)
    assert first.notes == ("note of a.mp4",)
    assert open_dataset(dataset_path).attributes["version"] == "0"


def test_absolute_times_survive(dataset_path, hand):
    """Times beyond 2**32 us are kept as they are."""
    events = open_dataset(dataset_path)[2].events
    assert events == hand.joined(hand.make_packets(3, 300, t0_us=2**40))
    assert events.t[0] > 2**40


@pytest.fixture(scope="module")
def long_recording(tmp_path_factory):
    return tmp_path_factory.mktemp("long") / "out.zarr"


@pytest.mark.usefixtures("small_shards")
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(a=st.integers(-10, 8100), length=st.integers(-5, 3000), on_frame=st.booleans())
def test_window_equals_selection(long_recording, hand, a, length, on_frame):
    if not long_recording.exists():
        create_dataset(long_recording, {}, parts=1)
        writer = PartWriter(long_recording, 0)
        hand.write_recording(writer, hand.make_packets(0, 30), "before")
        hand.write_recording(writer, hand.make_packets(5, 900), "x")
        writer.commit()
        finish(long_recording)
    recording = open_dataset(long_recording)[1]
    a = a // 1000 * 1000 if on_frame else a
    whole = hand.joined(hand.make_packets(5, 900))
    inside = (whole.t >= a) & (whole.t < a + length)
    assert recording.window(a, a + length) == whole[inside]


@pytest.mark.usefixtures("small_shards")
def test_window_reads_few_chunks(tmp_path, hand):
    """A window survives damage everywhere else."""
    path = tmp_path / "out.zarr"
    create_dataset(path, {}, parts=1)
    writer = PartWriter(path, 0)
    hand.write_recording(writer, hand.make_packets(5, 900), "x")
    writer.commit()
    finish(path)
    expected = hand.joined(hand.make_packets(5, 900)).window(0, 300)
    shards = list((path / "parts/00000/step/c").iterdir())
    assert len(shards) == 15
    for shard in shards:
        if int(shard.name) > 1:
            shard.write_bytes(b"damaged")
    recording = open_dataset(path)[0]
    assert recording.window(0, 300) == expected
    with pytest.raises(DamagedStoreError, match="eventsim verify"):
        _ = recording.events


def test_pickle(dataset_path):
    dataset = open_dataset(dataset_path)
    expected = dataset[0].events
    again = pickle.loads(pickle.dumps(dataset))
    assert again[0].events == expected
    assert pickle.loads(pickle.dumps(dataset[0])).events == expected


def _count(dataset, answer):
    answer.put(len(dataset[0].events))


@pytest.mark.skipif(sys.platform == "win32", reason="has no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_fork(dataset_path):
    """A data loader's forked worker reads what its parent has open already."""
    dataset = open_dataset(dataset_path)
    assert len(dataset[0].events) == 500
    context = multiprocessing.get_context("fork")
    answer = context.Queue()
    child = context.Process(target=_count, args=(dataset, answer))
    child.start()
    assert answer.get(timeout=20) == 500
    child.join()
    answer.close()
    answer.join_thread()


def test_nothing_there(tmp_path):
    with pytest.raises(StoreError, match="there is no dataset"):
        open_dataset(tmp_path / "none.zarr")


def test_not_a_dataset(tmp_path):
    (tmp_path / "a.txt").write_text("hello")
    for path in (tmp_path, tmp_path / "a.txt"):
        with pytest.raises(StoreError, match="not an eventsim dataset"):
            open_dataset(path)
    (tmp_path / "zarr.json").write_text("{ torn")
    with pytest.raises(DamagedStoreError, match="is damaged"):
        open_dataset(tmp_path)


def test_unfinished(tmp_path):
    create_dataset(tmp_path / "o", {}, parts=4)
    with pytest.raises(UnfinishedStoreError, match="0 of 4 parts"):
        open_dataset(tmp_path / "o")


def test_newer_format(dataset_path):
    node = dataset_path / "zarr.json"
    content = json.loads(node.read_text())
    content["attributes"]["format_version"] = 99
    node.write_text(json.dumps(content))
    with pytest.raises(StoreError, match="format version 99"):
        open_dataset(dataset_path)


def test_missing_table(dataset_path):
    (dataset_path / "samples/label/zarr.json").unlink()
    with pytest.raises(DamagedStoreError, match="is damaged"):
        open_dataset(dataset_path)


@pytest.mark.parametrize(
    ("name", "value"),
    [("failures", None), ("failures", [3]), ("finished", False)],
)
def test_attributes_that_make_no_sense(dataset_path, name, value):
    """One line, whatever the metadata holds."""
    node = dataset_path / "zarr.json"
    metadata = json.loads(node.read_text())
    metadata["attributes"][name] = value
    if name == "finished":
        del metadata["attributes"]["parts"]
    node.write_text(json.dumps(metadata))
    with pytest.raises(StoreError) as caught:
        open_dataset(dataset_path)
    assert "\n" not in str(caught.value)


def test_root_that_is_null(dataset_path):
    (dataset_path / "zarr.json").write_text("null")
    with pytest.raises(DamagedStoreError, match="is damaged"):
        open_dataset(dataset_path)


@pytest.mark.parametrize(
    ("column", "index", "value", "words"),
    [
        ("step", 3, 5 << 1, "an event is of kind 5"),
        ("step", 3, (2**60 - 1) << 4, "grow too large"),
        ("step", 0, 1 << 4, "do not begin at 0"),
        ("restart", (0, 0), 1, "event 0 is not in the table of restarts"),
        ("restart", (0, 1), 2**63 - 5, "beyond what 64 bits"),
        ("restart", (0, 2), 12 * 7, "an event is in pixel 84 of a sensor of 12x7"),
        ("restart", (0, 2), -1, "an event is in pixel -1"),
    ],
)
def test_an_event_outside_of_the_sensor_is_never_given_out(
    dataset_path, column, index, value, words
):
    """A kernel that draws it would write outside of its picture."""
    array = zarr.open_array(dataset_path / f"parts/00000/{column}", mode="r+")
    array[index] = value
    dataset = open_dataset(dataset_path)
    with pytest.raises(DamagedStoreError, match=words):
        _ = dataset[0].events


def test_an_index_of_frames_that_leads_nowhere(dataset_path):
    array = zarr.open_array(dataset_path / "parts/00000/frame_stop", mode="r+")
    array[2] = 10**9
    recording = open_dataset(dataset_path)[0]
    with pytest.raises(DamagedStoreError, match="point to events that are not there"):
        _ = recording.frame_event_index


@pytest.mark.parametrize("change", [{"shape": [10**12]}, {"data_type": "float64"}])
def test_a_column_that_lies_about_itself(dataset_path, change):
    node = dataset_path / "parts/00000/step/zarr.json"
    node.write_text(json.dumps({**json.loads(node.read_text()), **change}))
    with pytest.raises(DamagedStoreError, match="step of part 00000"):
        _ = open_dataset(dataset_path)[0].events


def test_a_dataset_of_an_earlier_format(dataset_path):
    """One line, and it says how to make it again."""
    node = dataset_path / "zarr.json"
    content = json.loads(node.read_text())
    content["attributes"] |= {"format_version": 1, "version": "0.3.0"}
    node.write_text(json.dumps(content))
    with pytest.raises(
        StoreError, match=r"no longer reads\. Make it again: .* --overwrite"
    ) as caught:
        open_dataset(dataset_path)
    assert "pip install eventsim-dvs==0.3.0" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_events_by_their_numbers(dataset_path):
    recording = open_dataset(dataset_path)[0]
    events = recording.events
    for first, last in ((0, 0), (3, 10), (490, 600), (-5, 3), (700, 900), (9, 4)):
        expected = events[max(first, 0) : max(first, last, 0)]
        assert recording.events_between(first, last) == expected


def test_what_is_given_out_is_the_readers_own(dataset_path):
    """Changing it changes nothing for the next one, who reads from the same chunk."""
    recording = open_dataset(dataset_path)[0]
    window = recording.window(1000, 2000)
    expected = window[np.arange(len(window))]
    window.t[:] = 0
    window.x[:] = 0
    assert recording.window(1000, 2000) == expected


def test_a_recording_starts_with_its_first_frame(dataset_path):
    for recording in open_dataset(dataset_path):
        assert recording.start_us == recording.frame_t_us[0]


def test_a_reopened_dataset_shares_the_table_and_nothing_that_reads(dataset_path):
    dataset = open_dataset(dataset_path).filter(label="walk")
    first = dataset[0].events
    again = dataset.reopened()
    assert again.event_reader is not dataset.event_reader
    assert again[0].events == first
    assert again[0].dataset is again
