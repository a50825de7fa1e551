"""A measurement comes back as it was, and only for the very same clips."""

from dataclasses import fields, replace

import numpy as np

from eventsim.privacy.kept import KeptMeasurements
from eventsim.privacy.measure import Measured, Shown
from eventsim.privacy.ways import NOTHING, RAW


def test_it_comes_back(clips, tmp_path):
    values = {f.name: 0.1 * k for k, f in enumerate(fields(Measured))}
    measured = Measured(**values | {"attribute_naive": float("nan")})
    shown = Shown(*(np.full((3, 2), k / 7) for k in range(5)))
    kept = KeptMeasurements(tmp_path / "kept", clips[:4], 1)
    assert kept.load(RAW) is None
    kept.save(RAW, measured, shown)
    found = kept.load(RAW)
    np.testing.assert_equal(vars(found[0]), vars(measured))
    np.testing.assert_equal(vars(found[1]), vars(shown))
    assert kept.load(NOTHING) is None
    assert kept.load(replace(RAW, shares_key=True)) is None
    assert KeptMeasurements(tmp_path / "kept", clips[:4], 2).load(RAW) is None
    assert KeptMeasurements(tmp_path / "kept", clips[:3], 1).load(RAW) is None
    assert [path.suffix for path in (tmp_path / "kept").iterdir()] == [".npz"]
