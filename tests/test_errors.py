"""The exception tree: one root, and the built-in errors that callers would look for."""

import inspect
import re

import pytest

from eventsim import errors

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
