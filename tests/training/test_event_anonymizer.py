"""The encoder: its codes, and that it learns."""

import pytest
import torch

from eventsim.errors import ConfigError
from eventsim.training import EventAnonymizer


def test_each_bin_is_coded_by_itself_between_0_and_1():
    torch.manual_seed(1)
    encoder, grids = EventAnonymizer(channels=3, coarser=2), torch.randn(2, 5, 12, 16)
    codes = encoder(grids)
    assert codes.shape == (2, 5, 3, 6, 8)
    assert 0 <= codes.min() < codes.max() <= 1
    other = grids.clone()
    other[:, 2] += 1
    changed = (encoder(other) != codes).flatten(2).any(dim=(0, 2))
    assert changed.tolist() == [False, False, True, False, False]


def test_it_can_be_trained_and_saved(tmp_path):
    encoder = EventAnonymizer()
    encoder(torch.randn(2, 4, 16, 16)).sum().backward()
    assert all(weight.grad is not None for weight in encoder.parameters())
    torch.save(encoder.state_dict(), tmp_path / "weights.pt")
    again = EventAnonymizer()
    again.load_state_dict(torch.load(tmp_path / "weights.pt", weights_only=True))
    grids = torch.randn(1, 2, 16, 16)
    assert torch.equal(again(grids), encoder(grids))


@pytest.mark.parametrize("bad", [{"coarser": 3}, {"coarser": 0}, {"channels": 0}, {"width": 0}])
def test_numbers_that_make_no_sense(bad):
    with pytest.raises(ConfigError, match=next(iter(bad))):
        EventAnonymizer(**bad)
