"""The PyTorch module against the CPU kernels: the same bits."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import eventsim
from eventsim.errors import ConfigError
from eventsim.planes.i2e import i2e_events
from eventsim.planes.settings import I2ESettings
from eventsim.training.epochs import epoch_seed
from eventsim.training.i2e import I2E

torch.set_num_threads(1)


def some_images(seed, shape, dtype):
    rng = np.random.default_rng(seed)
    if dtype == "uint8":
        return rng.integers(0, rng.integers(2, 257), shape, dtype=np.uint8)
    return rng.random(shape, np.float32)


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
@pytest.mark.parametrize("order", range(6))
def test_module_kernel_and_event_list_agree_on_images_of_odd_sizes(dtype, order):
    for seed in range(12):  # 7 images each: with all orders and both types, 1,008
        height, width = 3 + 2 * seed, 37 - 2 * seed
        images = some_images(seed, (7, 1 + 2 * (seed % 2), height, width), dtype)
        chosen = {"ratio": 0.03 + 0.05 * seed, "order": order, "directions": "random"}
        module = I2E(**chosen, seed=seed)
        planes = module(torch.from_numpy(images), torch.arange(7)).numpy()
        kernel = eventsim.i2e(images, **chosen, seed=seed)
        assert planes.dtype == (np.uint8 if dtype == "uint8" else np.float32)
        assert np.array_equal(planes, kernel)
        for events, wanted in zip(
            i2e_events(images, I2ESettings(**chosen), seed=seed), kernel, strict=True
        ):
            again = np.zeros_like(wanted)
            again[events.t // 1000, events.p.astype(int), events.y, events.x] = 1
            assert np.array_equal(again, wanted)


@given(
    seed=st.integers(0, 2**31),
    height=st.integers(1, 15),
    width=st.integers(1, 15),
    dtype=st.sampled_from(["uint8", "float32"]),
    padding=st.sampled_from(["replicate", "reflect", "zero"]),
    rate=st.one_of(st.none(), st.floats(0.001, 0.5)),
)
@settings(max_examples=80, deadline=None)
def test_they_agree_for_every_padding_and_wanted_rate(seed, height, width, dtype, padding, rate):
    images = some_images(seed, (2, 3, height, width), dtype)
    chosen = {"padding": padding, "rate": rate}
    planes = I2E(**chosen)(torch.from_numpy(images)).numpy()
    assert np.array_equal(planes, eventsim.i2e(images, **chosen))


def test_thresholds_that_are_just_reached_agree():
    # ratio * range is a whole number for many ranges: a comparison that rounds would differ.
    images = np.tile(np.arange(256, dtype=np.uint8), (255, 1, 1, 1))
    for i in range(255):
        images[i] = np.minimum(images[i], i + 1)
    images = images.reshape(255, 1, 16, 16)
    for ratio in (0.04, 0.1, 0.12, 0.2, 0.28, 1.0):
        module = I2E(ratio)(torch.from_numpy(images)).numpy()
        assert np.array_equal(module, eventsim.i2e(images, ratio))


def test_epochs_draw_other_directions_and_batches_do_not_matter():
    images = torch.from_numpy(some_images(0, (6, 1, 20, 20), "uint8"))
    module = I2E(directions="random", seed=3)
    numbers = torch.arange(6)
    whole = module(images, numbers, epoch=1)
    assert not torch.equal(whole, module(images, numbers, epoch=2))
    parts = torch.cat([module(images[a:b], numbers[a:b], epoch=1) for a, b in ((0, 1), (1, 6))])
    assert torch.equal(whole, parts)
    kernel = eventsim.i2e(images.numpy(), directions="random", seed=epoch_seed(3, 1))
    assert np.array_equal(whole.numpy(), kernel)


def test_without_numbers_the_module_counts_and_a_checkpoint_goes_on():
    images = torch.from_numpy(some_images(0, (4, 1, 20, 20), "uint8"))
    module = I2E(directions="random")
    first, second = module(images), module(images)
    assert not torch.equal(first, second)
    assert torch.equal(second, I2E(directions="random")(images, torch.arange(4, 8)))
    again = I2E(directions="random")
    module2 = I2E(directions="random")
    module2(images)
    again.load_state_dict(module2.state_dict())
    assert torch.equal(again(images), second)


@pytest.mark.parametrize(
    ("images", "words"),
    [
        (torch.zeros(2, 4, 8, 8), "found"),
        (torch.zeros(2, 1, 0, 8), "found"),
        (torch.zeros(2, 1, 8, 8, dtype=torch.int64), "int64"),
        (torch.full((2, 1, 8, 8), torch.nan), "NaN"),
    ],
)
def test_wrong_images_are_refused(images, words):
    with pytest.raises(ConfigError, match=words):
        I2E()(images)


def test_wrong_sample_numbers_are_refused():
    with pytest.raises(ConfigError, match="samples must be 2"):
        I2E()(torch.zeros(2, 1, 8, 8), torch.arange(3))


def test_a_printed_model_shows_the_settings():
    assert "ratio=0.3" in repr(torch.nn.Sequential(I2E(0.3)))
