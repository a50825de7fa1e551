from eventsim.cli.main import main
from eventsim.shipped import find
from eventsim.store.reader import open_dataset


def test_a_copy_is_equal_and_never_replaces_anything(tmp_path, capsys):
    assert main(["cp", "bigbuckbunny", str(tmp_path)]) == 0
    copy = tmp_path / "bigbuckbunny.toml"
    assert copy.read_bytes() == find("bigbuckbunny.toml").read_bytes()
    assert str(copy) in capsys.readouterr().out
    copy.write_text("mine")
    assert main(["cp", "bigbuckbunny", str(tmp_path)]) == 2
    assert copy.read_text() == "mine"
    assert "never replaced" in capsys.readouterr().err


def test_a_folder_that_is_not_there(tmp_path, capsys):
    assert main(["cp", "bigbuckbunny", str(tmp_path / "no")]) == 2
    assert "there is no folder" in capsys.readouterr().err


def test_a_sensor_to_edit(tmp_path, capsys, monkeypatch):
    """Copied, changed, shown, and converted with."""
    monkeypatch.chdir(tmp_path)
    assert main(["cp", "dvs128"]) == 0
    card = tmp_path / "dvs128.toml"
    card.write_text(card.read_text().replace("value = 0.027", "value = 0.5"))
    capsys.readouterr()
    assert main(["show", "./dvs128.toml"]) == 0
    assert "leak_rate_hz              0.5 Hz" in capsys.readouterr().out
    words = ["convert", str(find("bigbuckbunny.mp4")), "o.zarr", "--stop", "0.1", "-q"]
    assert main([*words, "--sensor", "./dvs128.toml"]) == 0
    dataset = open_dataset("o.zarr")
    assert dataset.attributes["sensor"] == "dvs128.toml"
    assert dataset.attributes["settings"]["leak_rate_hz"] == 0.5
    assert "--sensor ideal" in (tmp_path / "o.zarr" / "README.md").read_text()
