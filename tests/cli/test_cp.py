from eventsim.cli.main import main
from eventsim.shipped import find


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
