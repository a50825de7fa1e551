"""On the fly: every sample is a function of (seed, epoch, index), whoever makes it."""

import numpy as np
import pytest
import torch
from scipy import stats
from torch.utils.data import DataLoader

import eventsim
from eventsim.errors import ConfigError
from eventsim.motion.from_settings import MotionSettings, moved_image
from eventsim.planes.directions import CHOICES
from eventsim.random import Draws
from eventsim.representations import VoxelGrid
from eventsim.training import I2E, ImageEvents, IndexedImages
from eventsim.training.epochs import epoch_seed, sample_seed
from eventsim.transforms import Thin

torch.set_num_threads(1)
IMAGES = [
    (image, k % 3)
    for k, image in enumerate(np.random.default_rng(0).integers(0, 256, (12, 9, 8, 3), np.uint8))
]
# From here, an ON event at the center says which neighbor was looked at: a single bright pixel.
SPOT = np.zeros((7, 7), np.uint8)
SPOT[3, 3] = 255


def add_seed(values, seed):
    """Make an image another one, as a function of the number that it is given."""
    return values ^ np.uint8(seed & 0xFF)


def epoch_of(dataset, workers, **options):
    loader = DataLoader(dataset, batch_size=5, num_workers=workers, **options)
    return torch.cat([planes for planes, _ in loader])


def test_planes_are_those_of_i2e_of_the_resized_image():
    dataset = ImageEvents([IMAGES[4]], size=(16, 18), ratio=0.2, seed=3)
    from eventsim.stills.resizing import resize_image

    resized = resize_image(IMAGES[4][0], (16, 18)).transpose(2, 0, 1)
    expected = eventsim.i2e(resized[None], 0.2, directions="random", seed=3)[0]
    planes, label = dataset[0]
    assert np.array_equal(planes.numpy(), expected)
    assert label == 1


@pytest.mark.filterwarnings("ignore:This DataLoader will create 4 worker processes")
@pytest.mark.parametrize("method", ["i2e", "saccade"])
def test_the_same_for_any_number_of_workers_and_different_in_each_epoch(method):
    moved = {"sensor": "ideal", "noise": "v2e-noisy", "path": "random-walk", "size": (9, 8)}
    options = {"i2e": {}, "saccade": {**moved, "duration_us": 20_000}}[method]
    dataset = ImageEvents(IMAGES, method=method, seed=1, augment=add_seed, **options)
    alone = [torch.stack([dataset[i][0] for i in range(12)])]
    dataset.set_epoch(1)
    alone.append(torch.stack([dataset[i][0] for i in range(12)]))
    assert not torch.equal(*alone)
    for workers in (2, 4):
        dataset.set_epoch(0)
        loader = DataLoader(dataset, batch_size=5, num_workers=workers, persistent_workers=True)
        for epoch in (0, 1):
            dataset.set_epoch(epoch)
            assert torch.equal(torch.cat([planes for planes, _ in loader]), alone[epoch])
    dataset.set_epoch(0)
    assert torch.equal(epoch_of(dataset, 0), alone[0])


def test_spawned_workers_make_the_same():
    dataset = ImageEvents(IMAGES[:4], seed=1)
    dataset.set_epoch(2)
    expected = torch.stack([dataset[i][0] for i in range(4)])
    assert torch.equal(epoch_of(dataset, 1, multiprocessing_context="spawn"), expected)


def test_directions_are_drawn_uniformly_through_the_loader():
    """The first group compares a pixel with its right neighbor in six ways, three rows of two."""
    n = 1200
    dataset = ImageEvents([(SPOT, 0)] * n, order=0, seed=7)
    planes = epoch_of(dataset, 2)[:, 0, 1]  # ON of the first plane: one pixel each
    assert (planes.sum(dim=(1, 2)) == 1).all()
    where = planes.reshape(n, -1).argmax(dim=1).numpy()
    counts = np.unique(where, return_counts=True)[1]
    assert len(counts) == len(CHOICES[0])
    assert stats.chisquare(counts).pvalue > 1e-3
    dataset.set_epoch(1)
    again = epoch_of(dataset, 2)[:, 0, 1].reshape(n, -1).argmax(dim=1).numpy()
    table = stats.contingency.crosstab(where, again).count
    assert stats.chi2_contingency(table).pvalue > 1e-3  # epochs are independent


def test_whole_batches_on_a_device_are_equal():
    dataset = ImageEvents(IMAGES, ratio=0.1, seed=5)
    dataset.set_epoch(3)
    module = I2E(0.1, directions="random", seed=5)
    for images, labels, index in DataLoader(IndexedImages(IMAGES), batch_size=7, shuffle=True):
        planes = module(images, index, epoch=3)
        for k, i in enumerate(index.tolist()):
            expected, label = dataset[i]
            assert torch.equal(planes[k], expected)
            assert labels[k] == label


def test_saccades_are_recordings_of_the_simulator():
    motion = {"path": "square", "amplitude_px": 3.0, "loops": 1}
    chosen = {"sensor": "dvs128", "noise": "card", "leak_rate_hz": 2}
    options = {"method": "saccade", "size": (9, 8), "seed": 2, "bins": 4, **motion, **chosen}
    counted, whole = ImageEvents(IMAGES, **options), ImageEvents(IMAGES, as_events=True, **options)
    counted.set_epoch(1)
    whole.set_epoch(1)
    seed = sample_seed(2, 1, 6)
    source = moved_image(IMAGES[6][0], MotionSettings(**motion), size=(9, 8), seed=seed)
    events = eventsim.simulate(source, seed=seed, **chosen)
    frames = counted[6][0]
    assert frames.shape == (4, 2, 8, 9)
    assert frames.sum() == len(events) > 0
    assert frames[:, 1].sum() == events.p.sum()
    assert whole[6][0] == events


def test_events_of_i2e():
    dataset = ImageEvents(IMAGES, as_events=True, seed=4)
    frames = ImageEvents(IMAGES, seed=4)
    events, _ = dataset[2]
    assert isinstance(events, eventsim.Events)
    assert len(events) == frames[2][0].sum()


def test_seeds_of_i2e_are_those_of_the_batch_function():
    dataset = ImageEvents([(image[:, :, 0], label) for image, label in IMAGES], seed=9)
    dataset.set_epoch(1)
    batch = np.stack([image[None, :, :, 0] for image, _ in IMAGES])
    expected = eventsim.i2e(batch, directions="random", seed=epoch_seed(9, 1))
    assert all(np.array_equal(dataset[i][0], expected[i]) for i in range(12))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"method": "gan"}, "'gan'"),
        ({"sensor": "ideal"}, "no camera"),
        ({"ratio": 2}, "ratio"),
        ({"method": "saccade", "ratio": 0.1}, "ratio"),
        ({"method": "saccade", "sensor": "idael"}, "ideal"),
        ({"bins": 0}, "bins"),
    ],
)
def test_wrong_options_are_refused(options, words):
    with pytest.raises(ConfigError, match=words):
        ImageEvents(IMAGES, **options)


def test_wrong_places_and_epochs():
    dataset = ImageEvents(IMAGES)
    with pytest.raises(IndexError):
        dataset[12]
    with pytest.raises(IndexError):
        IndexedImages(IMAGES)[-13]
    with pytest.raises(ConfigError, match="epoch"):
        dataset.set_epoch(-1)
    assert dataset.epoch == 0


def test_events_of_moved_images_are_transformed_and_represented():
    how = {"method": "saccade", "sensor": "ideal", "path": "random-walk", "duration_us": 20_000,
           "size": (9, 8), "seed": 2}  # fmt: skip
    plain = ImageEvents(IMAGES, as_events=True, **how)
    thinned = ImageEvents(IMAGES, as_events=True, transform=Thin(0.5), **how)
    assert thinned[3][0] == Thin(0.5)(plain[3][0], Draws.of(2, 0, 3).child(0))
    grid, label = ImageEvents(IMAGES, to=VoxelGrid(4), **how)[3]
    assert grid.shape == (4, 2, 8, 9)
    assert float(grid.sum()) == pytest.approx(len(plain[3][0]), abs=0.01)
    assert label == 0
    for more in ({"transform": Thin()}, {"to": VoxelGrid()}):
        with pytest.raises(ConfigError, match="Augment the images"):
            ImageEvents(IMAGES, **more)
