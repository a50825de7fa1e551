"""`eventsim compare`, as it is typed."""

import json

import numpy as np
import pytest

from eventsim.cli.main import main
from eventsim.store.reader import open_dataset


@pytest.fixture(scope="module")
def datasets(tmp_path_factory):
    """Shapes before two cameras."""
    from eventsim.camera import choose_camera
    from eventsim.motion.settings import MotionSettings
    from eventsim.pipeline.image_plan import SaccadeMethod, plan_images
    from eventsim.pipeline.run import run
    from eventsim.stills.shapes import draw_shapes

    folder = tmp_path_factory.mktemp("datasets")
    images, labels = draw_shapes(30, side_px=14, seed=2)
    np.savez(folder / "shapes.npz", x_train=images, y_train=labels)
    motion = MotionSettings(amplitude_px=3, duration_us=100_000)
    for name, threshold in (("a", 0.2), ("b", 0.2), ("c", 0.4)):
        camera = choose_camera("ideal", overrides={"contrast_threshold_on": threshold,
                                                   "leak_rate_hz": 1.0})  # fmt: skip
        plan = plan_images([folder / "shapes.npz"], SaccadeMethod(motion, camera), seed=ord(name))
        run(plan, folder / f"{name}.zarr")
    return folder


def test_a_table_a_picture_and_a_file(datasets, tmp_path, capsys):
    command = ["compare", str(datasets / "a.zarr"), str(datasets / "c.zarr"), "--paired"]
    command += [str(tmp_path / "c.png"), "--report", str(tmp_path / "c.json")]
    assert main(command) == 0
    out = capsys.readouterr().out
    for words in ("30 real and 30 simulated recordings of 100 ms", "ON share", "told apart by",
                  "readout, jointly", "correlation of events"):  # fmt: skip
        assert words in out
    assert (tmp_path / "c.png").read_bytes()[:4] == b"\x89PNG"
    found = json.loads((tmp_path / "c.json").read_text())
    rows = {row["name"]: row for row in found["statistics"]}
    # With twice the threshold a bit less than half as many ON events, and as many OFF.
    assert 0.5 < rows["ON rate"]["distance"] < 0.9
    assert rows["OFF rate"]["distance"] < 0.1
    assert found["auc"]["on shares"] > 0.9
    real = open_dataset(datasets / "a.zarr")
    assert rows["events per piece"]["real"] == pytest.approx(
        np.mean([len(r) for r in real]), rel=0.02
    )


def test_quiet_limits_and_splits(datasets, capsys):
    pair = [str(datasets / "a.zarr"), str(datasets / "b.zarr")]
    assert main(["compare", *pair, "--quiet"]) == 0
    assert capsys.readouterr().out == ""
    assert main(["compare", *pair, "--limit", "12", "--duration-ms", "50"]) == 0
    assert "12 real and 12 simulated recordings of 50 ms" in capsys.readouterr().out
    assert main(["compare", *pair, "--split", "train"]) == 0
    assert "30 real" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--split", "test"], "no sample has the split 'test'"),
        (["x.jpeg"], "expected a name with .png"),
        (["no/folder/x.png"], "there is no folder"),
        (["--report", "x.txt"], "expected a name with .json"),
        (["--limit", "0"], "limit must be 1 or more"),
        (["--limit", "5"], "needs 10 pieces a side"),
        (["--duration-ms", "1"], "10 ms or more"),
    ],
)
def test_what_is_wrong_is_one_line(datasets, words, complaint, capsys):
    pair = [str(datasets / "a.zarr"), str(datasets / "b.zarr")]
    assert main(["compare", *pair, *words]) == 2
    error = capsys.readouterr().err
    assert complaint in error
    assert error.count("\n") == 1
