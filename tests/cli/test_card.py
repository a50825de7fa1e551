"""`eventsim card`: what people say of a dataset is kept."""

import numpy as np

from eventsim.cli.card import has_card
from eventsim.cli.main import main
from eventsim.events import Events, Packet
from eventsim.store.dataset import create_dataset
from eventsim.store.finish import finish
from eventsim.store.verify import verify
from eventsim.store.writer import PartWriter


def test_card(tmp_path, capsys):
    out = tmp_path / "o.zarr"
    create_dataset(out, {"version": "0", "seed": 1}, parts=1)
    assert main(["card", str(out)]) == 2
    assert "is not finished" in capsys.readouterr().err
    writer = PartWriter(out, 0)
    writer.begin_recording(size=(4, 3), source="a.mp4", seed=1)
    events = Events.of([5, 6], [1, 2], [1, 1], [True, False], size=(4, 3))
    writer.write(Packet(events, np.array([0, 2_000_000]), np.array([0, 2])))
    writer.end_recording()
    writer.commit()
    finish(out)
    assert not has_card(out)
    assert main(["card", str(out), "--license", "CC0", "--title", "Two events"]) == 0
    assert has_card(out)
    assert main(["card", str(out), "--citation", "Me"]) == 0
    text = (out / "README.md").read_text()
    for words in ("# Two events", "CC0", "Me"):
        assert words in text
    assert verify(out).problems == ()
    finish(out)  # what was said stays, and the old card is gone
    assert not has_card(out)
