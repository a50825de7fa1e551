"""A build is held against its card."""

import numpy as np
import pytest

import eventsim
from eventsim.pipeline.building import build
from eventsim.pipeline.cards import DatasetCard
from eventsim.pipeline.image_plan import ImageInput

IMAGES = np.random.default_rng(0).integers(0, 256, (12, 8, 8), dtype=np.uint8)


def make_card(method="i2e", **expected):
    """A card of 8x8 images with what is expected of the train split."""
    parts = {
        "i2e": {"i2e": {"ratio": 0.3}},
        "saccade": {"motion": {"path": "square", "loops": 1}, "camera": {"sensor": "ideal"}},
    }[method]
    common = {"tolerance": 0.01, "samples": 12, "source": "by hand"}
    return DatasetCard(
        title="Noise", description="White noise, 8x8 px.", citation="Nobody, 2026.",
        license={"name": "none", "url": "https://example.org"}, images="In the test itself.",
        converter="idx_to_events", method=method, size=(8, 8),
        expect={"train": {**common, **expected}}, **parts,
    )  # fmt: skip


@pytest.fixture
def inputs(tmp_path):
    np.savez(tmp_path / "a.npz", x_train=IMAGES, x_test=IMAGES[:3])
    return [ImageInput(str(tmp_path / "a.npz"), split=split) for split in ("train", "test")]


def test_what_is_as_expected(inputs, tmp_path):
    rate = 100 * eventsim.i2e(IMAGES, 0.3).mean()
    summary, findings = build(make_card(rate_percent=rate), inputs, tmp_path / "o.zarr")
    assert summary.samples == 15
    assert [finding.good for finding in findings] == [True, True]
    assert findings[0].words == "train: 12 samples, as expected"
    assert f"event density {rate:.3f} %" in findings[1].words


def test_what_is_not(inputs, tmp_path):
    rate = 100 * eventsim.i2e(IMAGES, 0.3).mean()
    card = make_card(rate_percent=rate + 0.02, samples=13)
    _, findings = build(card, inputs, tmp_path / "o.zarr")
    assert [finding.good for finding in findings] == [False, False]
    assert "expected 13" in findings[0].words


def test_a_part_of_the_images_is_only_compared(inputs, tmp_path):
    rate = 100 * eventsim.i2e(IMAGES[:4], 0.3).mean()
    card = make_card(rate_percent=rate + 0.02)
    _, findings = build(card, inputs, tmp_path / "o.zarr", limit=4)
    (finding,) = findings
    assert finding.good
    assert "not all images" in finding.words


def test_events_of_moved_images(inputs, tmp_path):
    card = make_card("saccade", events_per_recording=500, tolerance=1e6)
    summary, findings = build(card, inputs[:1], tmp_path / "o.zarr")
    assert findings[1].good
    mean = summary.events / summary.recordings
    assert f"train: {mean:,.0f} events per recording" in findings[1].words
