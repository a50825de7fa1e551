"""The attack tried: an order that stays is found, one that changes is not."""

from eventsim.privacy.fixed_order import attack_orders, moving_texture


def test_an_order_that_stays_is_found_and_one_that_changes_is_not():
    events = moving_texture(1, seconds=20)
    found = {broken.words: broken for broken in attack_orders(events, 1)}
    stays = found["PermutePixels(block_px=None, rekey_us=None)"]
    assert stays.events == len(events)
    assert stays.near > 0.9
    assert stays.exact > 0.2
    assert found["ChaoticScramble(r=3.99, rekey_us=None)"].near > 0.9
    changes = found["PermutePixels(block_px=None, rekey_us=10000)"]
    assert changes.exact < 0.01
    assert changes.near < 0.05


def test_the_texture_moves_everywhere():
    events = moving_texture(1, seconds=1)
    assert len(set(zip(events.x.tolist(), events.y.tolist(), strict=True))) == 32 * 32
    assert moving_texture(2, seconds=1) != events
