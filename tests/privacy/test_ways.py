"""All methods are in the report."""

import eventsim.transforms as transforms
from eventsim.privacy.ways import NOTHING, RAW, all_ways
from eventsim.transforms import keyed


def test_every_method_that_anonymizes_is_compared():
    used = {type(method).__name__ for way in all_ways() for method in way.methods}
    classes = {name: getattr(transforms, name) for name in transforms.__all__}
    classes |= {name: getattr(keyed, name) for name in keyed.__all__}
    meant = {name for name, value in classes.items() if hasattr(value, "leaves")}
    assert used - {"Thin"} == meant - {"Thin", "Refractory"}  # RateCap is the stronger of its kind
    assert len(meant) >= 15


def test_both_ends():
    ways = all_ways()
    assert ways[0] == RAW
    assert ways[-1] == NOTHING
    assert RAW.words == "raw"
    assert not RAW.is_keyed
    assert any(way.is_keyed for way in ways)
