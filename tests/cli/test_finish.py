"""`eventsim finish --allow-partial` closes what is there."""

from eventsim.cli.main import main
from eventsim.store.dataset import create_dataset
from eventsim.store.reader import open_dataset
from eventsim.store.writer import PartWriter


def test_finish(tmp_path, capsys):
    out = tmp_path / "o.zarr"
    create_dataset(out, {"version": "0", "seed": 1}, parts=2)
    writer = PartWriter(out, 1)
    writer.begin_recording(size=(4, 3), source="a.mp4", seed=1)
    writer.end_recording()
    writer.commit()
    assert main(["finish", str(out)]) == 2
    assert "1 are missing: 00000" in capsys.readouterr().err
    assert main(["finish", str(out), "--allow-partial"]) == 0
    assert "1 recording, 0 events" in capsys.readouterr().out
    assert len(open_dataset(out)) == 1
    assert main(["finish", str(tmp_path / "none.zarr")]) == 2
