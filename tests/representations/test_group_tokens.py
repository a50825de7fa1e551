"""Tokens, by hand."""

import numpy as np
import pytest

from eventsim.errors import ConfigError
from eventsim.events import Events
from eventsim.representations import GroupTokens


def test_an_event_is_counted_in_its_group_and_its_patch():
    # (x, y) = (5, 6) of 4x4 patches: patch row 1, column 1; place 2 * 4 + 1 = 9 in it.
    one = Events.of([30], [5], [6], [True], size=(10, 8))
    tokens = GroupTokens(bins=4, patch_px=4)(one, 0, 80)
    assert tokens.shape == (2 * 4 * 2 * 16, 2, 3)
    groups = tokens.reshape(2, 4, 2, 16, 2, 3)
    assert groups[0, 1, 1, 9, 1, 1] == 1
    assert groups[1, 1, 1, 9, 1, 1] == pytest.approx(30 / 80)
    assert np.count_nonzero(tokens) == 2


def test_the_published_number_of_channels():
    # 32 channels for each of 24 of the authors' ``embed_split``.
    assert GroupTokens(bins=12)(Events.empty((128, 128))).shape == (768, 32, 32)


def test_settings_that_make_no_sense_are_refused():
    with pytest.raises(ConfigError, match="patch_px"):
        GroupTokens(patch_px=0)
