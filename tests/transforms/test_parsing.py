"""Transforms in one line."""

import pytest

import eventsim.denoise as filters
import eventsim.transforms as package
from eventsim.errors import ConfigError
from eventsim.transforms import Compose, Flip, Rotate, Sometimes, Translate, published
from eventsim.transforms.parsing import (
    filter_names,
    parse_filter,
    parse_transform,
    parse_transforms,
)


@pytest.mark.parametrize(
    "transform",
    [
        Flip("y"),
        Rotate((-10.0, 10.0), center="events"),
        Translate(-3, (0.5, 2)),
        Compose((Sometimes(Flip(), 0.25), package.Thin(0.1))),
        published.nda(),
        package.Crop((4, 3)),
        package.SensorNoise(),
    ],
)
def test_what_is_written_down_is_read_again(transform):
    assert parse_transform(repr(transform)) == transform


def test_names_alone_and_published_sets():
    assert parse_transform("Flip") == Flip()
    assert parse_transform(" Sometimes(Flip, 0.3) ") == Sometimes(Flip(), 0.3)
    assert parse_transform("event_drop") == published.event_drop()
    assert parse_transform("nda(shift_px=3, angle_deg=15)") == published.nda(3, 15)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Flop", "Did you mean 'Flip'"),
        ("Rotate(angle=3)", "unexpected keyword argument 'angle'"),
        ("Thin(share=2)", "share must be"),
        ("__import__('os').getcwd()", "found __import__"),
        ("Thin(open('x'))", "no transform called 'open'"),
        ("Thin(1 if 1 else 0)", "arguments must be"),
        ("3", "expected a transform"),
        ("Flip(", "is written as"),
        ("CutMix", "expected a transform"),
        ("Compose(3)", "is called with"),
        ("", "is written as"),
    ],
)
def test_all_else_is_refused_in_one_line(text, words):
    with pytest.raises(ConfigError, match=words):
        parse_transform(text)


def test_several_lines_are_one_transform():
    assert parse_transforms(["Flip"]) == Flip()
    assert parse_transforms(["Flip", "Rotate(3)"]) == Compose((Flip(), Rotate(3)))


def test_the_names_of_filters_are_those_of_the_package():
    names = filter_names()
    assert {"BAF", "STCF", "MLPF", "GraphFilter"} <= set(names) <= set(filters.__all__)
    assert [type(parse_filter(name)).__name__ for name in names] == names
    assert "Denoiser" not in names
