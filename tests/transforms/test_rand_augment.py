"""As strong as one number says."""

import pytest

from eventsim.errors import ConfigError
from eventsim.random import Draws
from eventsim.transforms import RandAugment
from eventsim.transforms.rand_augment import transforms_of


def test_no_strength_and_no_transform_change_nothing(many):
    for seed in range(20):
        assert RandAugment(3, 0.0)(many, Draws.of(seed)) == many
    assert RandAugment(0, 1.0)(many, Draws.of(0)) == many


def test_more_strength_changes_more(many):
    def left(strength):
        return sum(len(RandAugment(1, strength)(many, Draws.of(seed))) for seed in range(60))

    assert 60 * len(many) > left(0.1) > left(0.5) > left(1.0)


def test_all_are_chosen(many):
    results = [RandAugment(1, 0.5)(many, Draws.of(0, 0, i)) for i in range(80)]
    for k, transform in enumerate(transforms_of(0.5, many.size)):
        made = [transform(many, Draws.of(0, 0, i).child(0)) for i in range(80)]
        assert any(a == b for a, b in zip(results, made, strict=True)), (k, transform)


def test_settings_that_make_no_sense_are_refused():
    with pytest.raises(ConfigError, match="strength"):
        RandAugment(strength=2)
    with pytest.raises(ConfigError, match="count"):
        RandAugment(count=-1)
