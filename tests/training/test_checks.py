"""What is called with every sample."""

import pytest

from eventsim.errors import ConfigError
from eventsim.representations import VoxelGrid
from eventsim.training.checks import check_called
from eventsim.transforms import CutMix, Flip


def test_what_can_be_called_passes():
    check_called(transform=Flip(), mix=CutMix(), to=VoxelGrid())
    check_called(transform=lambda events, rng: events, mix=None, to=max)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("transform", Flip),
        ("transform", "Flip"),
        ("transform", CutMix()),
        ("mix", Flip()),
        ("to", VoxelGrid),
        ("to", lambda events: events),
    ],
)
def test_all_else_is_refused_with_an_example(name, value):
    with pytest.raises(ConfigError, match=f"{name} is called with .* such as"):
        check_called(**{name: value})
