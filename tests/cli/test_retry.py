"""`eventsim retry` is tried in test_running; here: what it refuses."""

from eventsim.cli.main import main


def test_what_is_no_dataset(tmp_path, capsys):
    assert main(["retry", str(tmp_path / "none.zarr")]) == 2
    assert "there is no dataset" in capsys.readouterr().err
