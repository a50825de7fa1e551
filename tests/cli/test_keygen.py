"""`eventsim keygen`, as it is typed."""

import stat

from eventsim.cli.main import main


def test_a_key_that_is_not_printed(tmp_path, capsys):
    path = tmp_path / "key"
    assert main(["keygen", str(path)]) == 0
    said = capsys.readouterr().out
    assert path.read_text().split("\n")[1] not in said
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert main(["keygen", str(path)]) == 2
    assert "never overwritten" in capsys.readouterr().err
    assert main(["keygen", str(tmp_path / "no" / "key")]) == 2
