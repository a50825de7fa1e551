"""Windows of a dataset: each a function of (seed, epoch, index), whoever reads it."""

import pickle
import shutil

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader, DistributedSampler

import eventsim
from eventsim.denoise import STCF
from eventsim.errors import ConfigError, StoreError
from eventsim.representations import EventFrames, VoxelGrid
from eventsim.store.dataset import add_attributes
from eventsim.training import BlockShuffle, EventWindows, collate_events, collate_time_first
from eventsim.transforms import Compose, CutMix, Flip, Rotate, Sometimes, Thin
from eventsim.transforms.label_safety import LabelWarning

torch.set_num_threads(1)
AUGMENT = Compose((Sometimes(Flip()), Rotate(), Thin((0.1, 0.5))))


def test_whole_recordings_come_with_their_labels(clips):
    windows = EventWindows(clips)
    dataset = eventsim.open_dataset(clips)
    assert windows.classes == ("run", "walk")
    assert len(windows) == 4
    assert [windows[i][1] for i in range(4)] == [1, 0, 1, -1]
    assert all(windows[i][0] == dataset[i].events for i in range(4))
    assert windows[-1][0] == windows[3][0]


def test_windows_of_time_begin_with_the_first_frame(clips):
    windows = EventWindows(clips, split="train", window_us=20_000)
    recording = eventsim.open_dataset(clips)[1]
    # 40,001 us hold two windows, 100,001 five and 25,001 one.
    assert len(windows) == 2 + 5 + 1
    assert windows[3][0] == recording.window(7000 + 20_000, 7000 + 40_000)
    assert windows[3][1] == 0


def test_windows_of_events_hold_that_many(clips):
    windows = EventWindows(clips, count=1000, stride=500)
    recording = eventsim.open_dataset(clips)[1]
    assert len(windows) == 2 + 7 + 1 + 1
    assert windows[4][0] == recording.events[1000:2000]
    assert [len(windows[i][0]) for i in range(11)] == [1000] * 9 + [0, 900]


def test_a_filter_of_noise_is_a_transform(clips):
    windows = EventWindows(clips, window_us=20_000, transform=Compose((STCF(1), Flip())))
    plain = EventWindows(clips, window_us=20_000)
    kept = STCF(1)(plain[2][0])
    assert 0 < len(kept) < len(plain[2][0])
    assert windows[2][0].t.tolist() == kept.t.tolist()


def test_a_representation_sees_the_window_and_not_its_events(clips):
    to = VoxelGrid(bins=4)
    windows = EventWindows(clips, window_us=20_000, to=to)
    recording = eventsim.open_dataset(clips)[0]
    expected = to(recording.events, 20_000, 40_000)
    assert np.array_equal(windows[1][0].numpy(), expected)
    whole = EventWindows(clips, to=EventFrames(bins=3))
    assert float(whole[0][0].sum()) == 1500
    assert not whole[2][0].any()


def test_a_transform_is_a_function_of_seed_epoch_and_index(clips):
    def drawn(epoch=0, **more):
        windows = EventWindows(clips, window_us=20_000, transform=AUGMENT, **more)
        windows.set_epoch(epoch)
        return [windows[i][0] for i in range(len(windows))]

    first = drawn()
    assert drawn() == first
    assert drawn(epoch=1)[0] != first[0]
    assert drawn(seed=1)[0] != first[0]
    plain = EventWindows(clips, window_us=20_000)
    assert first[0] != plain[0][0]
    assert EventWindows(clips, transform=AUGMENT)[0][0] != EventWindows(clips)[0][0]


@pytest.mark.filterwarnings("ignore:This DataLoader will create 4 worker processes")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded, use of fork")
@pytest.mark.parametrize(("workers", "start"), [(2, "fork"), (4, "fork"), (2, "spawn")])
def test_the_same_for_any_number_of_workers(clips, workers, start):
    windows = EventWindows(clips, window_us=10_000, transform=AUGMENT, to=VoxelGrid(bins=3))
    loader = DataLoader(
        windows,
        batch_size=3,
        num_workers=workers,
        multiprocessing_context=start,
        persistent_workers=True,
    )
    for epoch in (0, 1):
        windows.set_epoch(epoch)
        alone = torch.stack([windows[i][0] for i in range(len(windows))])  # opened before the fork
        assert torch.equal(torch.cat([grids for grids, _ in loader]), alone)


def test_events_and_time_first_in_a_loader(clips):
    batch = next(iter(DataLoader(EventWindows(clips), batch_size=4, collate_fn=collate_events)))
    assert batch.lengths.tolist() == [1500, 4000, 0, 900]
    assert batch.labels.tolist() == [1, 0, 1, -1]
    frames = EventWindows(clips, to=EventFrames(bins=5))
    planes, _ = next(iter(DataLoader(frames, batch_size=4, collate_fn=collate_time_first)))
    assert planes.shape == (5, 4, 2, 12, 16)


def test_a_part_of_a_dataset_and_a_pickled_one(clips):
    part = eventsim.open_dataset(clips).filter(label="walk")
    windows = EventWindows(part)
    assert len(windows) == 2
    assert windows.classes == ("run", "walk")  # numbers stay those of the whole dataset
    again = pickle.loads(pickle.dumps(windows))
    assert again[1][0] == windows[1][0] == part[1].events


def test_what_is_not_there_is_refused(clips, tmp_path):
    with pytest.raises(StoreError):
        EventWindows(tmp_path / "none.zarr")
    with pytest.raises(ConfigError, match="split"):
        EventWindows(clips, split="validation")
    with pytest.raises(IndexError, match="there are 4"):
        EventWindows(clips)[4]
    with pytest.raises(ConfigError, match="epoch"):
        EventWindows(clips).set_epoch(-1)
    with pytest.raises(ConfigError, match="transform is called with"):
        EventWindows(clips, transform=Flip)


def test_it_says_what_it_is(clips):
    assert repr(EventWindows(clips)).startswith("EventWindows(4 of a recording each, Dataset(4 ")
    assert "of 20,000 us each" in repr(EventWindows(clips, window_us=20_000))


def test_mixed_samples_carry_both_labels_and_the_weight(clips):
    whole = eventsim.open_dataset(clips).filter(id=("clip0", "clip1"))
    mixed = EventWindows(whole, mix=CutMix(), mix_probability=1.0, seed=3)
    plain = EventWindows(whole)
    seen = set()
    for epoch in range(12):
        mixed.set_epoch(epoch)
        events, label, other, weight = mixed[0]
        assert label == 1
        seen.add(other)
        if other == 0:  # the other recording begins 7 ms later; both are put on one time axis
            first, second = plain[0][0], plain[1][0]
            times = np.concatenate([first.t, second.t - 7000])
            assert np.isin(events.t, times).all()
            assert weight == pytest.approx(np.isin(events.t, first.t).mean(), abs=0.1)
    assert seen == {0, 1}
    never = EventWindows(whole, mix=CutMix(), mix_probability=0.0)
    assert never[1][1:] == (0, 0, 1.0)
    batch = next(iter(DataLoader(mixed, batch_size=2, collate_fn=collate_events)))
    assert len(batch.labels) == 3


@pytest.mark.parametrize("how", [{}, {"window_us": 9000}, {"count": 700, "stride": 300}])
def test_preloaded_windows_are_the_same(clips, how):
    plain = EventWindows(clips, to=VoxelGrid(3), **how)
    loaded = EventWindows(clips, to=VoxelGrid(3), preload=True, **how)
    assert len(plain) == len(loaded)
    for a, b in zip(plain, loaded, strict=True):
        assert torch.equal(a[0], b[0])
        assert a[1:] == b[1:]


def test_training_goes_on_in_the_middle_of_an_epoch(clips):
    def batches(sampler, epoch):
        windows = EventWindows(clips, window_us=5000, transform=AUGMENT, to=VoxelGrid(bins=2))
        windows.set_epoch(epoch)
        sampler.set_epoch(epoch)
        loader = DataLoader(windows, batch_size=4, sampler=sampler, num_workers=2)
        return [grids for grids, _ in loader]

    order = BlockShuffle(EventWindows(clips, window_us=5000), block=4, mixed=2, seed=5)
    whole = batches(order, 2)
    state = order.state_dict(samples_seen=3 * 4)  # three batches were trained on, and it was killed
    again = BlockShuffle(EventWindows(clips, window_us=5000), block=4, mixed=2, seed=5)
    again.load_state_dict(state)
    rest = batches(again, state["epoch"])
    assert len(whole) - len(rest) == 3
    assert all(torch.equal(a, b) for a, b in zip(whole[3:], rest, strict=True))


def test_a_transform_that_is_not_safe_for_the_labels_warns(clips, tmp_path):
    path = tmp_path / "clips.zarr"
    shutil.copytree(clips, path)
    add_attributes(path, {"about": {"not_label_safe": "Flip, Roll"}})
    with pytest.warns(LabelWarning, match="Flip may change the label"):
        EventWindows(path, transform=AUGMENT)
    EventWindows(path, transform=Thin())


def test_processes_share_an_epoch_by_torchs_own_sampler(clips):
    windows = EventWindows(clips, window_us=5000)
    parts = [list(DistributedSampler(windows, num_replicas=3, rank=rank)) for rank in range(3)]
    assert len({len(part) for part in parts}) == 1
    assert set().union(*parts) == set(range(len(windows)))
