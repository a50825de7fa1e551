"""The file itself is tried in test_write; here: a dataset that lacks nearly everything."""

from eventsim.card.about import About
from eventsim.card.readme import FAILURES_SHOWN, write_readme
from eventsim.card.statistics import gather_statistics
from eventsim.store.dataset import create_dataset
from eventsim.store.finish import finish
from eventsim.store.reader import open_dataset
from eventsim.store.writer import PartWriter


def test_an_empty_dataset(tmp_path):
    path = tmp_path / "o.zarr"
    create_dataset(path, {"version": "0", "seed": 1}, parts=2)
    writer = PartWriter(path, 0)
    for k in range(FAILURES_SHOWN + 7):
        writer.fail_recording("broken | bad", source=f"{k}.mp4")
    writer.commit()
    finish(path, allow_missing=True)
    text = write_readme("o.zarr", open_dataset(path).attributes, gather_statistics(path), About())
    assert "0 samples" in text
    assert "- `3.mp4`: broken \\| bad" in text
    assert "and 7 more" in text
    assert "1 parts are missing" in text
    assert "filter(" not in text
    assert "not stated" in text
