"""The exception tree: one root, and the built-in errors that callers would look for."""

import inspect
import re

import pytest
from pydantic import ValidationError

from eventsim import errors
from eventsim.errors import first_complaint, nearest
from eventsim.pipeline.cards import License
from eventsim.pixel.settings import PixelSettings

CLASSES = {
    name: value
    for name, value in vars(errors).items()
    if inspect.isclass(value) and value.__module__ == errors.__name__
}
PARENTS = {
    "EventSimError": (Exception,),
    "ConfigError": (errors.EventSimError, ValueError),
    "EventError": (errors.EventSimError, ValueError),
    "TimeOrderError": (errors.EventError,),
    "OutsideSensorError": (errors.EventError,),
    "SourceError": (errors.EventSimError, OSError),
    "StoreError": (errors.EventSimError,),
    "StoreExistsError": (errors.StoreError,),
    "PartTakenError": (errors.StoreError,),
    "UnfinishedStoreError": (errors.StoreError,),
    "DamagedStoreError": (errors.StoreError,),
}


@pytest.mark.parametrize("name", PARENTS)
def test_parents(name):
    assert CLASSES[name].__bases__ == PARENTS[name]


@pytest.mark.parametrize("name", CLASSES)
def test_every_error_is_an_eventsim_error_that_keeps_its_message(name):
    error = CLASSES[name]("expected this, found that, do so")
    assert isinstance(error, errors.EventSimError)
    assert str(error) == "expected this, found that, do so"


def test_the_tree_in_the_docstring_is_the_tree():
    drawn = re.findall(r"^([ |`-]*)(\w+Error)\b(?: \((\w+)\))?", errors.__doc__, re.MULTILINE)
    assert {name for _, name, _ in drawn} == set(CLASSES)
    ancestors = {}
    for indent, name, builtin in drawn:
        depth = len(indent)
        parent = ancestors.get(max((d for d in ancestors if d < depth), default=None))
        ancestors = {d: n for d, n in ancestors.items() if d < depth} | {depth: name}
        drawn_bases = [b for b in (parent, builtin) if b] or ["Exception"]
        assert [base.__name__ for base in CLASSES[name].__bases__] == drawn_bases


def test_the_nearest_of_the_known_words():
    assert nearest("davis34", ["davis346", "dvs128"]) == "Did you mean 'davis346'?"
    assert nearest("stcf", ["EBF", "STCF", "OrderN"]) == "Did you mean 'STCF'?"
    assert nearest("zzzzzz", ["b", "a"]) == "Known: a, b."
    assert nearest("zzzzzz", ["b", "a"], "Ask.") == "Ask."


def test_the_first_complaint_says_where_what_and_what_was_found():
    with pytest.raises(ValidationError) as caught:
        PixelSettings(leak_rate_hz=-1, threshold_mismatch="x")
    assert first_complaint(caught.value).startswith("threshold_mismatch: ")
    assert first_complaint(caught.value).endswith(", found 'x'")
    with pytest.raises(ValidationError) as caught:
        PixelSettings(hot_pixel_fraction=0.1)
    assert first_complaint(caught.value).startswith("a hot_pixel_fraction of 0.1 needs")
    with pytest.raises(ValidationError) as caught:
        License(url="https://example.org", note=3)
    assert first_complaint(caught.value) == "name: Field required"
