"""Numbers of a dataset, added up by hand from its events."""

import pytest

from eventsim.card.statistics import gather_statistics
from eventsim.pipeline.image_plan import I2EMethod, plan_images
from eventsim.pipeline.run import run
from eventsim.planes.settings import make_i2e_settings
from eventsim.store.reader import open_dataset


def test_numbers(corpus):
    found = gather_statistics(corpus / "out.zarr")
    dataset = open_dataset(corpus / "out.zarr")
    assert list(found.by_split) == ["train", "test"]
    assert list(found.by_class) == ["run|x", "walk"]
    for numbers, recordings in (
        (found.whole, list(dataset)),
        (found.by_split["train"], list(dataset.filter(split="train"))),
        (found.by_class["walk"], list(dataset.filter(label="walk"))),
    ):
        events = [recording.events for recording in recordings]
        total = sum(map(len, events))
        assert (numbers.samples, numbers.events) == (len(events), total)
        assert numbers.on_share == pytest.approx(sum(int(e.p.sum()) for e in events) / total)
        shares = [sum(int((e.kind == k).sum()) for e in events) / total for k in range(5)]
        assert list(numbers.kind_shares.values()) == pytest.approx(shares)
        assert numbers.seconds == pytest.approx(0.19 * len(events))
        assert numbers.rate_hz == pytest.approx(total / (32 * 24 * 0.19 * len(events)))
        counts = sorted(map(len, events))
        assert (numbers.quartiles[0], numbers.quartiles[-1]) == (counts[0], counts[-1])
    assert found.sizes == ((32, 24),)


def test_planes(corpus, tmp_path):
    import cv2
    import numpy as np

    for k in range(3):
        (tmp_path / "cat").mkdir(exist_ok=True)
        picture = np.random.default_rng(k).integers(0, 256, (8, 9), np.uint8)
        cv2.imwrite(str(tmp_path / "cat" / f"{k}.png"), picture)
    out = tmp_path / "p.zarr"
    run(plan_images([str(tmp_path / "cat")], I2EMethod(make_i2e_settings())), out, threads=1)
    found = gather_statistics(out)
    assert found.whole.events == int(open_dataset(out).ones.sum())
    assert (found.whole.seconds, found.whole.rate_hz, found.whole.on_share) == (0, None, None)
