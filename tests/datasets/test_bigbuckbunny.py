"""The shipped clip is what its card says."""

import hashlib
import tomllib
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

FOLDER = Path(__file__).parents[2] / "datasets"


@pytest.fixture(scope="module")
def card() -> dict:
    return tomllib.loads((FOLDER / "bigbuckbunny.toml").read_text())


@pytest.fixture(scope="module")
def frames(card: dict) -> list[av.VideoFrame]:
    with av.open(str(FOLDER / card["file"])) as container:
        assert not container.streams.audio
        return list(container.decode(video=0))


def test_bytes_are_those_of_the_card(card: dict):
    data = (FOLDER / card["file"]).read_bytes()
    assert len(data) == card["content"]["bytes"] < 500_000
    assert hashlib.sha256(data).hexdigest() == card["content"]["sha256"]


def test_frames_are_those_of_the_card(card: dict, frames: list[av.VideoFrame]):
    content = card["content"]
    assert len(frames) == content["frames"]
    assert {(frame.width, frame.height) for frame in frames} == {
        (content["width"], content["height"])
    }
    times_us = [round(frame.time * 1e6) for frame in frames]
    assert (times_us[0], times_us[-1]) == (content["first_us"], content["last_us"])
    np.testing.assert_allclose(np.diff(times_us), 1e6 / content["frame_rate_hz"], atol=1)


def test_something_moves_all_the_time(frames: list[av.VideoFrame]):
    luma = [frame.to_ndarray()[: frame.height : 4, ::4].astype(int) for frame in frames]
    moved = [np.mean(np.abs(b - a) > 8) for a, b in pairwise(luma)]
    assert np.min(moved) > 0.01  # a repeated frame moves less than a thousandth


def test_licence_and_attribution_are_there(card: dict):
    assert card["licence"]["name"] == "CC BY 3.0"
    assert "Blender Foundation" in card["licence"]["attribution"]
    assert card["made"]["changes"]
